// SPDX-License-Identifier: MIT
#pragma once

#include "host_thread.hpp"

#include <functional>

namespace insula {

/// Runs `work` on the thread of `host`, in none of its apartments, and waits as a call waits,
/// whatever deadline is in force. Without effect when the thread has ended.
void call_host(host_thread& host, function_ref<void()> work);

/// The same by the deadline in force. Work that has begun by then is waited for, and has succeeded.
/// Fails: RPC_E_TIMEOUT or RPC_E_CALL_CANCELED: it never runs; E_OUTOFMEMORY; RPC_E_DISCONNECTED.
HRESULT ask_host(host_thread& host, function_ref<void()> work);

/// Runs `work` there later.
void post_to_host(host_thread& host, std::function<void()> work);

}  // namespace insula
