#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# conformance.sh [--write] [root]
# docs/conformance.md lists each row of tests/conformance/rows.txt with the tests that carry its id;
# --write makes the document new. Refused: a document that differs; a row without a test that does
# not say what it waits for; a row that waits and has a test; a test of one of the listed groups
# whose row is not listed.
set -u
write=0
if [ "${1:-}" = --write ]; then write=1; shift; fi
cd "${1:-$(dirname "$0")/../..}" || exit 2
rows=tests/conformance/rows.txt
document=docs/conformance.md
[ -f "$rows" ] || exit 0

# `<row> <suite>.<test>`, also where the macro's arguments stand on two lines.
tests_by_row() {
  find tests/conformance -name '*.cpp' -type f -print | sort | xargs -r cat | tr '\n' ' ' |
    grep -oE 'TEST(_F|_P)?\([A-Za-z0-9_]+, +[A-Z][0-9]{2}_[A-Za-z0-9_]+\)' |
    sed -E 's/^TEST(_F|_P)?\(([A-Za-z0-9_]+), +(([A-Z][0-9]{2})_[A-Za-z0-9_]+)\)$/\4 \2.\3/'
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tests_by_row >"$scratch/tests"

awk -v document="$scratch/document" '
  function complain(text) { print text; bad = 1 }
  FNR == NR { tests[$1] = tests[$1] (tests[$1] == "" ? "" : "<br>") "`" $2 "`"; next }
  /^#/ || /^$/ { next }
  /^[A-Z] / {
    groups[substr($0, 1, 1)] = 1
    body = body "\n## " substr($0, 1, 1) ". " substr($0, 3) "\n\n| row | claim | tests |\n|---|---|---|\n"
    next
  }
  {
    id = $1
    listed[id] = 1
    claim = substr($0, length(id) + 2)
    waits = ""
    if ((at = index(claim, " | waits: ")) != 0) {
      waits = substr(claim, at + 3)
      claim = substr(claim, 1, at - 1)
    }
    if (waits != "" && tests[id] != "") complain(id " waits, and has tests")
    if (waits == "" && tests[id] == "") complain(id " has no test, and does not say what it waits for")
    if (waits == "") ++covered; else ++waiting
    body = body "| " id " | " claim " | " (waits == "" ? tests[id] : waits) " |\n"
  }
  END {
    for (id in tests)
      if (substr(id, 1, 1) in groups && !(id in listed)) complain(id " has tests, and is not listed")
    printf "# Conformance\n\nRows of COM behaviour and the tests in `tests/conformance` that keep them: %d covered, %d waiting.\nMade by `tests/checks/conformance.sh --write` from `tests/conformance/rows.txt` and the names of the\ntests.\n%s", covered, waiting, body > document
    exit bad
  }
' "$scratch/tests" "$rows" || exit 1

if [ "$write" -eq 1 ]; then
  cp "$scratch/document" "$document"
elif ! diff -u "$document" "$scratch/document"; then
  echo "$document is not what the tests say: tests/checks/conformance.sh --write makes it new"
  exit 1
fi
