// SPDX-License-Identifier: MIT
#include <insula/marshal/marshal_interface.hpp>

#include "failure_text.hpp"
#include "object_packet.hpp"
#include "standard_marshaler.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/marshal/objref.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace insula {

namespace {

HRESULT read_exactly(IStream* stream, std::span<std::byte> buffer) {
  std::size_t done = 0;
  while (done != buffer.size()) {
    ULONG got = 0;
    const auto size = static_cast<ULONG>(buffer.size() - done);
    const HRESULT code = stream->Read(buffer.data() + done, size, &got);
    if (FAILED(code)) return code;
    if (got == 0 || got > size)
      return set_error(STG_E_READFAULT, "the stream ends before the packet does");
    done += got;
  }
  return S_OK;
}

/// The packet at the stream's position, to its end; of a custom packet what stands before the
/// object's own bytes.
HRESULT read_packet(IStream* stream, std::vector<std::byte>* packet) {
  std::size_t length = 0;
  while (true) {
    const HRESULT measured = objref_length(*packet, &length);
    if (FAILED(measured))
      return set_error(measured, "the stream holds no packet of an interface pointer here");
    const std::size_t have = packet->size();
    if (length > have) {
      packet->resize(length);
      const HRESULT code = read_exactly(stream, std::span(*packet).subspan(have));
      if (FAILED(code)) return code;
    }
    if (measured == S_OK) return S_OK;
  }
}

HRESULT read_reference(IStream* stream, object_reference* out) {
  std::vector<std::byte> packet;
  packet.reserve(objref_standard_size);
  const HRESULT code = read_packet(stream, &packet);
  return FAILED(code) ? code : read_object_packet(packet, out);
}

HRESULT write_all(IStream* stream, std::span<const std::byte> bytes) {
  ULONG written = 0;
  const auto size = static_cast<ULONG>(bytes.size());
  const HRESULT code = stream->Write(bytes.data(), size, &written);
  if (FAILED(code)) return code;
  return written == size ? S_OK : STG_E_MEDIUMFULL;
}

HRESULT fail_null(std::string_view function, std::string_view argument) {
  return abi_guard([&]() -> HRESULT {
    return set_error(E_INVALIDARG, std::string(function) + ": the " + std::string(argument) +
                                       " is null, and without it nothing can be done");
  });
}

HRESULT rewind(IStream* stream) { return stream->Seek({0}, STREAM_SEEK_SET, nullptr); }

}  // namespace

extern "C" HRESULT CoMarshalInterface(IStream* stream, REFIID iid, IUnknown* object,
                                      DWORD destination, void*, DWORD flags) {
  if (stream == nullptr) return fail_null("CoMarshalInterface", "stream");
  if (object == nullptr) return fail_null("CoMarshalInterface", "object");
  return abi_guard([&]() -> HRESULT {
    object_exporter* const exporter = current_exporter();
    if (exporter == nullptr) return fail_without_apartment("CoMarshalInterface", iid);
    object_reference reference;
    HRESULT code = make_reference(*exporter, iid, object, destination, flags, &reference);
    if (FAILED(code)) return code;
    std::array<std::byte, objref_standard_size> packet;
    code = abi_guard([&] {
      return write_all(stream, std::span(packet).first(write_object_packet(packet, reference)));
    });
    // Nobody will ever read what is not there.
    if (FAILED(code)) (void)release_reference(reference);
    return code;
  });
}

extern "C" HRESULT CoUnmarshalInterface(IStream* stream, REFIID iid, void** out) {
  if (out != nullptr) *out = nullptr;
  if (stream == nullptr) return fail_null("CoUnmarshalInterface", "stream");
  if (out == nullptr) return fail_null("CoUnmarshalInterface", "place for the pointer");
  return abi_guard([&]() -> HRESULT {
    object_exporter* const importer = current_exporter();
    if (importer == nullptr) return fail_without_apartment("CoUnmarshalInterface", iid);
    object_reference reference;
    const HRESULT code = read_reference(stream, &reference);
    if (FAILED(code)) return code;
    bool consumed = false;
    return resolve_reference(*importer, reference, iid, out, &consumed);
  });
}

extern "C" HRESULT CoReleaseMarshalData(IStream* stream) {
  if (stream == nullptr) return fail_null("CoReleaseMarshalData", "stream");
  return abi_guard([&]() -> HRESULT {
    if (current_exporter() == nullptr)
      return fail_without_apartment("CoReleaseMarshalData", IID_IUnknown);
    object_reference reference;
    const HRESULT code = read_reference(stream, &reference);
    return FAILED(code) ? code : release_reference(reference);
  });
}

extern "C" HRESULT CoMarshalInterThreadInterfaceInStream(REFIID iid, IUnknown* object,
                                                         IStream** stream) {
  if (stream == nullptr)
    return fail_null("CoMarshalInterThreadInterfaceInStream", "place for the stream");
  *stream = nullptr;
  return abi_guard([&]() -> HRESULT {
    com_ptr<IStream> made = create_memory_stream();
    HRESULT code =
        CoMarshalInterface(made.get(), iid, object, MSHCTX_INPROC, nullptr, MSHLFLAGS_NORMAL);
    if (SUCCEEDED(code)) code = rewind(made.get());
    if (SUCCEEDED(code)) *stream = made.detach();
    return code;
  });
}

extern "C" HRESULT CoGetInterfaceAndReleaseStream(IStream* stream, REFIID iid, void** out) {
  if (out != nullptr) *out = nullptr;
  if (stream == nullptr) return fail_null("CoGetInterfaceAndReleaseStream", "stream");
  const com_ptr<IStream> owned(stream, take_ownership);
  return abi_guard([&]() -> HRESULT {
    ULARGE_INTEGER start{};
    const HRESULT known = abi_guard([&] { return stream->Seek({0}, STREAM_SEEK_CUR, &start); });
    const HRESULT code = CoUnmarshalInterface(stream, iid, out);
    if (SUCCEEDED(code) || FAILED(known)) return code;

    // The caller learns why unmarshaling failed, not what came of cleaning up after it.
    com_ptr<IErrorInfo> reason;
    (void)GetErrorInfo(0, reason.put());
    object_reference reference;
    const LARGE_INTEGER back{static_cast<std::int64_t>(start.QuadPart)};
    const HRESULT again = abi_guard([&]() -> HRESULT {
      const HRESULT sought = stream->Seek(back, STREAM_SEEK_SET, nullptr);
      return FAILED(sought) ? sought : read_reference(stream, &reference);
    });
    if (SUCCEEDED(again)) (void)release_reference(reference);
    (void)SetErrorInfo(0, reason.get());
    return code;
  });
}

extern "C" HRESULT CoGetMarshalSizeMax(ULONG* size, REFIID iid, IUnknown* object, DWORD destination,
                                       void*, DWORD flags) {
  if (size == nullptr) return fail_null("CoGetMarshalSizeMax", "place for the size");
  *size = 0;
  if (object == nullptr) return fail_null("CoGetMarshalSizeMax", "object");
  return abi_guard([&]() -> HRESULT {
    if (current_exporter() == nullptr) return fail_without_apartment("CoGetMarshalSizeMax", iid);
    const HRESULT code = check_marshaling(iid, destination, flags);
    if (SUCCEEDED(code)) *size = static_cast<ULONG>(objref_standard_size);
    return code;
  });
}

extern "C" HRESULT CoMarshalHresult(IStream* stream, HRESULT code) {
  if (stream == nullptr) return E_INVALIDARG;
  return abi_guard([&] { return write_all(stream, std::as_bytes(std::span(&code, 1))); });
}

extern "C" HRESULT CoUnmarshalHresult(IStream* stream, HRESULT* code) {
  if (stream == nullptr || code == nullptr) return E_INVALIDARG;
  return abi_guard(
      [&] { return read_exactly(stream, std::as_writable_bytes(std::span(code, 1))); });
}

}  // namespace insula
