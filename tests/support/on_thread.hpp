// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/settled.hpp>

#include <exception>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace insula::test {

/// Runs `body` on a new thread and gives what it returns, or throws what it threw, after that
/// thread has ended. Waits: as a call waits, so the caller's apartment may be called from there.
template <class F>
auto on_thread(F&& body) -> std::invoke_result_t<F&> {
  using result = std::invoke_result_t<F&>;
  settled done;
  std::exception_ptr thrown;
  std::optional<std::conditional_t<std::is_void_v<result>, bool, result>> returned;
  std::thread thread([&] {
    try {
      if constexpr (std::is_void_v<result>) body();
      else returned.emplace(body());
    } catch (...) {
      thrown = std::current_exception();
    }
    done.settle();
  });
  done.wait();
  thread.join();
  if (thrown) std::rethrow_exception(thrown);
  if constexpr (!std::is_void_v<result>) return std::move(*returned);
}

}  // namespace insula::test
