// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>

#include <exception>

namespace insula {

/// What the standard error object knows beyond IErrorInfo, for use inside one process: the result
/// code that it explains, and the C++ exception that it was made from. Never marshaled.
/// From: any thread.
struct IExceptionInfo : IUnknown {
  /// S_FALSE with S_OK in `*code` when nobody said.
  virtual HRESULT GetCode(HRESULT* code) = 0;
  virtual HRESULT SetCode(HRESULT code) = 0;
  /// S_FALSE with a null `*exception` when there is none.
  virtual HRESULT GetException(std::exception_ptr* exception) = 0;
  virtual HRESULT SetException(const std::exception_ptr& exception) = 0;
};

INSULA_IID(IExceptionInfo, IUnknown, "274f8b35-3f60-4e37-a2ea-7191a4de9a2a")

}  // namespace insula
