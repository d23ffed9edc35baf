// SPDX-License-Identifier: MIT
//
// The least that two threads need to ask and answer.
//   spinning_word   a number that one thread sets and another looks at until it is there
//   futex_word      the same, asleep: every wait and every wake is a system call
//   thread_pair     a server thread that answers through two such words
#pragma once

#include "cpus.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <latch>
#include <thread>
#include <utility>

namespace insula::bench {

class alignas(64) spinning_word {
 public:
  void set(std::uint32_t turn) { value_.store(turn, std::memory_order_release); }
  void await(std::uint32_t turn) const {
    while (value_.load(std::memory_order_acquire) != turn)
      continue;
  }

 private:
  std::atomic<std::uint32_t> value_{0};
};

class alignas(64) futex_word {
 public:
  void set(std::uint32_t turn) {
    value_.store(turn, std::memory_order_release);
    ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&value_), FUTEX_WAKE_PRIVATE, 1, nullptr,
              nullptr, 0);
  }
  void await(std::uint32_t turn) {
    for (std::uint32_t seen = value_.load(std::memory_order_acquire); seen != turn;
         seen = value_.load(std::memory_order_acquire))
      ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&value_), FUTEX_WAIT_PRIVATE, seen,
                nullptr, nullptr, 0);
  }

 private:
  std::atomic<std::uint32_t> value_{0};
};

/// Lives for one round, so that its server does not spin while somebody else is measured.
/// The caller is the thread that made it.
template <class Word, class Request, class Reply>
class thread_pair {
 public:
  template <class Serve>
  thread_pair(int server_cpu, Serve serve)
      : server_([this, server_cpu, serve] {
          pin_thread(server_cpu);
          in_place_.count_down();
          for (std::uint32_t turn = 1;; ++turn) {
            asked_.await(turn);
            if (over_) return;
            serve(request_, reply_);
            answered_.set(turn);
          }
        }) {
    // A new thread begins on its maker's CPU: it must get away before its maker spins there.
    in_place_.wait();
  }
  ~thread_pair() {
    over_ = true;
    asked_.set(++turn_);
    server_.join();
  }
  thread_pair(const thread_pair&) = delete;
  thread_pair& operator=(const thread_pair&) = delete;

  /// `fill` writes the request.
  template <class Fill>
  Reply call(Fill fill) {
    fill(request_);
    asked_.set(++turn_);
    answered_.await(turn_);
    return reply_;
  }

 private:
  // Each side's word shares a cache line with what it says, if that is small.
  Word asked_;
  Request request_{};
  Word answered_;
  Reply reply_{};
  bool over_ = false;
  std::uint32_t turn_ = 0;  // caller
  std::latch in_place_{1};
  std::thread server_;
};

}  // namespace insula::bench
