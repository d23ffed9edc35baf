#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each check accepts a clean tree and refuses one seeded fault.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
licence='// SPDX-License-Identifier: MIT'

clean_tree() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree" && cd "$scratch/tree" || exit 2
  mkdir -p core/include/insula/core core/src marshal/include/insula/marshal samples tests/core \
    tests/conformance docs/decisions
  printf '%s\n#include <memory>\n' "$licence" >core/include/insula/core/a.hpp
  printf '%s\n#include "insula/core/a.hpp"\n#include <boost/pfr.hpp>\n// docs/decisions/1-pfr.md\n' \
    "$licence" >marshal/include/insula/marshal/b.hpp
  echo record >docs/decisions/1-pfr.md
  printf '%s\n// [greet]\nint a();\n// [/greet]\n' "$licence" >samples/s.cpp
  printf 'A First\nA01 A claim\nA02 Another | waits: a reason\n' >tests/conformance/rows.txt
  printf '%s\nTEST(Suite,\n     A01_IsTrue) {}\n' "$licence" >tests/conformance/a_test.cpp
  bash "$here/conformance.sh" --write .
  printf '<!-- snippet: samples/s.cpp greet -->\n```cpp\nint a();\n```\n' >README.md
}
accepts() {  # <check>
  clean_tree
  bash "$here/$1" "$scratch/tree" >"$scratch/said" 2>&1 && return
  echo "$1 refuses a clean tree:"; cat "$scratch/said"; failures=$((failures + 1))
}
refuses() {  # <check> <what> <command that seeds the fault>
  clean_tree
  eval "$3"
  bash "$here/$1" "$scratch/tree" >"$scratch/said" 2>&1 || return
  echo "$1 accepts $2"; failures=$((failures + 1))
}

for check in includes lengths sleeps top_level files snippets conformance containers; do accepts $check.sh; done

refuses includes.sh 'an upward include' \
  'echo "#include \"insula/marshal/b.hpp\"" >>core/include/insula/core/a.hpp'
refuses includes.sh 'a third-party header in a public header' \
  'echo "#include <tbb/task_arena.h>" >>core/include/insula/core/a.hpp'
refuses includes.sh 'a private header in a public header' \
  'echo "#include \"table.hpp\"" >>core/include/insula/core/a.hpp'
refuses includes.sh 'pfr without its record' 'rm docs/decisions/1-pfr.md'
refuses includes.sh 'a private header in a conformance test' \
  'echo "#include \"../../core/src/x.hpp\"" >tests/conformance/t.cpp'
refuses containers.sh 'a container with the allocator of tbb' \
  'printf "tbb::concurrent_hash_map<int,\n  int> m;\n" >>core/src/m.cpp'
refuses lengths.sh 'a header of 401 lines' 'yes // | head -401 >core/include/insula/core/long.hpp'
refuses lengths.sh 'a line of 101 columns' 'printf "%0101d\n" 0 >>core/include/insula/core/a.hpp'
refuses sleeps.sh 'a sleep in a test' 'echo "std::this_thread::sleep_""for(1ms);" >tests/core/t.cpp'
refuses top_level.sh 'a stray folder' 'mkdir tools'
refuses files.sh 'a file without licence' 'echo "int a;" >core/src/a.cpp'
refuses files.sh 'a file named utils' 'echo "$licence" >core/src/utils.cpp'
refuses files.sh 'work left for later' 'echo "$licence TO""DO" >core/src/a.cpp'
refuses snippets.sh 'a block without a marker' 'printf "\`\`\`cpp\nint b();\n\`\`\`\n" >docs/d.md'
refuses snippets.sh 'a block that differs' 'sed -i "s/int a/int  a/" README.md'
refuses snippets.sh 'a region that is not there' 'sed -i "s/greet/wave/" README.md'
refuses conformance.sh 'a document that differs' 'echo more >>docs/conformance.md'
refuses conformance.sh 'a row without a test' 'echo "A03 Nothing shows it" >>tests/conformance/rows.txt'
refuses conformance.sh 'a row that waits and has a test' \
  'echo "TEST(Suite, A02_IsTrueToo) {}" >>tests/conformance/a_test.cpp'
refuses conformance.sh 'a test of a row that is not listed' \
  'echo "TEST(Suite, A09_IsTrueToo) {}" >>tests/conformance/a_test.cpp'

[ "$failures" -eq 0 ] && echo "the checks accept and refuse what they should"
exit "$failures"
