// SPDX-License-Identifier: MIT
//
// Two apartments that call each other: while `main` waits for the worker, the worker calls back
// into it, and is served, on the thread that waits.
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <iostream>
#include <thread>

// [interfaces]
struct IProgress : insula::IUnknown {
  virtual insula::HRESULT Advanced(int done, int total, bool* go_on) = 0;
};
INSULA_INTERFACE(IProgress, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a02",
                 (Advanced, in("done"), in("total"), out("go_on")));

struct ICounter : insula::IUnknown {
  virtual insula::HRESULT Count(int total, IProgress* progress, int* reached) = 0;
};
INSULA_INTERFACE(ICounter, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a03",
                 (Count, in("total"), in("progress"), out("reached")));
// [/interfaces]

namespace {

struct Counter : insula::implements<Counter, ICounter> {
  insula::HRESULT Count(int total, IProgress* progress, int* reached) override {
    for (*reached = 1; *reached <= total; ++*reached) {
      bool go_on = false;
      const insula::HRESULT told = progress->Advanced(*reached, total, &go_on);
      if (insula::FAILED(told)) return told;
      if (!go_on) return insula::S_FALSE;
    }
    return insula::S_OK;
  }
};

struct Progress : insula::implements<Progress, IProgress> {
  insula::HRESULT Advanced(int done, int total, bool* go_on) override {
    std::cout << done << " of " << total << " on the "
              << (std::this_thread::get_id() == home_ ? "same" : "wrong") << " thread\n";
    *go_on = done < 3;
    return insula::S_OK;
  }
  const std::thread::id home_ = std::this_thread::get_id();
};

}  // namespace

int main() {
  insula::sta_lease here("main");
  insula::sta worker("worker");
  auto counter = worker.create<ICounter>([] { return insula::make<Counter>(); });
  auto progress = insula::make<Progress>();

  int reached = 0;
  const insula::HRESULT result = counter->Count(5, progress.get(), &reached);
  std::cout << "stopped at " << reached << " with " << result << '\n';
}
