#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sleeps.sh [root]
# No test waits for time to pass: hold a gate, turn a pump or push a clock instead.
# tests/bench measures time and is left out.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
hits=$(find tests -path tests/bench -prune -o -type f \
  \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' \) -print 2>/dev/null | sort |
  xargs -r grep -nHE '\b(sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep)\b|(^|[^_[:alnum:]])sleep[[:space:]]*\(')
[ -z "$hits" ] && exit 0
echo "sleeps in tests:"
echo "$hits"
exit 1
