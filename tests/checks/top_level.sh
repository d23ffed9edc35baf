#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# top_level.sh [root]
# The top folder holds the floors, tests, samples, docs and a handful of files; nothing else.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
for entry in *; do
  case "$entry" in
    CMakeLists.txt | CMakePresets.json | CMakeUserPresets.json | LICENSE | README.md) ;;
    core | marshal | apartments | interop | tests | samples | docs | build) ;;
    *) echo "not allowed at the top: $entry"; bad=1 ;;
  esac
done
exit $bad
