#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# format.sh [root] [--fix]
# The code is as clang-format 14 and .clang-format write it; --fix rewrites what differs.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
mode=(--dry-run --Werror)
[ "${2:-}" = "--fix" ] && mode=(-i)
find core marshal apartments interop tests samples -type f \
  \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' \) -print0 |
  xargs -0 -r clang-format "${mode[@]}"
