#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# includes.sh [root]
# - A floor includes only floors below it: core < marshal < apartments < interop.
# - A public header includes no third-party header and no private one.
#   One exception: <boost/pfr...> in marshal, in a file that names its record docs/decisions/*.md.
# - tests/conformance and samples include public headers only.
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
third_party='boost|tbb|oneapi|spdlog|fmt|gtest|gmock|benchmark|sqlite3|pugixml|CLI'
bad=0
complain() { echo "$1"; bad=1; }

code_in() { find "$@" -type f \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' -o -name '*.c' \) \
  2>/dev/null | sort; }

check_upward() {  # <floor> <floors above, as a|b>
  local hits
  hits=$(code_in "$1" | xargs -r grep -nHE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]insula/($2)/")
  [ -z "$hits" ] || complain "upward include from $1:
$hits"
}
check_upward core 'marshal|apartments|interop'
check_upward marshal 'apartments|interop'
check_upward apartments 'interop'

check_public_header() {  # <file>
  local line target
  while IFS= read -r line; do
    [[ $line =~ [\<\"]([^\>\"]+)[\>\"] ]] || continue
    target=${BASH_REMATCH[1]}
    case "$target" in
      boost/pfr | boost/pfr.hpp | boost/pfr/*)
        [[ "$1" == marshal/* ]] || { complain "$1: $target outside marshal"; continue; }
        check_record "$1" "$target"
        ;;
      insula/*) ;;
      *)
        if [[ $target =~ ^($third_party)([./]|$) ]]; then
          complain "$1: third-party header in a public header: $target"
        elif [[ "$line" == *\"* ]]; then
          complain "$1: private header in a public header: $target"
        fi
        ;;
    esac
  done < <(grep -E '^[[:space:]]*#[[:space:]]*include' "$1")
}
check_record() {  # <file> <target>
  local record
  record=$(grep -oE 'docs/decisions/[A-Za-z0-9_.-]+\.md' "$1" | head -n 1)
  if [ -z "$record" ]; then
    complain "$1: includes $2 without naming its record docs/decisions/*.md"
  elif [ ! -f "$record" ]; then
    complain "$1: names $record, which is not there"
  fi
}
for floor in core marshal apartments interop; do
  while IFS= read -r header; do check_public_header "$header"; done < <(code_in "$floor/include")
done

hits=$(code_in tests/conformance samples |
  xargs -r grep -nHE '#[[:space:]]*include[[:space:]]*[<"].*(\.\./|src/)')
[ -z "$hits" ] || complain "private header where only public ones belong:
$hits"
exit $bad
