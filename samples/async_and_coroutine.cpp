// SPDX-License-Identifier: MIT
//
// The same calls without waiting: futures, a coroutine that moves between apartments, cancelling.
#include <insula/apartments/async.hpp>
#include <insula/apartments/call_options.hpp>
#include <insula/apartments/resume_in.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <iostream>
#include <numeric>
#include <thread>
#include <vector>

struct IStatistics : insula::IUnknown {
  virtual void add(int value) = 0;
  virtual int total() = 0;
  virtual int wait_for_cancel() = 0;
};
INSULA_INTERFACE(IStatistics, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a04", (add),
                 (total), (wait_for_cancel));

namespace {

struct Statistics : insula::implements<Statistics, IStatistics> {
  void add(int value) override { values_.push_back(value); }
  int total() override { return std::accumulate(values_.begin(), values_.end(), 0); }
  int wait_for_cancel() override {
    while (!insula::current_call_is_cancelled()) std::this_thread::yield();
    return 0;
  }
  std::vector<int> values_;
};

// [coroutine]
insula::task<int> gather(insula::com_ptr<IStatistics> statistics, insula::apartment other) {
  for (int value : {1, 2, 3}) co_await insula::async(statistics, &IStatistics::add, value);
  const int total = co_await insula::async(statistics, &IStatistics::total);

  const insula::apartment mine = insula::apartment::current();
  co_await insula::resume_in(other);
  std::cout << "now in " << insula::apartment::current().name() << '\n';
  co_await insula::resume_in(mine);
  std::cout << "back in " << insula::apartment::current().name() << '\n';
  co_return total;
}
// [/coroutine]

}  // namespace

int main() {
  insula::sta_lease here("main");
  insula::sta numbers("numbers");
  auto statistics = numbers.create<IStatistics>([] { return insula::make<Statistics>(); });

  const int gathered = gather(statistics, numbers).get();
  std::cout << "the coroutine says " << gathered << '\n';

  // [async]
  for (int value = 4; value <= 10; ++value)
    insula::notify(statistics, &IStatistics::add, value);  // nobody waits for these
  insula::future<int> total = insula::async(statistics, &IStatistics::total);
  std::cout << "calls keep their order: " << total.get() << '\n';
  // [/async]

  insula::future<int> endless = insula::async(statistics, &IStatistics::wait_for_cancel);
  endless.cancel();
  try {
    endless.get();
  } catch (const insula::com_error& error) {
    std::cout << "cancelled: " << error.code() << '\n';
  }
}
