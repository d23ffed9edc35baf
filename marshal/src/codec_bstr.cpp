// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_bstr.hpp>

#include <cstring>
#include <new>

namespace insula {

namespace {

constexpr std::uint32_t null_length = 0xFFFFFFFF;

void free_read_bstr(void* string) noexcept { SysFreeString(static_cast<BSTR>(string)); }

}  // namespace

void bstr_codec::write_deferred(ndr_writer& writer, const BSTR& value) {
  if (value == nullptr) return;
  const std::size_t length = SysStringByteLen(value);
  const std::size_t words = (length + 1) / 2;
  writer.count(words);
  writer.count(length);
  writer.count(words);
  writer.bytes(value, length);
  writer.align(2);
}

BSTR bstr_codec::read_owned(ndr_reader& reader) {
  if (reader.take_referent() == 0) return nullptr;
  const auto maximum = reader.primitive<std::uint32_t>();
  const auto length = reader.primitive<std::uint32_t>();
  const std::uint32_t words = reader.count(2);
  if (maximum != words) ndr_reader::bad_data();
  if (length == null_length && words == 0) return nullptr;
  if ((std::uint64_t{length} + 1) / 2 != words) ndr_reader::bad_data();

  const std::byte* from = reader.bytes(std::size_t{words} * 2);
  BSTR string = SysAllocStringByteLen(nullptr, length);
  if (string == nullptr) throw std::bad_alloc();
  auto* to = reinterpret_cast<std::byte*>(string);
  if (reader.swapped()) {
    for (std::size_t i = 0; i != length; ++i)
      to[i] = from[i ^ 1];
  } else if (length != 0) {
    std::memcpy(to, from, length);
  }
  return string;
}

void bstr_codec::read_deferred(ndr_reader& reader, BSTR& value) {
  bstr owned;
  owned.attach(read_owned(reader));
  if (owned.get() == nullptr) return;
  reader.on_destroy(&free_read_bstr, owned.get());
  value = owned.detach();
}

}  // namespace insula
