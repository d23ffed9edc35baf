// SPDX-License-Identifier: MIT
//
// core: objects, texts, streams, errors.
#include "scenario.hpp"
#include "shortage.hpp"
#include "tool.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/guid.hpp>
#include <insula/core/hresult.hpp>
#include <insula/core/log.hpp>
#include <insula/core/stream.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/core/utf.hpp>
#include <insula/core/weak_ref.hpp>

#include <array>
#include <sstream>

namespace insula::test {
namespace {

class whole final : public implements<whole, IOther> {
 public:
  whole() : part_(make_aggregated<gadget>(static_cast<IOther*>(this))) {}
  HRESULT Touch() override { return S_OK; }
  HRESULT query_interface_tail(REFIID iid, void** out) { return part_->QueryInterface(iid, out); }

 private:
  const com_ptr<IUnknown> part_;
};

void objects() {
  const com_ptr<gadget> made = make<gadget>(5);
  const com_ptr<IOther> other = made.as<IOther>();
  INSULA_STEP(other->Touch());
  const com_ptr<IOther> outer = make<whole>();
  const com_ptr<IGadget> inner = outer.as<IGadget>();
  LONG number = 0;
  INSULA_STEP(inner->Number(&number));
  require(number == 7, "the part's number");

  weak_ref<IGadget> weak{made.as<IGadget>()};
  require(weak.resolve() != nullptr, "a live object is found");
  const com_ptr<IWeakReferenceSource> source = made.as<IWeakReferenceSource>();
  com_ptr<IWeakReference> reference;
  INSULA_STEP(source->GetWeakReference(reference.put()));
  require(live_objects() >= 2, "live_objects");
}

void texts() {
  const bstr text(u"sixteen bits");
  const bstr copy(text);
  const bstr utf8("eight bits");
  require(utf8.str() == "eight bits" && copy == text, "text of a bstr");
  bstr changed(u"abc");
  BSTR raw = changed.detach();
  const bool longer = SysReAllocString(&raw, u"abcdef") != 0;
  const bool cut = longer && SysReAllocStringLen(&raw, nullptr, 3) != 0;
  const BSTR bytes = SysAllocStringByteLen("xyz", 3);
  const bool made = bytes != nullptr;
  SysFreeString(bytes);
  SysFreeString(raw);
  if (!longer || !cut || !made) throw refused_step{};
  require(to_utf8(to_utf16("\u00e4\u20ac")) == "\u00e4\u20ac", "utf");
}

void task_memory() {
  void* block = CoTaskMemAlloc(100);
  if (block == nullptr) throw refused_step{};
  task_ptr<void> kept(block);
  block = CoTaskMemRealloc(block, 10'000);
  if (block == nullptr) throw refused_step{};
  (void)kept.release();
  kept.reset(block);
}

void codes() {
  GUID id{};
  INSULA_STEP(CoCreateGuid(&id));
  require(parse_guid(to_string(id)) == id && new_guid() != id, "text of a GUID");
  std::ostringstream out;
  out << hresult{E_NOINTERFACE};
  require(!hresult_name(E_FAIL).empty() && !hresult_text(RPC_E_TIMEOUT).empty() &&
              !hresult_text(MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0xbeef)).empty() &&
              !to_string(hresult{E_FAIL}).empty(),
          "a code's text");
}

void errors() {
  com_ptr<ICreateErrorInfo> made;
  INSULA_STEP(CreateErrorInfo(made.put()));
  std::u16string text = u"what went wrong";
  INSULA_STEP(made->SetDescription(text.data()));
  INSULA_STEP(made->SetSource(text.data()));
  INSULA_STEP(made->SetHelpFile(text.data()));
  const auto info = made.as<IErrorInfo>();
  bstr said;
  INSULA_STEP(info->GetDescription(said.put()));
  require(said.view() == text, "the description");
  INSULA_STEP(SetErrorInfo(0, info.get()));
  // A description that cannot be read for want of memory is empty.
  const auto is_said = [](const std::string& description) {
    return description == "what went wrong" || (description.empty() && shortage::met());
  };
  require(is_said(error_description()) && has_error_info(), "error_description");
  const com_ptr<IErrorInfo> copy = copy_error_info(info.get());
  require(is_said(error_description(copy.get())), "a copy's description");
  com_ptr<IErrorInfo> taken;
  INSULA_STEP(GetErrorInfo(0, taken.put()));

  // Without memory for the sentence the code is what it was.
  require(set_error(E_ACCESSDENIED, "nobody may") == E_ACCESSDENIED, "set_error gives its code");
  INSULA_STEP(SetErrorInfo(0, nullptr));
}

void guarded_bodies() {
  const HRESULT code = abi_guard([] { throw com_error(E_ACCESSDENIED, "nobody may"); });
  require(code == E_ACCESSDENIED || code == E_OUTOFMEMORY, "the code of a com_error");
}

void exceptions() {
  const HRESULT code = abi_guard([]() -> HRESULT { throw std::invalid_argument("no"); });
  if (code == E_OUTOFMEMORY) throw refused_step{};
  require(code == E_INVALIDARG, "the code of an exception");
  try {
    throw_last_error(code);
  } catch (const std::invalid_argument&) {
  } catch (const com_error& error) {
    // The exception itself could not be kept.
    require(error.code() == E_INVALIDARG && shortage::met(), "the code of a com_error");
  }
  try {
    (void)com_ptr<IGadget>(make<gadget>()).as<ITool>();
    require(false, "an interface that the object lacks");
  } catch (const com_error& error) {
    require(error.code() == E_NOINTERFACE, "the code of a failed query");
  }
}

void streams() {
  const std::array<std::byte, 3> few{};
  const com_ptr<IStream> stream = create_memory_stream(few);
  const std::vector<std::byte> many(6000);
  ULONG done = 0;
  INSULA_STEP_OR(
      STG_E_MEDIUMFULL, stream->Write(many.data(), static_cast<ULONG>(many.size()), &done));
  INSULA_STEP_OR(STG_E_MEDIUMFULL, stream->SetSize({20'000}));
  com_ptr<IStream> clone;
  INSULA_STEP(stream->Clone(clone.put()));
  INSULA_STEP(clone->Seek({0}, STREAM_SEEK_SET, nullptr));
  com_ptr<IStream> target;
  INSULA_STEP(CreateStreamOnHGlobal(nullptr, 1, target.put()));
  ULARGE_INTEGER read{};
  ULARGE_INTEGER written{};
  INSULA_STEP_OR(STG_E_MEDIUMFULL, clone->CopyTo(target.get(), {20'000}, &read, &written));
  require(written.QuadPart == 20'000, "what was copied");
  STATSTG facts{};
  INSULA_STEP(target->Stat(&facts, 0));
  INSULA_STEP(target->Commit(0));
  INSULA_STEP(target->Revert());
}

struct log_as_before {
  const log_level level = current_log_level();
  ~log_as_before() {
    set_log_sink([](log_level, std::string_view) {});
    set_log_level(level);
  }
};

// The library's own writer to standard error, and a sink that takes what it wants.
void logs() {
  const log_as_before afterwards;
  set_log_level(log_level::info);
  set_log_sink({});
  log(log_level::info, "a line of the test, too long to be kept without memory of the heap's");
  set_log_sink([padding = std::array<char, 100>{}](log_level, std::string_view) {
    (void)padding;
  });
  log(log_level::warn, "a line");
  require(!to_string(log_level::warn).empty(), "the name of a level");
}

}  // namespace

std::vector<piece> pieces_of_core() {
  return {{"Objects", objects},       {"Texts", texts},
          {"TaskMemory", task_memory}, {"Codes", codes},
          {"Errors", errors},         {"GuardedBodies", guarded_bodies},
          {"Exceptions", exceptions}, {"Streams", streams},
          {"Logs", logs}};
}

}  // namespace insula::test
