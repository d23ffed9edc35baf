// SPDX-License-Identifier: MIT
//
// All codecs of value types that come with the library. Include this one: whether a type travels
// must not depend on which of the parts a source file has seen.
#pragma once

#include <insula/marshal/codec_aggregate.hpp>
#include <insula/marshal/codec_arithmetic.hpp>
#include <insula/marshal/codec_array.hpp>
#include <insula/marshal/codec_associative.hpp>
#include <insula/marshal/codec_bstr.hpp>
#include <insula/marshal/codec_chrono.hpp>
#include <insula/marshal/codec_container.hpp>
#include <insula/marshal/codec_fixed_string.hpp>
#include <insula/marshal/codec_interface.hpp>
#include <insula/marshal/codec_optional.hpp>
#include <insula/marshal/codec_pointer.hpp>
#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/codec_tuple.hpp>
#include <insula/marshal/codec_variant.hpp>
