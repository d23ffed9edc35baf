// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/types.hpp>
#include <insula/marshal/interface_info.hpp>

namespace insula {

/// For use in `catch (...)` around the packing and unpacking of arguments: puts a sentence with
/// interface, method, parameter (index, or -1 for none) and the cause into the error info and
/// returns `code`, or E_OUTOFMEMORY when that was the cause. `what` completes "could not be ...".
HRESULT arguments_failed(HRESULT code, const interface_info& interface, const method_info& method,
                         int parameter, const char* what) noexcept;

/// A reference pointer is null: nothing was sent.
HRESULT null_reference_failed(const interface_info& interface, const method_info& method,
                              int parameter) noexcept;

/// The proxy has no channel.
HRESULT not_connected_failed(const interface_info& interface, const method_info& method) noexcept;

/// For use in `catch (...)` around a method that returns HRESULT: RPC_E_SERVERFAULT.
HRESULT method_threw(const interface_info& interface, const method_info& method) noexcept;

/// For use in `catch (...)` around a stub's Invoke, which should have told by its HRESULT:
/// RPC_E_SERVERFAULT, or E_OUTOFMEMORY.
HRESULT stub_threw(REFIID iid) noexcept;

}  // namespace insula
