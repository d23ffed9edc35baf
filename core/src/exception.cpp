// SPDX-License-Identifier: MIT
#include "insula/core/exception.hpp"

#include "insula/core/exception_info.hpp"
#include "insula/core/forced_unwind.hpp"

#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <system_error>

namespace insula {
namespace {

std::string sentence(HRESULT code, std::string_view description) {
  std::string text = description.empty() ? hresult_text(code) : std::string(description);
  return text + " (" + hresult_name(code) + ")";
}

// Error objects may be foreign ones: what they throw must not take the place of the error that they
// belong to.

std::exception_ptr exception_in(IErrorInfo* info) noexcept {
  std::exception_ptr exception;
  try {
    com_ptr<IExceptionInfo> extra;
    if (info != nullptr && SUCCEEDED(query_interface(info, &extra)))
      (void)extra->GetException(&exception);
  } catch (...) {
  }
  return exception;
}

bool explains(IErrorInfo* info, HRESULT code) noexcept {
  try {
    com_ptr<IExceptionInfo> extra;
    HRESULT said = S_OK;
    const bool knows = SUCCEEDED(query_interface(info, &extra)) && extra->GetCode(&said) == S_OK;
    return !knows || said == code;
  } catch (...) {
    return true;
  }
}

/// Adds the exception being handled to the standard error object in the slot.
void keep_exception(HRESULT code) noexcept {
  com_ptr<IErrorInfo> info;
  if (GetErrorInfo(0, info.put()) != S_OK) return;
  const std::exception_ptr thrown = std::current_exception();
  try {
    if (const auto extra = info.try_as<IExceptionInfo>()) {
      (void)extra->SetCode(code);
      (void)extra->SetException(thrown);
    }
  } catch (...) {
    // Another one's error object, which explains without the exception.
  }
  SetErrorInfo(0, info.get());
}

HRESULT note(HRESULT code, const char* text) noexcept {
  set_error(code, text);
  keep_exception(code);
  return code;
}

/// A copy of the info, since the original must not hold the exception that holds it.
HRESULT note(const com_error& error) noexcept {
  // An exception is a failure even when it was given a code of success: a caller that saw the code
  // would take results that nobody wrote.
  const HRESULT code = FAILED(error.code()) ? error.code() : E_UNEXPECTED;
  if (!error.info()) return note(code, error.what());
  try {
    SetErrorInfo(0, copy_error_info(error.info().get()).get());
    keep_exception(code);
  } catch (...) {
    SetErrorInfo(0, error.info().get());
  }
  return code;
}

HRESULT note(const std::system_error& error) noexcept {
  const std::error_condition condition = error.code().default_error_condition();
  const HRESULT code = condition.category() == std::generic_category()
                           ? system_error_hresult(condition.value())
                           : E_FAIL;
  // An exception is a failure even when it was given error number 0.
  return note(FAILED(code) ? code : E_FAIL, error.what());
}

}  // namespace

com_error::com_error(HRESULT code, com_ptr<IErrorInfo> info)
    : com_error(code, error_description(info.get()), info) {}

com_error::com_error(HRESULT code, std::string_view description, com_ptr<IErrorInfo> info)
    : std::runtime_error(sentence(code, description)), code_(code), info_(std::move(info)) {}

void throw_hresult(HRESULT code, com_ptr<IErrorInfo> info) {
  if (const std::exception_ptr exception = exception_in(info.get()))
    std::rethrow_exception(exception);
  throw com_error(code, std::move(info));
}

void throw_last_error(HRESULT code) {
  com_ptr<IErrorInfo> info;
  if (GetErrorInfo(0, info.put()) == S_OK && !explains(info.get(), code)) info.reset();
  throw_hresult(code, std::move(info));
}

HRESULT hresult_from_exception() noexcept {
  try {
    throw;
  } catch (const com_error& error) {
    return note(error);
  } catch (const std::bad_alloc& error) {
    return note(E_OUTOFMEMORY, error.what());
  } catch (const std::invalid_argument& error) {
    return note(E_INVALIDARG, error.what());
  } catch (const std::out_of_range& error) {
    return note(E_BOUNDS, error.what());
  } catch (const std::system_error& error) {
    return note(error);
  } catch (const std::exception& error) {
    return note(E_FAIL, error.what());
  } catch (...) {
    (void)caught_exception();
    return note(E_FAIL, "an exception that is not a std::exception was thrown");
  }
}

HRESULT system_error_hresult(int posix_error) noexcept {
  switch (posix_error) {
    case 0:
      return S_OK;
    case ENOENT:
      return E_FILE_NOT_FOUND;
    case ENOTDIR:
      return E_PATH_NOT_FOUND;
    case EMFILE:
    case ENFILE:
      return E_TOO_MANY_OPEN_FILES;
    case EACCES:
    case EPERM:
      return E_ACCESSDENIED;
    case EBADF:
      return E_HANDLE;
    case ENOMEM:
      return E_OUTOFMEMORY;
    case EINVAL:
      return E_INVALIDARG;
    case ENOSPC:
      return E_DISK_FULL;
    case ENOTSUP:
    case ENOSYS:
      return E_NOT_SUPPORTED;
    case EBUSY:
      return E_BUSY;
    case EEXIST:
      return E_ALREADY_EXISTS;
    case ECANCELED:
      return E_CANCELLED;
    case ETIMEDOUT:
      return E_TIMEOUT;
    default:
      return E_FAIL;
  }
}

namespace detail {

void throw_query_failed(HRESULT code, REFIID iid) {
  com_ptr<IErrorInfo> info;
  if (GetErrorInfo(0, info.put()) == S_OK && explains(info.get(), code))
    throw_hresult(code, std::move(info));
  throw com_error(
      code, "the object was asked for interface " + to_string(iid) + ": " + hresult_text(code));
}

}  // namespace detail
}  // namespace insula
