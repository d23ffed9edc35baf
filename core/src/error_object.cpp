// SPDX-License-Identifier: MIT
//
// The standard error object.
#include "insula/core/error_info.hpp"
#include "insula/core/exception.hpp"
#include "insula/core/exception_info.hpp"
#include "insula/core/implements.hpp"
#include "insula/core/thread_safety.hpp"
#include "insula/core/utf.hpp"

#include <exception>
#include <optional>
#include <string>

namespace insula {
namespace {

using text = std::optional<std::u16string>;

text text_of(const OLECHAR* characters) {
  return characters == nullptr ? text() : text(characters);
}

HRESULT copy_text(const text& value, BSTR* out) {
  *out = nullptr;
  if (!value) return S_OK;
  *out = SysAllocStringLen(value->data(), static_cast<ULONG>(value->size()));
  return *out == nullptr ? E_OUTOFMEMORY : S_OK;
}

struct error_fields {
  GUID guid{};
  text source;
  text description;
  text help_file;
  DWORD help_context = 0;
  std::optional<HRESULT> code;
  std::exception_ptr exception;
};

class error_object final
    : public implements<error_object, IErrorInfo, ICreateErrorInfo, IExceptionInfo> {
 public:
  static constexpr bool checks_home = false;

  explicit error_object(error_fields fields = {}) : fields_(std::move(fields)) {}

  HRESULT GetGUID(GUID* out) override { return get(&error_fields::guid, out); }
  HRESULT GetHelpContext(DWORD* out) override { return get(&error_fields::help_context, out); }
  HRESULT GetSource(BSTR* out) override { return get_text(&error_fields::source, out); }
  HRESULT GetDescription(BSTR* out) override { return get_text(&error_fields::description, out); }
  HRESULT GetHelpFile(BSTR* out) override { return get_text(&error_fields::help_file, out); }

  HRESULT SetGUID(REFGUID guid) override { return set(&error_fields::guid, guid); }
  HRESULT SetHelpContext(DWORD value) override { return set(&error_fields::help_context, value); }
  HRESULT SetSource(LPOLESTR value) override { return set_text(&error_fields::source, value); }
  HRESULT SetDescription(LPOLESTR value) override {
    return set_text(&error_fields::description, value);
  }
  HRESULT SetHelpFile(LPOLESTR value) override { return set_text(&error_fields::help_file, value); }

  HRESULT GetCode(HRESULT* out) override {
    if (out == nullptr) return E_POINTER;
    const mutex_lock lock(guard_);
    *out = fields_.code.value_or(S_OK);
    return fields_.code ? S_OK : S_FALSE;
  }
  HRESULT SetCode(HRESULT code) override { return set(&error_fields::code, std::optional(code)); }

  HRESULT GetException(std::exception_ptr* out) override {
    if (out == nullptr) return E_POINTER;
    const mutex_lock lock(guard_);
    *out = fields_.exception;
    return fields_.exception ? S_OK : S_FALSE;
  }
  HRESULT SetException(const std::exception_ptr& exception) override {
    return set(&error_fields::exception, exception);
  }

 private:
  template <class V>
  HRESULT get(V error_fields::*field, V* out) {
    if (out == nullptr) return E_POINTER;
    const mutex_lock lock(guard_);
    *out = fields_.*field;
    return S_OK;
  }
  HRESULT get_text(text error_fields::*field, BSTR* out) {
    if (out == nullptr) return E_POINTER;
    const mutex_lock lock(guard_);
    return copy_text(fields_.*field, out);
  }
  /// The former value dies outside the lock: an exception's destructor is anybody's code.
  template <class V>
  HRESULT set(V error_fields::*field, V value) {
    const mutex_lock lock(guard_);
    std::swap(fields_.*field, value);
    return S_OK;
  }
  HRESULT set_text(text error_fields::*field, const OLECHAR* value) {
    return abi_guard([&] { return set(field, text_of(value)); });
  }

  mutex guard_;
  error_fields fields_ INSULA_GUARDED_BY(guard_);
};

}  // namespace

HRESULT CreateErrorInfo(ICreateErrorInfo** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  try {
    *out = make<error_object>().detach();
    return S_OK;
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  }
}

HRESULT set_error(HRESULT code, std::string_view description, REFIID iid) noexcept {
  try {
    error_fields fields;
    fields.guid = iid;
    fields.source = u"insula";
    fields.description = to_utf16(description);
    fields.code = code;
    SetErrorInfo(0, make<error_object>(std::move(fields)).get());
  } catch (const std::bad_alloc&) {
    SetErrorInfo(0, nullptr);
  }
  return code;
}

namespace {

/// True when `question` was answered. A foreign error object may do anything; what cannot be read
/// of it is unset, so that the error that it explains is not lost to another one.
template <class F>
bool answered(F&& question) noexcept {
  try {
    return SUCCEEDED(question());
  } catch (...) {
    return false;
  }
}

}  // namespace

std::string error_description(IErrorInfo* info) {
  bstr description;
  if (info == nullptr || !answered([&] { return info->GetDescription(description.put()); }))
    return {};
  return description.str();
}

com_ptr<IErrorInfo> copy_error_info(IErrorInfo* info) {
  if (info == nullptr) return nullptr;
  error_fields fields;
  const auto read = [info](HRESULT (IErrorInfo::*get)(BSTR*)) {
    bstr value;
    if (!answered([&] { return (info->*get)(value.put()); }) || value.get() == nullptr)
      return text();
    return text(value.view());
  };
  if (!answered([&] { return info->GetGUID(&fields.guid); })) fields.guid = GUID_NULL;
  if (!answered([&] { return info->GetHelpContext(&fields.help_context); }))
    fields.help_context = 0;
  fields.source = read(&IErrorInfo::GetSource);
  fields.description = read(&IErrorInfo::GetDescription);
  fields.help_file = read(&IErrorInfo::GetHelpFile);

  com_ptr<IExceptionInfo> extra;
  if (answered([&] { return query_interface(info, &extra); })) {
    HRESULT code = S_OK;
    bool said = false;
    if (answered([&] { return said = extra->GetCode(&code) == S_OK, S_OK; }) && said)
      fields.code = code;
    (void)answered([&] { return extra->GetException(&fields.exception); });
  }
  return make<error_object>(std::move(fields));
}

}  // namespace insula
