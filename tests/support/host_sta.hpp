// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/initialize.hpp>
#include <insula/apartments/sta.hpp>

#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace insula::test {

/// An STA as COM code makes it: a thread that calls CoInitializeEx, serves its apartment, and
/// leaves with CoUninitialize.
class host_sta {
 public:
  host_sta() {
    std::promise<apartment> entered;
    std::future<apartment> here = entered.get_future();
    thread_ = std::thread([this, &entered] { main(entered); });
    apartment_ = here.get();
  }
  ~host_sta() { leave(); }
  host_sta(const host_sta&) = delete;
  host_sta& operator=(const host_sta&) = delete;

  [[nodiscard]] const apartment& get() const noexcept { return apartment_; }
  const apartment* operator->() const noexcept { return &apartment_; }

  /// Runs on the thread after CoUninitialize, before the thread ends.
  void after_leaving(std::function<void()> body) { after_ = std::move(body); }

  /// Serves what was queued, uninitialises and ends the thread; returns after that. Idempotent.
  void leave() {
    if (!thread_.joinable()) return;
    apartment_.quit();
    thread_.join();
  }

 private:
  void main(std::promise<apartment>& entered) {
    throw_if_failed(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED));
    {
      sta_lease serving("host");
      entered.set_value(serving.get());
      serving.run();
    }
    CoUninitialize();
    if (after_) after_();
  }

  std::function<void()> after_;  // set before leave()
  apartment apartment_;
  std::thread thread_;
};

}  // namespace insula::test
