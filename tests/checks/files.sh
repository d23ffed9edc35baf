#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# files.sh [root]
# - Code, build files and scripts name their licence in the first line (second after `#!`).
# - A file is named by its idea: no utils, common, helpers, misc.
# - Nothing is left for later in a remark.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
own_files() {
  find . \( -path ./build -o -path ./.git -o -name corpus -o -name expected -o -name .cache \) \
    -prune -o -type f "$@" -print | sort
}
nameless=$(own_files \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' \
  -o -name '*.cmake' -o -name CMakeLists.txt -o -name '*.sh' -o -name run \) | xargs -r awk '
    FNR == 1 { if (file != "" && !named) print file; file = FILENAME; named = 0 }
    FNR <= 2 && /SPDX-License-Identifier: MIT/ { named = 1 }
    END { if (file != "" && !named) print file }')
if [ -n "$nameless" ]; then
  echo "no licence line:"
  echo "$nameless"
  bad=1
fi

vague=$(own_files | grep -E '/(utils?|common|helpers?|misc)(\.[a-z]+)?(/|$)')
if [ -n "$vague" ]; then
  echo "names that say nothing:"
  echo "$vague"
  bad=1
fi

later=$(own_files \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' -o -name '*.cmake' \
  -o -name CMakeLists.txt \) | xargs -r grep -nHwE 'TO''DO|FIX''ME|XX''X')
if [ -n "$later" ]; then
  echo "left for later:"
  echo "$later"
  bad=1
fi
exit $bad
