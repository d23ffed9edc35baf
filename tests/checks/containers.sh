#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# containers.sh [root]
# A container of oneTBB in a floor names std::allocator: tbb's own gives memory on where the thread
# sanitizer of a user's program does not see it, and the sanitizer reports races that are none.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
while IFS= read -r file; do
  # One declaration a line, whatever the line ends in it.
  hits=$(tr '\n' ' ' <"$file" | tr ';' '\n' | grep -E 'tbb::concurrent_[a-z_]+<' |
    grep -v 'std::allocator<')
  [ -z "$hits" ] && continue
  echo "$file: a container without std::allocator: $hits"
  bad=1
done < <(find core marshal apartments interop -type f \( -name '*.hpp' -o -name '*.cpp' \) \
  2>/dev/null | sort)
exit $bad
