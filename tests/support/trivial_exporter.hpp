// SPDX-License-Identifier: MIT
//
// Object exporters without threads of their own, for tests of marshal alone.
//   trivial_exporter          a place that a thread is inside while an `enter` scope says so
//   trivial_exporter::enter   the scope
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/object_exporter.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <string>

namespace insula {

/// Any number of them share a thread, and any number of threads may be inside one. A call is
/// delivered at once, on the calling thread, by entering the other exporter for its duration;
/// posted work runs at once too, unless the test holds it back. Close it before the last reference
/// goes: `trivial_exporter_ptr` does.
class trivial_exporter final : public object_exporter {
 public:
  explicit trivial_exporter(std::string name);

  bool is_current() const noexcept override;
  std::string description() const override { return "exporter '" + name_ + "'"; }
  HRESULT connect(object_exporter& importer, stub_endpoint& target,
                  IRpcChannelBuffer** channel) override;
  HRESULT call(function_ref<void()> work) override;
  bool post(std::unique_ptr<exporter_work> work) noexcept override;

  /// The calling thread is inside as long as this lives; before that it was inside another one, or
  /// none, and is again afterwards.
  class enter {
   public:
    explicit enter(trivial_exporter& exporter);
    ~enter();
    enter(const enter&) = delete;
    enter& operator=(const enter&) = delete;

   protected:
    explicit enter(trivial_exporter* exporter);

   private:
    trivial_exporter* const before_;
  };

  /// The calling thread is in no exporter as long as this lives.
  class leave : private enter {
   public:
    leave() : enter(nullptr) {}
  };

  /// Ends the exports, then the imports; after that calls, posts and connections fail. Once.
  void close();
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }

  /// Posted work waits for `run_posts` from now on.
  void hold_posts() { holds_posts_.store(true); }
  /// Runs what was posted before; how much that was.
  int run_posts();
  [[nodiscard]] int waiting_posts() const;

  /// Connections to this exporter fail like this from now on; S_OK lets them through again.
  void refuse_connections(HRESULT code) { refusal_.store(code); }

  /// Calls and questions that came in from other exporters.
  [[nodiscard]] int calls() const noexcept { return calls_.load(); }

 private:
  friend class trivial_channel;

  const std::string name_;                // fixed
  std::atomic<int> calls_{0};             // atomic: a statistic
  std::atomic<HRESULT> refusal_{S_OK};    // atomic
  std::atomic<bool> holds_posts_{false};  // atomic
  std::atomic<bool> closed_{false};       // atomic
  mutable mutex mutex_;
  std::deque<std::unique_ptr<exporter_work>> posts_ INSULA_GUARDED_BY(mutex_);
};

/// Owns a trivial_exporter and closes it at the end of the test, if the test has not done so.
class trivial_exporter_ptr {
 public:
  explicit trivial_exporter_ptr(std::string name)
      : exporter_(new trivial_exporter(std::move(name)), take_ownership) {}
  ~trivial_exporter_ptr() { finish(); }
  trivial_exporter_ptr(const trivial_exporter_ptr&) = delete;
  trivial_exporter_ptr& operator=(const trivial_exporter_ptr&) = delete;

  /// Runs what was posted and closes, unless the test has closed it.
  void finish() {
    if (exporter_->closed()) return;
    exporter_->run_posts();
    exporter_->close();
  }

  trivial_exporter* operator->() const noexcept { return exporter_.get(); }
  trivial_exporter& operator*() const noexcept { return *exporter_; }

 private:
  const com_ptr<trivial_exporter> exporter_;  // fixed
};

}  // namespace insula
