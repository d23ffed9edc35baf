// SPDX-License-Identifier: MIT
#pragma once

namespace insula {

/// While one lives on a thread, an overflow of a stack that its code runs on (a fiber's, or the
/// thread's own) writes a sentence to standard error: which apartment and method it was, and which
/// option to raise. Then it goes on as without: the program's own handler of SIGSEGV or SIGBUS, if
/// it was installed before the library's first, or the end of the process.
///
/// A handler that the program installs later takes the place of ours, and decides whether to call
/// what was there before. The thread gets an alternate signal stack if it has none; the library's
/// own threads and those that lease an STA are watched.
class overflow_watch {
 public:
  overflow_watch() noexcept;
  ~overflow_watch();
  overflow_watch(const overflow_watch&) = delete;
  overflow_watch& operator=(const overflow_watch&) = delete;

 private:
  void* signal_stack_ = nullptr;  // null: the thread has one of its own
};

}  // namespace insula
