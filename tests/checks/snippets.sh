#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# snippets.sh [root]
# Every ```cpp block of README.md and docs/ is a region of a compiled file, byte for byte.
#
#   in the document, on the line before the block (one empty line may lie between):
#       <!-- snippet: samples/hello_apartment.cpp greet -->
#   in the file, each marker alone on its line:
#       // [greet]
#       ...
#       // [/greet]
#
# Markers of other regions inside a region are left out of the comparison.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bad=0

# Writes block N to $scratch/N.block and prints: N, line, path, region ("-" where none is named).
blocks_of() {
  awk -v scratch="$scratch" '
    /^[ \t]*```cpp/ && !inside {
      inside = 1; ++count; file = scratch "/" count ".block"; printf "" > file
      split(marker, part, " ")
      print count, NR, (part[3] == "" ? "-" : part[3]), (part[4] == "" ? "-" : part[4])
      next
    }
    /^[ \t]*```/ && inside { inside = 0; marker = ""; close(file); next }
    inside { print > file; next }
    /^<!-- snippet: / { marker = $0; next }
    !/^[ \t]*$/ { marker = "" }
  ' "$1"
}

region_of() {  # <path> <region>
  awk -v from="// [$2]" -v to="// [/$2]" '
    { text = $0; sub(/^[ \t]+/, "", text); sub(/[ \t]+$/, "", text) }
    text == from { inside = 1; found = 1; next }
    text == to { inside = 0; next }
    text ~ /^\/\/ \[\/?[a-z0-9_]+\]$/ { next }
    inside { print }
    END { exit (found && !inside) ? 0 : 1 }
  ' "$1"
}

while IFS= read -r document; do
  while read -r number line path region; do
    where="$document:$line"
    if [ "$path" = "-" ] || [ "$region" = "-" ]; then
      echo "$where: a cpp block without <!-- snippet: path region --> before it"
      bad=1
    elif [[ ! "$path" =~ ^(samples|tests|core|marshal|apartments|interop)/.*\.(cpp|hpp|c|h)$ ]] ||
      [ ! -f "$path" ]; then
      echo "$where: $path is not a compiled file"
      bad=1
    elif ! region_of "$path" "$region" >"$scratch/region"; then
      echo "$where: $path has no region [$region]"
      bad=1
    elif ! diff -u --label "$path [$region]" --label "$where" "$scratch/region" \
      "$scratch/$number.block"; then
      bad=1
    fi
  done < <(blocks_of "$document")
done < <(find README.md docs -name '*.md' -type f 2>/dev/null | sort)
exit $bad
