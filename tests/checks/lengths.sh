#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# lengths.sh [root] [--wrap]
# Public headers up to 400 lines, sources of the floors up to 500, any other text file up to 600;
# a longer one says why in a line with `Length: <reason>`. Code is at most 100 columns wide;
# --wrap lets clang-format rewrite the wider lines, and those alone.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
while read -r lines file; do
  case "$file" in
    ./core/include/* | ./marshal/include/* | ./apartments/include/* | ./interop/include/*) limit=400 ;;
    ./core/* | ./marshal/* | ./apartments/* | ./interop/*) limit=500 ;;
    *) limit=600 ;;
  esac
  if [ "$lines" -gt "$limit" ] && ! grep -qE 'Length: .*[a-z]' "$file"; then
    echo "$file: $lines lines, the limit is $limit, and no line says \`Length: <reason>\`"
    bad=1
  fi
done < <(find . \( -path ./build -o -path ./.git -o -path ./tests/fuzz/corpus \
  -o -path ./samples/expected -o -name .cache \) -prune -o -type f -exec wc -l {} + | grep -v ' total$' | sort -k 2)

wide=$(find core marshal apartments interop tests samples -type f \
  \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' \) 2>/dev/null | sort |
  LC_ALL=C.UTF-8 xargs -r grep -nHE '^.{101,}')
if [ -n "$wide" ] && [ "${2:-}" = "--wrap" ]; then
  # From the last line of a file to the first, because wrapping moves what follows.
  awk -F: '{ print $1, $2 }' <<<"$wide" | sort -k1,1 -k2,2nr |
    while read -r file line; do clang-format -i "--lines=$line:$line" "$file"; done
elif [ -n "$wide" ]; then
  echo "wider than 100 columns:"
  echo "$wide"
  bad=1
fi
exit $bad
