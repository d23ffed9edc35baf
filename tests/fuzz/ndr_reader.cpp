// SPDX-License-Identifier: MIT
// Reads values of many types from arbitrary bytes. The first byte chooses the type, the second one
// memory (1), byte order (2), and where the message starts (4, 8). What was read is written again,
// which must give what it was counted as, and read once more.
#include <insula/core/task_memory.hpp>
#include <insula/marshal/codecs.hpp>
#include <insula/marshal/rpc.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

using namespace insula;

namespace {

void must(bool truth) {
  if (!truth) std::abort();
}

struct inner {
  std::string name;
  std::optional<std::int32_t> size;
  const char16_t* text;
  bool flag;
};
struct outer {
  char c;
  inner one;
  inner two[2];
  std::vector<inner> more;
  std::map<std::string, std::vector<double>> table;
  std::variant<std::monostate, std::uint64_t, std::string, std::vector<inner>> any;
  bstr automation;
  std::chrono::nanoseconds time;
  GUID id;
};
struct node {
  std::uint16_t value;
  node* next;
  const char* name;
};
struct shared_node {
  std::uint32_t value;
  full_ptr<shared_node> left, right;
  full_ptr<std::uint64_t> number;
};
struct tree {
  std::uint8_t leaf = 0;
  std::vector<tree> branches;
};
struct image {
  std::int32_t x;
  std::int16_t y[2];
  float z;
};
struct owned_link {
  int number = 0;
  std::unique_ptr<owned_link> next;
};
struct references {
  ref_ptr<image> always;
  int** twice;
  IUnknown* object;
  std::vector<com_ptr<IUnknown>> objects;
};

struct sized {
  std::int16_t count;
  std::uint64_t* numbers;
  sized* inside;
  std::uint8_t inside_count;
  char* characters;
};
INSULA_FIELDS(sized, (numbers, size_is(1)), (inside, size_is("inside_count")), (inside_count),
              (characters, size_is("count")), (count));

template <class T>
void write_value(ndr_writer& writer, const T& value) {
  ndr_codec<T>::write(writer, value);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::write_deferred(writer, value);
}

template <class T>
void read_value(ndr_reader& reader, T& value) {
  ndr_codec<T>::read(reader, value);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::read_deferred(reader, value);
}

template <class T>
void write_and_read_again(const T& value) {
  ndr_writer counter;
  write_value(counter, value);
  const auto bytes = std::make_unique<std::byte[]>(counter.size());
  const std::span<std::byte> message(bytes.get(), counter.size());
  packet_ledger ledger;
  ndr_writer writer(message, &ledger);
  write_value(writer, value);
  must(writer.size() <= counter.size());
  ndr_reader reader(message.first(writer.size()), ndr_local_data_representation,
                    reader_memory::call);
  T again{};
  read_value(reader, again);
  must(reader.remaining() == 0);
  ledger.release_unconsumed(message);
}

template <class T>
void read_any(std::span<std::byte> message, ULONG label, reader_memory memory) {
  const std::size_t before = live_task_allocations();
  {
    T value{};
    bool complete = false;
    {
      ndr_reader reader(message, label, memory);
      try {
        read_value(reader, value);
        complete = true;
      } catch (const ndr_error&) {
      }
      // Views and arena pointers in the value end with the reader.
      if (complete) write_and_read_again(value);
      if (complete && memory == reader_memory::task) reader.commit();
    }
    if (complete && memory == reader_memory::task) ndr_codec<T>::free(value);
  }
  must(live_task_allocations() == before);
}

template <class T>
void read_view(std::span<std::byte> message, ULONG label, reader_memory) {
  read_any<T>(message, label, reader_memory::call);
}

using target = void (*)(std::span<std::byte>, ULONG, reader_memory);
constexpr target targets[] = {
    &read_any<outer>,
    &read_any<node>,
    &read_any<shared_node>,
    &read_any<full_ptr<shared_node>>,
    &read_any<tree>,
    &read_any<std::vector<image>>,
    &read_any<owned_link>,
    &read_any<references>,
    &read_any<std::map<std::u16string, std::unordered_map<std::uint8_t, std::string>>>,
    &read_any<std::multiset<std::pair<bool, std::u32string>>>,
    &read_any<std::tuple<std::wstring, std::u8string, std::vector<bool>, std::shared_ptr<int>>>,
    &read_any<std::vector<std::vector<std::array<const char*, 3>>>>,
    &read_any<bstr>,
    &read_view<std::span<const image>>,
    &read_view<std::vector<std::string_view>>,
    &read_view<std::span<const std::string>>,
    &read_any<sized>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const target read = targets[data[0] % std::size(targets)];
  const reader_memory memory = (data[1] & 1) != 0 ? reader_memory::task : reader_memory::call;
  const ULONG label = (data[1] & 2) != 0 ? 0 : ndr_local_data_representation;
  const std::size_t start = (data[1] & 4) != 0 ? ((data[1] & 8) != 0 ? 4 : 1) : 0;

  const std::size_t length = size - 2;
  const auto bytes = std::make_unique<std::byte[]>(start + length);
  if (length != 0) std::memcpy(bytes.get() + start, data + 2, length);
  read({bytes.get() + start, length}, label, memory);
  return 0;
}
