// SPDX-License-Identifier: MIT
#include <insula/marshal/stub_endpoint.hpp>

namespace insula {

stub_endpoint::stub_endpoint(object_exporter& home, REFIID iid, const ipid& id)
    : home_(&home), iid_(iid), id_(id) {}

stub_endpoint::~stub_endpoint() = default;

ULONG stub_endpoint::Release() noexcept {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

}  // namespace insula
