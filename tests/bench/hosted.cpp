// SPDX-License-Identifier: MIT
//
// hosted: from one STA into another on the same thread, against a round trip over two unbuffered
// channels between two fibers of Boost.Fiber on one thread.
#include "cases.hpp"
#include "crossing.hpp"

#if defined(INSULA_BENCH_FIBER)
#include <boost/fiber/fiber.hpp>
#include <boost/fiber/unbuffered_channel.hpp>
#endif

namespace insula::bench {
namespace {

#if defined(INSULA_BENCH_FIBER)
constexpr const char* missing = "";

class fiber_channels final : public subject {
 public:
  void round(subject_log& log) override {
    run_on_cpu(any_cpu, [&] {
      struct numbers {
        std::uint32_t a, b;
      };
      boost::fibers::unbuffered_channel<numbers> asked;
      boost::fibers::unbuffered_channel<std::uint32_t> answered;
      boost::fibers::fiber server([&] {
        numbers request{};
        while (asked.pop(request) == boost::fibers::channel_op_status::success)
          answered.push(request.a + request.b);
      });
      steady(log, microsecond_calls, 7, [&](std::uint32_t i) {
        asked.push({i, 7});
        return answered.value_pop();
      });
      asked.close();
      server.join();
    });
  }
};

std::unique_ptr<subject> make_baseline() { return std::make_unique<fiber_channels>(); }
#else
constexpr const char* missing = "Boost.Fiber was not found when this was built";
std::unique_ptr<subject> make_baseline() { return nullptr; }
#endif

contest set_up() {
  const auto thread = std::make_shared<sta_thread>("host");
  return {
      std::make_unique<crossing>(std::make_unique<hosted_sta>(thread, "caller"),
                                 std::make_unique<hosted_sta>(thread, "owner"), microsecond_calls),
      make_baseline()};
}

}  // namespace

void add_hosted(case_list& cases) {
  cases.push_back({
      .id = "hosted",
      .family = "hosted",
      .title = "STA to STA, one thread",
      .baseline = "Boost.Fiber unbuffered channels",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 0.5},
      .cpus = 1,
      .rounds = 11,
      .set_up = set_up,
      .missing = missing,
  });
}

}  // namespace insula::bench
