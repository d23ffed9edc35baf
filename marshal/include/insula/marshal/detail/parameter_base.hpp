// SPDX-License-Identifier: MIT
//
// What every kind of parameter can do, and what it does when nothing is to be done.
//
// Arguments are handled by address: `own` is where this argument lies, `all` where each argument of
// the call lies, as an object of the parameter's type (of a reference: what it refers to). Both
// sides use the same form: the proxy has the caller's arguments, the stub has a `place` for each.
//
//   proxy   null_reference  write_request                                   read_reply  check_reply
//           adopt; or clear when there is no reply
//           check_reply sees the arguments as they will be: `settled` says where
//   stub                    read_request  prepare  (the method)  write_reply  free_results
#pragma once

#include <insula/marshal/ndr_reader.hpp>
#include <insula/marshal/ndr_writer.hpp>

#include <cstddef>
#include <cstdint>

namespace insula::detail {

/// Bytes on the wire, as far as known at compile time.
struct wire_size {
  std::size_t alignment = 1;
  std::size_t bytes = 0;
  bool varies = false;
};

inline constexpr std::size_t size_varies = static_cast<std::size_t>(-1);

/// The size of parts one after the other, or `size_varies`.
template <class... Size>
consteval std::size_t sum_of(Size... parts) {
  std::size_t end = 0;
  bool varies = false;
  [[maybe_unused]] const auto add = [&](const wire_size& part) {
    end = (end + part.alignment - 1) / part.alignment * part.alignment + part.bytes;
    varies = varies || part.varies;
  };
  (add(parts), ...);
  return varies ? size_varies : end;
}

template <class Codec>
inline constexpr wire_size size_of_codec{Codec::alignment, Codec::fixed_size,
                                         Codec::fixed_size == 0};

struct parameter_base {
  static constexpr wire_size request{};
  static constexpr wire_size reply{};
  /// Whether free_results may meet pointees, which another parameter's may be linked to.
  static constexpr bool frees_pointees = false;

  /// What a result is held in until the whole reply was read.
  struct arrival {};

  static bool null_reference(void*, void* const*) noexcept { return false; }
  static void write_request(ndr_writer&, void*, void* const*) {}
  template <class Arrival>
  static void read_reply(ndr_reader&, void*, void* const*, Arrival&) {}
  template <class Arrival>
  static void check_reply(void* const*, const Arrival&) {}
  template <class Arrival>
  static void* settled(void* own, Arrival&) noexcept {
    return own;
  }
  template <class Arrival>
  static void adopt(void*, Arrival&) noexcept {}
  static void clear(void*, void* const*) noexcept {}

  template <class Place>
  static void read_request(ndr_reader&, Place&, void* const*) {}
  template <class Place>
  static void prepare(ndr_reader&, Place&, void* const*) {}
  template <class Place>
  static void write_reply(ndr_writer&, Place&, void* const*) {}
  template <class Place>
  static void free_results(Place&, void* const*) noexcept {}
};

template <class Codec, class T>
void write_whole(ndr_writer& writer, const T& value) {
  Codec::write(writer, value);
  if constexpr (Codec::has_deferred) Codec::write_deferred(writer, value);
}

template <class Codec, class T>
void read_whole(ndr_reader& reader, T& value) {
  Codec::read(reader, value);
  if constexpr (Codec::has_deferred) Codec::read_deferred(reader, value);
}

/// While it lives, pointees are read into task memory: the callee may free and replace them.
class read_as_task_memory {
 public:
  explicit read_as_task_memory(ndr_reader& reader) : reader_(reader), before_(reader.memory()) {
    reader_.set_memory(reader_memory::task);
  }
  ~read_as_task_memory() { reader_.set_memory(before_); }
  read_as_task_memory(const read_as_task_memory&) = delete;
  read_as_task_memory& operator=(const read_as_task_memory&) = delete;

 private:
  ndr_reader& reader_;    // fixed
  reader_memory before_;  // fixed
};

/// The writer's side of it: full pointers in what the callee may free share with each other only,
/// never with an [in] argument, whose pointees lie in memory of the call.
class write_as_task_memory {
 public:
  explicit write_as_task_memory(ndr_writer& writer) noexcept : writer_(writer) {
    writer_.set_replaceable(true);
  }
  ~write_as_task_memory() { writer_.set_replaceable(false); }
  write_as_task_memory(const write_as_task_memory&) = delete;
  write_as_task_memory& operator=(const write_as_task_memory&) = delete;

 private:
  ndr_writer& writer_;  // fixed
};

}  // namespace insula::detail
