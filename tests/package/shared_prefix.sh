#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# shared_prefix.sh <sources> <folder> <cmake> [its arguments...]
# Leaves <folder>/prefix, an installed tree of shared libraries that was made elsewhere, and fails
# when a library of it does not find another.
set -eu
sources=$1 folder=$2
shift 2
cmake=$1
rm -rf "$folder"
mkdir -p "$folder"
# The flags are those of the consumer that builds the sources, so that a compiler cache has all of it.
"$@" -S "$sources" -B "$folder/build" -DBUILD_SHARED_LIBS=ON -DCMAKE_BUILD_TYPE=None \
  -DINSULA_TESTS=OFF -DINSULA_SAMPLES=OFF -DINSULA_BENCHMARKS=OFF
"$cmake" --build "$folder/build"
"$cmake" --install "$folder/build" --prefix "$folder/staged"
mv "$folder/staged" "$folder/prefix"
rm -rf "$folder/build"
for library in "$folder"/prefix/lib*/libinsula_*.so "$folder"/prefix/lib*/*/libinsula_*.so; do
  [ -e "$library" ] || continue
  found=$(ldd "$library")
  if grep 'not found' <<<"$found"; then
    echo "$library does not find what it needs"
    exit 1
  fi
  any=$library
done
echo "${any:?no library was installed}: each finds the others"
