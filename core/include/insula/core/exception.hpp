// SPDX-License-Identifier: MIT
//
// Between HRESULT and C++ exceptions.
//   com_error               a failed HRESULT as an exception
//   throw_if_failed         after a call
//   abi_guard               around the body of a method
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/hresult.hpp>

#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace insula {

/// what() is the description, or the code's own sentence, followed by the code's name in brackets.
class com_error : public std::runtime_error {
 public:
  /// With the description of `info`, if that has one.
  explicit com_error(HRESULT code, com_ptr<IErrorInfo> info = nullptr);
  com_error(HRESULT code, std::string_view description, com_ptr<IErrorInfo> info = nullptr);

  [[nodiscard]] HRESULT code() const noexcept { return code_; }
  /// May be null.
  [[nodiscard]] const com_ptr<IErrorInfo>& info() const noexcept { return info_; }

 private:
  HRESULT code_;              // fixed
  com_ptr<IErrorInfo> info_;  // fixed
};

/// Throws the exception that `info` was made from, if it holds one, else com_error.
[[noreturn]] void throw_hresult(HRESULT code, com_ptr<IErrorInfo> info = nullptr);

/// The same with the error info of the calling logical thread, which is taken out of its slot.
/// Info that says that it explains another code is stale and dropped.
[[noreturn]] void throw_last_error(HRESULT code);

/// Throws when `code` is a failure; else gives `code` back, so that S_FALSE can be told apart.
inline HRESULT throw_if_failed(HRESULT code) {
  if (FAILED(code)) [[unlikely]]
    throw_last_error(code);
  return code;
}

/// For use in `catch (...)`: the HRESULT of the exception being handled. The exception and its text
/// go into the calling logical thread's error info.
///
///     com_error                                   its code; E_UNEXPECTED for a code of success
///     std::bad_alloc                              E_OUTOFMEMORY
///     std::invalid_argument                       E_INVALIDARG
///     std::out_of_range                           E_BOUNDS
///     std::system_error (filesystem_error too)    by errno: see system_error_hresult
///     anything else                               E_FAIL
HRESULT hresult_from_exception() noexcept;

/// The HRESULT of an errno value: ENOENT, EACCES, EPERM, ENOMEM, EINVAL, EEXIST, ENOSPC, EBUSY,
/// EBADF, EMFILE, ENFILE, ENOTDIR, ETIMEDOUT, ECANCELED, ENOTSUP and ENOSYS have their Windows
/// counterparts; the others are E_FAIL, and 0 is S_OK.
HRESULT system_error_hresult(int posix_error) noexcept;

/// Runs the body of a method at the ABI's edge: no exception leaves. `body` returns an HRESULT, or
/// nothing for S_OK.
///
///     HRESULT Push(LONG value) override { return abi_guard([&] { values_.push_back(value); }); }
template <class F>
HRESULT abi_guard(F&& body) noexcept {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      std::forward<F>(body)();
      return S_OK;
    } else {
      return std::forward<F>(body)();
    }
  } catch (...) {
    return hresult_from_exception();
  }
}

}  // namespace insula
