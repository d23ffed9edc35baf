// SPDX-License-Identifier: MIT
//
// array: 64 KiB of integers go to the owner, which sums them, caller and owner each pinned to a CPU
// of its own. The baseline is two spinning threads with one copy of the array, into memory that the
// server then reads. Both change one element per call.
#include "cases.hpp"
#include "proxy_in.hpp"
#include "summer.hpp"
#include "thread_pair.hpp"

#include <algorithm>
#include <array>

namespace insula::bench {
namespace {

constexpr std::size_t elements = 64 * 1024 / sizeof(std::int32_t);
using numbers = std::array<std::int32_t, elements>;

constexpr pace array_calls{200, 50, std::chrono::milliseconds{40}, 500};

int caller_cpu() { return usable_cpus().at(0); }
int owner_cpu() { return usable_cpus().at(1); }

/// Element 0 becomes the number of the call, the others are 1.
std::unique_ptr<numbers> make_numbers() {
  auto made = std::make_unique<numbers>();
  made->fill(1);
  return made;
}
constexpr std::uint64_t others = elements - 1;

class array_crossing final : public subject {
 public:
  void round(subject_log& log) override {
    summer_.caller().run([&] {
      ISummer* const summer = summer_.get();
      numbers& sent = *numbers_;
      steady(log, array_calls, others, [summer, &sent](std::uint32_t i) {
        sent[0] = static_cast<std::int32_t>(i);
        std::int64_t sum = 0;
        throw_if_failed(summer->Sum(elements, sent.data(), &sum));
        return static_cast<std::uint64_t>(sum);
      });
    });
  }

 private:
  proxy_in<ISummer> summer_{std::make_unique<own_sta>("caller", caller_cpu()),
                            std::make_unique<own_sta>("owner", owner_cpu()), make_summer};
  const std::unique_ptr<numbers> numbers_ = make_numbers();
};

class array_pair final : public subject {
 public:
  void round(subject_log& log) override {
    using pair_type = thread_pair<spinning_word, numbers, std::int64_t>;
    run_on_cpu(caller_cpu(), [&] {
      const auto pair =
          std::make_unique<pair_type>(owner_cpu(), [](const numbers& received, std::int64_t& sum) {
            sum = sum_of(received.data(), elements);
          });
      numbers& sent = *numbers_;
      steady(log, array_calls, others, [&pair, &sent](std::uint32_t i) {
        sent[0] = static_cast<std::int32_t>(i);
        return static_cast<std::uint64_t>(
            pair->call([&sent](numbers& request) { std::ranges::copy(sent, request.begin()); }));
      });
    });
  }

 private:
  const std::unique_ptr<numbers> numbers_ = make_numbers();
};

}  // namespace

void add_array(case_list& cases) {
  cases.push_back({
      .id = "array",
      .family = "array",
      .title = "64 KiB array in, two cpus",
      .baseline = "two threads spinning, one copy",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 1.15},
      .cpus = 2,
      .rounds = 11,
      .set_up =
          [] {
            return contest{std::make_unique<array_crossing>(), std::make_unique<array_pair>()};
          },
  });
}

}  // namespace insula::bench
