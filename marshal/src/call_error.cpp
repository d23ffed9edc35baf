// SPDX-License-Identifier: MIT
#include "call_error.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception_info.hpp>
#include <insula/core/forced_unwind.hpp>
#include <insula/core/hresult.hpp>
#include <insula/marshal/ndr_error.hpp>

#include <exception>
#include <new>
#include <string>

namespace insula {

namespace {

std::string full_name(const interface_info& interface, const method_info& method) {
  return std::string(interface.name) + "::" + method.name;
}

std::string parameter_name(const method_info& method, int index) {
  std::string text = "parameter " + std::to_string(index + 1);
  const char* name = method.parameters[static_cast<std::size_t>(index)].name;
  if (*name != '\0') text += std::string(" (") + name + ")";
  return text;
}

// The explanation that whoever failed with `code` left behind, if any.
std::string explanation_of(HRESULT code) {
  com_ptr<IErrorInfo> info;
  if (GetErrorInfo(0, info.put()) != S_OK) return {};
  const auto detail = info.try_as<IExceptionInfo>();
  HRESULT explained = S_OK;
  if (!detail || detail->GetCode(&explained) != S_OK || explained != code) return {};
  return error_description(info.get());
}

// In a catch block: what the exception says.
std::string cause() {
  try {
    throw;
  } catch (const ndr_error& error) {
    std::string text = std::string(error.what()) + " (" + hresult_name(error.code()) + ")";
    if (const std::string why = explanation_of(error.code()); !why.empty()) text += ": " + why;
    return text;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    (void)caught_exception();
    return "an exception that is no std::exception";
  }
}

bool out_of_memory() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const ndr_error& error) {
    return error.code() == E_OUTOFMEMORY;
  } catch (...) {
    (void)caught_exception();
    return false;
  }
}

// Composing the sentence may itself find no memory.
template <class Compose>
HRESULT explain(HRESULT code, const interface_info& interface, Compose compose) noexcept {
  try {
    return set_error(code, compose(), interface.iid);
  } catch (...) {
    return set_error(code, "", interface.iid);
  }
}

}  // namespace

HRESULT arguments_failed(HRESULT code, const interface_info& interface, const method_info& method,
                         int parameter, const char* what) noexcept {
  if (out_of_memory()) code = E_OUTOFMEMORY;
  return explain(code, interface, [&] {
    const std::string about = parameter >= 0 ? parameter_name(method, parameter)
                                             : std::string("the message");
    return full_name(interface, method) + ": " + about + " could not be " + what + ": " + cause();
  });
}

HRESULT null_reference_failed(const interface_info& interface, const method_info& method,
                              int parameter) noexcept {
  return explain(HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER), interface, [&] {
    return full_name(interface, method) + ": " + parameter_name(method, parameter) +
           " is a null pointer, which its description does not allow; nothing was sent. Pass a "
           "pointer, or describe the parameter as unique";
  });
}

HRESULT not_connected_failed(const interface_info& interface, const method_info& method) noexcept {
  return explain(CO_E_OBJNOTCONNECTED, interface, [&] {
    return full_name(interface, method) +
           ": the proxy is not connected to its object any more; ask for a new pointer";
  });
}

HRESULT stub_threw(REFIID iid) noexcept {
  const HRESULT code = out_of_memory() ? E_OUTOFMEMORY : RPC_E_SERVERFAULT;
  try {
    return set_error(code,
                     "an exception left the interface stub of " + interface_name(iid) + ": " +
                         cause(),
                     iid);
  } catch (...) {
    return set_error(code, "", iid);
  }
}

HRESULT method_threw(const interface_info& interface, const method_info& method) noexcept {
  return explain(RPC_E_SERVERFAULT, interface, [&] {
    return full_name(interface, method) +
           " returns HRESULT, but an exception left it in the callee: " + cause();
  });
}

}  // namespace insula
