// SPDX-License-Identifier: MIT
//
// Each request of each piece is refused in turn: the first allocation, the second, and so on until
// the piece runs through without meeting the refusal. Whatever was refused, the piece ends; says
// that something has run out, or does not need it; leaves nothing behind; and runs whole right
// after, in the same process.
#include "leak_guard.hpp"
#include "scenario.hpp"
#include "shortage.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/log.hpp>

#include <gtest/gtest.h>

#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <tuple>

namespace insula::test {
namespace {

// ---- Where it happened, when the program ends over it -------------------------------------------

std::atomic<const char*> running{"nothing"};
std::atomic<const char*> refusing{"nothing"};
std::atomic<unsigned long> point{0};

void print_point(const char* ending) noexcept {
  const shortage::spared ours;
  char text[300];
  const int size = std::snprintf(text, sizeof text, "%s in piece %s, %s %lu refused here:\n",
                                 ending, running.load(), refusing.load(), point.load());
  (void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(size));
  shortage::print_place();
}

[[noreturn]] void print_and_abort(const char* ending) noexcept {
  print_point(ending);
  void* frames[60];
  const char heading[] = "ended here:\n";
  (void)!::write(STDERR_FILENO, heading, sizeof heading - 1);
  ::backtrace_symbols_fd(frames, ::backtrace(frames, 60), STDERR_FILENO);
  std::abort();
}

/// One run takes a few milliseconds. This long means that it hangs.
constexpr unsigned hang_seconds = 40;

class Exhaustion : public testing::TestWithParam<piece> {
 protected:
  static void SetUpTestSuite() {
    std::set_terminate([] { print_and_abort("terminate"); });
    ::signal(SIGALRM, [](int) { print_and_abort("hang"); });
    // Every sentence is built, and none is printed.
    set_log_level(log_level::trace);
    set_log_sink([](log_level, std::string_view) {});
  }
  static void TearDownTestSuite() {
    ::alarm(0);
    set_log_sink({});
    set_log_level(log_level::warn);
    std::set_terminate(nullptr);
  }

  /// Empty when the piece ran through, or, if `may_stop`, was stopped by what was refused.
  static std::string run(const piece& one, bool may_stop) {
    ::alarm(hang_seconds);
    const char* stopped = nullptr;
    std::string wrong;
    try {
      one.run();
    } catch (const refused_step&) {
      stopped = "a step was refused";
    } catch (const std::bad_alloc&) {
      stopped = "std::bad_alloc";
    } catch (const wrong_answer& answer) {
      const shortage::spared ours;
      wrong = answer.what();
    } catch (const com_error& error) {
      const shortage::spared ours;
      if (says_shortage(error.code())) stopped = "com_error, out of something";
      else wrong = error.what();
    } catch (const std::exception& error) {
      const shortage::spared ours;
      wrong = std::string("an exception: ") + error.what();
    }
    if (stopped != nullptr && !may_stop) wrong = stopped;
    return wrong;
  }

  /// Runs the piece with its `nth` request refused, then whole. False: there is no such request.
  static bool refuse(const piece& one, resource kind, unsigned long nth) {
    point = nth;
    bool met = false;
    std::string wrong;
    {
      const shortage now(kind, nth);
      wrong = run(one, true);
      met = shortage::met();
    }
    if (wrong.empty()) wrong = run(one, false);
    if (!wrong.empty()) {
      print_point("wrong");
      ADD_FAILURE() << one.name << ", " << to_string(kind) << " " << nth << ": " << wrong;
    }
    return met;
  }

  static void sweep(resource kind) {
    const piece& one = GetParam();
    running = one.name;
    refusing = to_string(kind);
    point = 0;
    // What is made once and kept is made now.
    for (int i = 0; i != 3; ++i) ASSERT_EQ(run(one, false), "");
    std::int64_t before = live_blocks();
    for (unsigned long nth = 1; !HasFailure(); ++nth) {
      const leak_snapshot found = leak_snapshot::take();
      if (!refuse(one, kind, nth)) break;
      const std::string left = found.left_behind();
      // What caches keep for the next time comes to an end; what is lost does not.
      constexpr int patience = 8;
      int grown = 0;
      while (grown != patience && live_blocks() > before) {
        before = live_blocks();
        ++grown;
        refuse(one, kind, nth);
      }
      if (left.empty() && grown != patience) continue;
      print_point("leak");
      ADD_FAILURE() << one.name << ", " << to_string(kind) << " " << nth << ": "
                    << (left.empty() ? "memory is left behind each time" : left);
    }
    ::alarm(0);
    RecordProperty(to_string(kind), static_cast<int>(point.load()) - 1);
  }
};

TEST_P(Exhaustion, EveryAllocationMayFail) { sweep(resource::memory); }
TEST_P(Exhaustion, EveryThreadStartMayFail) { sweep(resource::thread); }
TEST_P(Exhaustion, EveryStackMayFail) { sweep(resource::stack); }

std::string name_of(const testing::TestParamInfo<piece>& one) { return one.param.name; }

INSTANTIATE_TEST_SUITE_P(Core, Exhaustion, testing::ValuesIn(pieces_of_core()), name_of);
INSTANTIATE_TEST_SUITE_P(Marshal, Exhaustion, testing::ValuesIn(pieces_of_marshal()), name_of);
INSTANTIATE_TEST_SUITE_P(Apartments, Exhaustion, testing::ValuesIn(pieces_of_apartments()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Calls, Exhaustion, testing::ValuesIn(pieces_of_calls()), name_of);
INSTANTIATE_TEST_SUITE_P(Pumps, Exhaustion, testing::ValuesIn(pieces_of_pumps()), name_of);
INSTANTIATE_TEST_SUITE_P(Interop, Exhaustion, testing::ValuesIn(pieces_of_interop()), name_of);

}  // namespace
}  // namespace insula::test
