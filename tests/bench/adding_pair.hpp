// SPDX-License-Identifier: MIT
#pragma once

#include "bench_case.hpp"
#include "thread_pair.hpp"

namespace insula::bench {

struct add_request {
  std::uint32_t a;
  std::uint32_t b;
};

/// The sum of two numbers asked of another thread: the baseline of most rows.
template <class Word>
class adding_pair {
 public:
  explicit adding_pair(int server_cpu)
      : pair_(server_cpu,
              [](const add_request& request, std::uint32_t& sum) { sum = request.a + request.b; }) {
  }

  std::uint32_t add(std::uint32_t a, std::uint32_t b) {
    return pair_.call([a, b](add_request& request) { request = {a, b}; });
  }

 private:
  thread_pair<Word, add_request, std::uint32_t> pair_;
};

/// Steady traffic between the two.
template <class Word>
class steady_pair final : public subject {
 public:
  steady_pair(int caller_cpu, int server_cpu, const pace& how)
      : caller_cpu_(caller_cpu), server_cpu_(server_cpu), pace_(how) {}

  void round(subject_log& log) override {
    run_on_cpu(caller_cpu_, [&] {
      adding_pair<Word> pair(server_cpu_);
      steady(log, pace_, 7, [&pair](std::uint32_t i) { return pair.add(i, 7); });
    });
  }

 private:
  const int caller_cpu_;
  const int server_cpu_;
  const pace pace_;
};

}  // namespace insula::bench
