// SPDX-License-Identifier: MIT
// Takes arbitrary bytes apart as an OBJREF. What was accepted must come back the same when it is
// written and parsed again, and its length must be found in its own beginning.
#include <insula/core/hresult.hpp>
#include <insula/marshal/objref.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <variant>

using namespace insula;

namespace {

void must(bool truth) {
  if (!truth) std::abort();
}

// Reads as from a stream that ends after `bytes`.
HRESULT measure(std::span<const std::byte> bytes, std::size_t* length) {
  std::size_t have = 0;
  HRESULT code = S_FALSE;
  while ((code = objref_length(bytes.first(have), length)) == S_FALSE) {
    must(*length > have);
    if (*length > bytes.size()) return S_FALSE;
    have = *length;
  }
  return code;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto copy = std::make_unique<std::byte[]>(size);
  if (size != 0) std::memcpy(copy.get(), data, size);
  const std::span<std::byte> bytes(copy.get(), size);

  objref parsed;
  const HRESULT code = parse_objref(bytes, &parsed);
  std::size_t length = 0;
  const HRESULT measured = measure(bytes, &length);
  must(code == S_OK || code == RPC_E_INVALID_OBJREF || code == CO_E_OBJNOTCONNECTED);
  if (code == RPC_E_INVALID_OBJREF) must(measured != S_OK || length > size);
  if (code != S_OK) return 0;

  must(measured == S_OK && length <= size && length <= objref_size(parsed));
  const std::size_t again_size = objref_size(parsed);
  const auto again = std::make_unique<std::byte[]>(again_size);
  const std::span<std::byte> rewritten(again.get(), again_size);
  must(again_size <= size && write_objref(rewritten, parsed) == again_size);

  // A custom packet has two words whose content does not count.
  const bool custom = std::holds_alternative<objref_custom>(parsed.body);
  must(std::memcmp(again.get(), copy.get(), custom ? 40 : again_size) == 0);
  objref second;
  must(parse_objref(rewritten, &second) == S_OK && second.iid == parsed.iid &&
       second.body.index() == parsed.body.index());

  mark_objref_consumed(bytes);
  must(objref_is_consumed(bytes) && parse_objref(bytes, &second) == CO_E_OBJNOTCONNECTED);
  return 0;
}
