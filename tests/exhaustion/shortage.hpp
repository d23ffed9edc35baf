// SPDX-License-Identifier: MIT
//
// Takes from this program, at one chosen moment, what the system might refuse it.
//   resource       memory, threads, stacks of fibers
//   shortage       while it lives, the n-th request for one of them is refused
//   live_blocks    blocks of the heap that nobody has given back
#pragma once

#include <cstddef>
#include <cstdint>

namespace insula::test {

enum class resource {
  memory,  // operator new in all its forms, and malloc as the library calls it itself
  thread,  // pthread_create answers EAGAIN
  stack,   // mmap of a stack answers ENOMEM, or mprotect of its guard does
};

[[nodiscard]] const char* to_string(resource kind) noexcept;

/// Counts the requests of all threads from 1. One at a time.
class shortage {
 public:
  /// `lasting`: those after the n-th are refused too.
  shortage(resource kind, std::uint64_t nth, bool lasting = false) noexcept;
  ~shortage();
  shortage(const shortage&) = delete;
  shortage& operator=(const shortage&) = delete;

  /// True once a request was refused.
  [[nodiscard]] static bool met() noexcept;

  /// Prints to standard error where the last request was refused. Allocates nothing.
  static void print_place() noexcept;

  /// While it lives, the calling thread's requests are neither counted nor refused: what the test
  /// itself needs.
  class spared {
   public:
    spared() noexcept;
    ~spared();
    spared(const spared&) = delete;
    spared& operator=(const spared&) = delete;
  };
};

[[nodiscard]] std::int64_t live_blocks() noexcept;

}  // namespace insula::test
