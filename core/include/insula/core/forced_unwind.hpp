// SPDX-License-Identifier: MIT
//
// Threads that are ended from inside: pthread_exit and pthread_cancel unwind the stack with what is
// no C++ exception, and which must not be caught for good.
#pragma once

#include <exception>
#include <string>

namespace insula {

/// Ends the process with a sentence in the log that names the running code. For where a forced
/// unwind arrives and cannot go on: callers wait for that code, or the stack is not the thread's.
[[noreturn]] void end_forced_unwind() noexcept;

/// For use in `catch (...)`: the exception being handled. A forced unwind ends the process.
[[nodiscard]] inline std::exception_ptr caught_exception() noexcept {
  std::exception_ptr caught = std::current_exception();
  if (caught == nullptr) end_forced_unwind();
  return caught;
}

/// Installs the function that names the running code, in a few words. From: any thread, before use.
void set_running_code_source(std::string (*source)()) noexcept;

}  // namespace insula
