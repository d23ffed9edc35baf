// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"
#include "host_thread.hpp"
#include "membership.hpp"

#include <insula/apartments/settled.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace insula {

/// A single-threaded apartment: everything in it runs on its host's thread, one at a time.
class sta_apartment final : public apartment_core {
 public:
  /// `main`: the process has no STA yet (the first one is the main STA).
  sta_apartment(std::string name, std::shared_ptr<host_thread> host);
  ~sta_apartment() override;

  inbox::push_result submit(work_item* item) noexcept override;
  [[nodiscard]] bool runs_here() override;
  [[nodiscard]] insula::port* serving_port() const noexcept override { return port_; }
  void enter() noexcept override { ++entered_; }
  void leave() noexcept override;
  open_loops::ticket begin_wait() noexcept override {
    if (host_->has_foreign_loop()) host_->note_loops();
    return loops_.begin_wait();
  }
  void end_wait(open_loops::ticket begun) noexcept override {
    loops_.end_wait(begun);
    if (!waits()) host_->release_deferred(*this);
  }
  /// Owner: code inside waits, so application work stays queued.
  [[nodiscard]] bool waits() const noexcept { return loops_.hold_back(); }
  /// Owner: a loop runs inside, and with it application work, whoever waits beneath it.
  void loop_opened(open_loops::loop& opened) noexcept {
    loops_.open(opened);
    host_->release_deferred(*this);
  }
  void loop_closed(open_loops::loop& closed) noexcept { loops_.close(closed); }
  [[nodiscard]] std::string description() const override;

  [[nodiscard]] host_thread& host() const noexcept { return *host_; }
  [[nodiscard]] const std::shared_ptr<host_thread>& shared_host() const noexcept { return host_; }
  /// The process's first STA that is still open.
  [[nodiscard]] bool is_main() const noexcept;
  /// The system's id of the thread that it runs on.
  [[nodiscard]] long thread_id() const noexcept { return thread_id_; }

  /// Owner, on the host's thread. Staged: what was queued is served; new calls are refused; calls
  /// inside finish, or are given up after `grace`; exports are disconnected; imports given back;
  /// what was registered for rundown runs; what is left is dropped. When it closes already, waits
  /// until it has.
  void close(const closing_terms& terms);

  /// Owner: its thread closes it as the next system work, once; the run loops inside end first
  /// (they could run `close` on top of themselves, and it would wait for them). Needs no memory.
  void close_soon(const closing_terms& terms) noexcept;
  [[nodiscard]] bool loops_end() const noexcept { return loops_end_; }

  /// Owner: the run loops inside end.
  void end_loops() noexcept;
  /// After close_soon, from another thread: waits until it has closed; see wait_for_closing.
  bool wait_until_closed(std::chrono::nanoseconds grace);
  /// From: any thread.
  [[nodiscard]] bool has_ended() const noexcept { return ended_.is_settled(); }

  /// Owner: scopes of code inside.
  [[nodiscard]] std::size_t entered() const noexcept { return static_cast<std::size_t>(entered_); }

  /// Owner: ends the run loop with `code`, or the foreign loop if that is what runs.
  void quit(int code) noexcept;

  /// Owner: runs `body` inside, as top-level work of this apartment; what it throws is logged.
  void run_top_level(const std::function<void()>& body);

 private:
  const std::shared_ptr<host_thread> host_;  // fixed
  insula::port* const port_;                 // fixed: the host's
  const long thread_id_;                     // fixed

 public:
  // The queues of the host look at these. Owner, on cache lines that callers do not read.
  alignas(64) std::size_t queued =
      0;  // items of classes send, call and system in the host's queues
  application_line application{*this};
  timer_line timers;
  parked_wait_list parked;         // waits of code inside, whose fibers stand aside
  std::size_t place_in_host = 0;   // owner: the host, in its `apartments`
  int running = 0;                 // run loops inside, which end when quit_posted
  bool quit_posted = false;
  int quit_code = 0;

 private:
  void wait_until_ended();
  void serve_accepted();
  void drain(std::chrono::nanoseconds grace);
  void finish_inside(std::chrono::nanoseconds grace);
  void drop_queued();
  void give_up_inside();
  static void run_closing(work_item* item) noexcept;

  bool loops_end_ = false;             // owner
  open_loops loops_;                   // owner: and waits of code inside
  int entered_ = 0;                    // owner: calls and other work inside
  wait_state* until_empty_ = nullptr;  // owner: close waits for entered_ to be 0
  wait_state* until_drained_ = nullptr;  // owner: close waits for application work to have run
  enum class ending { no, begun, over } ending_ = ending::no;  // owner
  struct also_closing {
    also_closing* next;
    wait_state wait{};
  };
  also_closing* until_ended_ = nullptr;  // owner: those who came to close it as well
  struct closing_work : work_item {
    sta_apartment* closes = nullptr;
    closing_terms terms{};
  } closing_work_;               // owner: in the host's queue once `closing_sent_`
  bool closing_sent_ = false;    // owner
  bool close_when_left_ = false;  // owner: until the code has returned on which close would stand
  settled ended_;                 // any thread: closed
  settled ended_or_left_;         // any thread: closed, or its code does not return
};

/// What the code of its scope waits for is that `closes` closes. For the log.
class closing_scope {
 public:
  explicit closing_scope(const apartment_core& closes)
      : running_(current_logical_thread()), around_(std::exchange(running_.closes, &closes)) {}
  ~closing_scope() { running_.closes = around_; }
  closing_scope(const closing_scope&) = delete;
  closing_scope& operator=(const closing_scope&) = delete;

 private:
  logical_thread& running_;
  const apartment_core* const around_;
};

/// Waits, as a call waits, until `ended`, or as long as the calling code may wait for that. False:
/// not any longer, since what it waits for may be waiting for the calling code: the apartment of
/// that code gave it up, or closes itself and has waited for `grace`; or the code is in an
/// apartment, and `ended_or_left` says that code inside the closing one does not return.
bool wait_for_closing(settled& ended, settled& ended_or_left, std::chrono::nanoseconds grace);

}  // namespace insula
