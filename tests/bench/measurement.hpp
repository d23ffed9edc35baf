// SPDX-License-Identifier: MIT
//
// How figures are taken.
//   subject_log   what was measured of one subject, round by round
//   steady        calls one after the other: cost per call, then single calls
//   paced         single calls with a pause before each
#pragma once

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <vector>

namespace insula::bench {

using bench_clock = std::chrono::steady_clock;

/// Nanoseconds that reading the clock twice says have passed when nothing was done between.
[[nodiscard]] double clock_cost();

[[nodiscard]] inline double nanoseconds_between(bench_clock::time_point from,
                                                bench_clock::time_point to) {
  return std::chrono::duration<double, std::nano>(to - from).count();
}

/// The value below which the share `part` of `values` lies. Fails: std::invalid_argument when
/// empty.
[[nodiscard]] double quantile(std::vector<double> values, double part);
[[nodiscard]] inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

/// What was measured of one subject.
class subject_log {
 public:
  /// The result of one round; its unit is that of the case, mostly nanoseconds per call.
  void round(double figure) { rounds_.push_back(figure); }
  /// One call on its own, as the clock showed it.
  void single(bench_clock::time_point from, bench_clock::time_point to, double calls = 1);

  [[nodiscard]] const std::vector<double>& rounds() const { return rounds_; }
  [[nodiscard]] double typical() const { return median(rounds_); }
  /// Of the single calls of all rounds, if there were any.
  [[nodiscard]] std::optional<double> p99() const;
  /// The median of the last `count` single calls becomes the result of a round.
  void round_of_singles(std::size_t count);

 private:
  std::vector<double> rounds_;
  std::vector<double> singles_;
};

/// One round of steady traffic.
struct pace {
  std::uint32_t warm_up;  // calls before the clock starts
  std::uint32_t batch;    // calls between two looks at the clock
  std::chrono::milliseconds at_least;
  std::uint32_t singles;         // samples of single calls after that
  std::uint32_t per_single = 1;  // more than 1 where a call is shorter than the clock can tell
};

inline constexpr pace microsecond_calls{2000, 500, std::chrono::milliseconds{30}, 2000};
inline constexpr pace nanosecond_calls{100'000, 50'000, std::chrono::milliseconds{15}, 500, 1000};

/// Makes sure that every call was made and answered rightly: call i gave i + `added`.
inline void require_sum(std::uint64_t sum, std::uint64_t calls, std::uint64_t added) {
  if (sum != calls * (calls - 1) / 2 + calls * added)
    throw std::runtime_error("the results of the calls do not add up");
}

/// Not inlined and aligned, so that case and baseline run the same instructions around their calls.
template <class Call>
[[gnu::noinline, gnu::aligned(64)]] std::uint64_t make_calls(Call call, std::uint32_t first,
                                                             std::uint32_t count) {
  std::uint64_t sum = 0;
  for (std::uint32_t i = first; i != first + count; ++i)
    sum += call(i);
  return sum;
}

/// A round: `call(i)` is made over and over and must give i + `added`. The figure is the time of
/// all calls divided by their number, with no clock read in between but once per batch. After that,
/// single calls are timed, less what reading the clock costs.
template <class Call>
void steady(subject_log& log, const pace& how, std::uint64_t added, Call call) {
  std::uint64_t sum = make_calls(call, 0, how.warm_up);
  const std::uint32_t first = how.warm_up;
  std::uint32_t made = first;
  const bench_clock::time_point begin = bench_clock::now();
  bench_clock::time_point end = begin;
  while (end - begin < how.at_least) {
    sum += make_calls(call, made, how.batch);
    made += how.batch;
    end = bench_clock::now();
  }
  log.round(nanoseconds_between(begin, end) / (made - first));
  for (std::uint32_t i = 0; i != how.singles; ++i, made += how.per_single) {
    const bench_clock::time_point from = bench_clock::now();
    sum += make_calls(call, made, how.per_single);
    log.single(from, bench_clock::now(), how.per_single);
  }
  require_sum(sum, made, added);
}

/// A round of `calls` calls, each after `pause` of sleep. The figure is the median of the calls.
template <class Call>
void paced(subject_log& log, std::uint32_t calls, std::chrono::nanoseconds pause,
           std::uint64_t added, Call call) {
  const timespec nap{.tv_sec = 0, .tv_nsec = static_cast<long>(pause.count())};
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i != calls; ++i) {
    while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr) == EINTR)
      continue;
    const bench_clock::time_point from = bench_clock::now();
    sum += call(i);
    log.single(from, bench_clock::now());
  }
  log.round_of_singles(calls);
  require_sum(sum, calls, added);
}

}  // namespace insula::bench
