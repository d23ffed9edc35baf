// SPDX-License-Identifier: MIT
#include <insula/marshal/objref.hpp>

#include <insula/core/hresult.hpp>

#include <bit>
#include <cstring>

namespace insula {

static_assert(std::endian::native == std::endian::little,
              "memory images are written: a big-endian port needs swapping here");

namespace {

enum objref_flags : std::uint32_t {
  flags_standard = 1,
  flags_handler = 2,
  flags_custom = 4,
};

constexpr std::size_t header_size = 24;
constexpr std::size_t std_size = 40;
constexpr std::size_t clsid_size = 16;
constexpr std::size_t counts_size = 4;  // words and security offset

static_assert(sizeof(std_objref) == std_size);
static_assert(objref_standard_size == header_size + std_size + counts_size);
static_assert(objref_custom_header_size == header_size + clsid_size + 8);

class byte_cursor {
 public:
  explicit byte_cursor(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  bool take(T* out) noexcept {
    if (rest_.size() < sizeof(T)) return false;
    std::memcpy(out, rest_.data(), sizeof(T));
    rest_ = rest_.subspan(sizeof(T));
    return true;
  }
  bool take(std::size_t count, std::span<const std::byte>* out) noexcept {
    if (rest_.size() < count) return false;
    *out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return true;
  }
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

 private:
  std::span<const std::byte> rest_;
};

struct byte_sink {
  std::byte* at;
  void put(const void* from, std::size_t count) noexcept {
    if (count != 0) std::memcpy(at, from, count);
    at += count;
  }
  template <class T>
  void put(const T& value) noexcept {
    put(&value, sizeof value);
  }
  void put_addresses(const resolver_addresses& addresses) noexcept {
    put(static_cast<std::uint16_t>(addresses.words.size() / 2));
    put(addresses.security_offset);
    put(addresses.words.data(), addresses.words.size());
  }
};

bool take_addresses(byte_cursor& from, resolver_addresses* out) noexcept {
  std::uint16_t words = 0;
  return from.take(&words) && from.take(&out->security_offset) &&
         from.take(std::size_t{words} * 2, &out->words);
}

bool addresses_fit(const resolver_addresses& addresses) noexcept {
  return addresses.words.size() % 2 == 0 && addresses.words.size() / 2 <= 0xFFFF;
}

bool take_body(byte_cursor& from, std::uint32_t flags, objref* out) noexcept {
  if (flags == flags_standard) {
    objref_standard body;
    if (!from.take(&body.standard) || !take_addresses(from, &body.addresses)) return false;
    out->body = body;
    return true;
  }
  if (flags == flags_handler) {
    objref_handler body;
    if (!from.take(&body.standard) || !from.take(&body.handler) ||
        !take_addresses(from, &body.addresses))
      return false;
    out->body = body;
    return true;
  }
  if (flags == flags_custom) {
    objref_custom body;
    std::uint64_t extension_and_reserved = 0;  // what is in it does not matter
    if (!from.take(&body.unmarshaler) || !from.take(&extension_and_reserved)) return false;
    body.data = from.rest();
    out->body = body;
    return true;
  }
  return false;
}

HRESULT check_signature(std::uint32_t signature) noexcept {
  if (signature == objref_consumed_signature) return CO_E_OBJNOTCONNECTED;
  return signature == objref_signature ? S_OK : RPC_E_INVALID_OBJREF;
}

}  // namespace

std::size_t objref_size(const objref& reference) noexcept {
  if (const auto* standard = std::get_if<objref_standard>(&reference.body))
    return objref_standard_size + standard->addresses.words.size();
  if (const auto* handler = std::get_if<objref_handler>(&reference.body))
    return objref_standard_size + clsid_size + handler->addresses.words.size();
  const auto* custom = std::get_if<objref_custom>(&reference.body);
  return objref_custom_header_size + (custom == nullptr ? 0 : custom->data.size());
}

std::size_t write_objref(std::span<std::byte> out, const objref& reference) noexcept {
  const std::size_t size = objref_size(reference);
  if (out.size() < size || reference.iid == IID_NULL) return 0;
  const auto* standard = std::get_if<objref_standard>(&reference.body);
  const auto* handler = std::get_if<objref_handler>(&reference.body);
  const auto* custom = std::get_if<objref_custom>(&reference.body);
  if (standard != nullptr && !addresses_fit(standard->addresses)) return 0;
  if (handler != nullptr && !addresses_fit(handler->addresses)) return 0;

  byte_sink sink{out.data()};
  sink.put(objref_signature);
  sink.put<std::uint32_t>(standard != nullptr  ? flags_standard
                          : handler != nullptr ? flags_handler
                                               : flags_custom);
  sink.put(reference.iid);
  if (standard != nullptr) {
    sink.put(standard->standard);
    sink.put_addresses(standard->addresses);
  } else if (handler != nullptr) {
    sink.put(handler->standard);
    sink.put(handler->handler);
    sink.put_addresses(handler->addresses);
  } else if (custom != nullptr) {
    sink.put(custom->unmarshaler);
    sink.put(std::uint32_t{0});
    // MS-DCOM leaves this word to the sender; Windows puts the size here.
    sink.put(static_cast<std::uint32_t>(custom->data.size()));
    sink.put(custom->data.data(), custom->data.size());
  }
  return size;
}

HRESULT parse_objref(std::span<const std::byte> bytes, objref* out) noexcept {
  byte_cursor from(bytes);
  std::uint32_t signature = 0;
  if (!from.take(&signature)) return RPC_E_INVALID_OBJREF;
  if (const HRESULT code = check_signature(signature); FAILED(code)) return code;

  std::uint32_t flags = 0;
  objref result;
  if (!from.take(&flags) || !from.take(&result.iid) || result.iid == IID_NULL ||
      !take_body(from, flags, &result))
    return RPC_E_INVALID_OBJREF;
  *out = result;
  return S_OK;
}

HRESULT objref_length(std::span<const std::byte> prefix, std::size_t* length) noexcept {
  *length = header_size;
  byte_cursor from(prefix);
  std::uint32_t signature = 0;
  std::uint32_t flags = 0;
  IID iid{};
  if (!from.take(&signature)) return S_FALSE;
  // The length of a consumed packet is wanted too, to step over it.
  if (check_signature(signature) == RPC_E_INVALID_OBJREF) return RPC_E_INVALID_OBJREF;
  if (!from.take(&flags) || !from.take(&iid)) return S_FALSE;
  if (iid == IID_NULL) return RPC_E_INVALID_OBJREF;

  std::size_t before_words = objref_standard_size;
  if (flags == flags_custom) {
    *length = objref_custom_header_size;
    return S_OK;
  }
  if (flags == flags_handler) before_words += clsid_size;
  else if (flags != flags_standard) return RPC_E_INVALID_OBJREF;

  *length = before_words;
  if (prefix.size() < before_words) return S_FALSE;
  std::uint16_t words = 0;
  std::memcpy(&words, prefix.data() + before_words - counts_size, sizeof words);
  *length += std::size_t{words} * 2;
  return S_OK;
}

void mark_objref_consumed(std::span<std::byte> packet) noexcept {
  std::uint32_t signature = 0;
  if (packet.size() < sizeof signature) return;
  std::memcpy(&signature, packet.data(), sizeof signature);
  if (signature != objref_signature) return;
  std::memcpy(packet.data(), &objref_consumed_signature, sizeof objref_consumed_signature);
}

bool objref_is_consumed(std::span<const std::byte> packet) noexcept {
  std::uint32_t signature = 0;
  return byte_cursor(packet).take(&signature) && signature == objref_consumed_signature;
}

}  // namespace insula
