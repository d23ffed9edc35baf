// SPDX-License-Identifier: MIT
#include "summer.hpp"

#include <insula/core/implements.hpp>

#include <numeric>

namespace insula::bench {
namespace {

class summer : public implements<summer, ISummer> {
 public:
  HRESULT Sum(std::uint32_t count, const std::int32_t* values, std::int64_t* sum) override {
    *sum = sum_of(values, count);
    return S_OK;
  }
};

}  // namespace

std::int64_t sum_of(const std::int32_t* values, std::size_t count) {
  return std::accumulate(values, values + count, std::int64_t{0});
}

com_ptr<ISummer> make_summer() { return make<summer>(); }

}  // namespace insula::bench
