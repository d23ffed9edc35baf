// SPDX-License-Identifier: MIT
#pragma once

#include "host_thread.hpp"

#include <functional>

namespace insula {

/// Runs `work` on the thread of `host`, in none of its apartments, and waits as a call waits.
/// Without effect when the thread has ended.
void call_host(host_thread& host, function_ref<void()> work);

/// Runs `work` there later.
void post_to_host(host_thread& host, std::function<void()> work);

}  // namespace insula
