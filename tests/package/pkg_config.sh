#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pkg_config.sh <compiler> <folder of insula.pc> <source> <folder to build in>
# Builds the consumer with what pkg-config says, plainly and with --static, and runs it. Warnings are
# errors, those that interfaces are prone to among them.
set -eu
compiler=$1 source=$3 out=$4
export PKG_CONFIG_PATH=$2
mkdir -p "$out"
for mode in '' --static; do
  # shellcheck disable=SC2046,SC2086  # the flags are words
  "$compiler" -std=c++20 -Wall -Wextra -Wnon-virtual-dtor -Wsuggest-override -Werror \
    "$source" $(pkg-config --cflags insula) $(pkg-config $mode --libs insula) \
    -Wl,-rpath,"$(pkg-config --variable=libdir insula)" -o "$out/consumer$mode"
  "$out/consumer$mode"
done
