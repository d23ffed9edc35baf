// SPDX-License-Identifier: MIT
#include "host_call.hpp"

#include "logical_thread.hpp"
#include "round_trip.hpp"

#include <memory>
#include <utility>

namespace insula {
namespace {

struct posted_to_host final : work_item {
  explicit posted_to_host(std::function<void()> posted) : body(std::move(posted)) {
    kind = work_class::system;
    run = [](work_item* item) noexcept {
      const std::unique_ptr<posted_to_host> mine(static_cast<posted_to_host*>(item));
      mine->body();
    };
    drop = [](work_item* item) noexcept { delete static_cast<posted_to_host*>(item); };
  }
  std::function<void()> body;
};

}  // namespace

void call_host(host_thread& host, function_ref<void()> work) {
  if (this_thread().host == &host) {
    work();
    return;
  }
  const auto push = [&](work_item* sent) { return host.port().push(sent); };
  (void)round_trip::travel_to_the_end({work_class::system, push, &host.port()}, work);
}

HRESULT ask_host(host_thread& host, function_ref<void()> work) {
  if (this_thread().host == &host) {
    work();
    return S_OK;
  }
  const auto push = [&](work_item* sent) { return host.port().push(sent); };
  const HRESULT code = round_trip::travel({work_class::system, push, &host.port()}, work,
                                       current_logical_thread().until);
  const bool ran = current_logical_thread().fate == call_fate::executed;
  return code == RPC_E_TIMEOUT && ran ? S_OK : code;
}

void post_to_host(host_thread& host, std::function<void()> work) {
  auto* const item = new posted_to_host(std::move(work));
  if (host.port().push(item) == inbox::push_result::closed) delete item;
}

}  // namespace insula
