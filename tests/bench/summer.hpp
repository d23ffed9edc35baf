// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/marshal/interface.hpp>

#include <cstdint>

namespace insula::bench {

struct ISummer : IUnknown {
  virtual HRESULT Sum(std::uint32_t count, const std::int32_t* values, std::int64_t* sum) = 0;
};
INSULA_INTERFACE(ISummer, IUnknown, "6e0b7a52-6a0c-4b54-9a5e-0f6d3b0c1a02",
                 (Sum, in("count"), in("values", size_is("count")), out("sum")));

/// What both the object and the baseline do with an array.
[[nodiscard]] std::int64_t sum_of(const std::int32_t* values, std::size_t count);

[[nodiscard]] com_ptr<ISummer> make_summer();

}  // namespace insula::bench
