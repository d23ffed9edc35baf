// SPDX-License-Identifier: MIT
//
// What code notices of the fibers it runs on: nothing.
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>

#include "log_lines.hpp"
#include "milestone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t letters = 100;  // its frames are many times as large
#else
constexpr std::size_t letters = 1000;
#endif

std::string description_here() {
  com_ptr<IErrorInfo> info;
  if (GetErrorInfo(0, info.put()) != S_OK) return "none";
  return com_error(E_FAIL, info).what();
}

TEST(Fibers, WithoutMemoryForThemCallsNestAndTheLogSaysSo) {
  const log_lines lines;
  std::vector<int> order;
  {
    const sta home(sta_options{.name = "home", .stack_size = SIZE_MAX});
    const sta away("away");
    home.invoke([&] {
      away.invoke([&] {
        home.invoke([&] {
          away.invoke([&] { home.invoke([&] { order.push_back(1); }); });
          order.push_back(2);
        });
      });
      order.push_back(3);
    });
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no memory for one more stack"));
}

TEST(Fibers, OfAStackTooSmallForACallGetALargerOne) {
  const sta home(sta_options{.name = "home", .stack_size = 1});
  const sta away("away");
  int ran = 0;
  home.invoke([&] { away.invoke([&] { home.invoke([&] { ++ran; }); }); });
  EXPECT_EQ(ran, 1);
}

TEST(Fibers, EachRethrowsTheExceptionItHandles) {
  const sta home("home");
  const sta away("away");
  std::string rethrown;

  home.invoke([&] {
    try {
      try {
        throw std::runtime_error("mine");
      } catch (const std::runtime_error&) {
        // Another fiber of this thread throws and catches while this one waits in its handler.
        away.invoke([&] {
          home.invoke([] {
            try {
              throw std::logic_error("theirs");
            } catch (const std::logic_error&) {
            }
          });
        });
        throw;
      }
    } catch (const std::exception& caught) {
      rethrown = caught.what();
    }
  });

  EXPECT_EQ(rethrown, "mine");
}

TEST(Fibers, NoneSeesAnExceptionThatAnotherHandles) {
  const sta home("home");
  const sta away("away");
  bool handled_elsewhere = true;

  home.invoke([&] {
    try {
      throw std::runtime_error("mine");
    } catch (const std::runtime_error&) {
      away.invoke([&] {
        home.invoke([&] { handled_elsewhere = std::current_exception() != nullptr; });
      });
    }
  });

  EXPECT_FALSE(handled_elsewhere);
}

// The first to enter its handler is the first to leave it: not the order of a stack.
TEST(Fibers, HandlersMayEndInAnyOrder) {
  const sta home("home");
  const sta away("away");
  const sta further("further");
  milestone second_waits("the second handler");
  milestone first_ended("the first handler's end");
  const auto rethrows = [](const char* text, const std::function<void()>& meanwhile) {
    try {
      try {
        throw std::runtime_error(text);
      } catch (const std::runtime_error&) {
        meanwhile();
        throw;
      }
    } catch (const std::runtime_error& caught) {
      EXPECT_STREQ(caught.what(), text);
    }
  };
  milestone first_waits("the first handler");

  std::thread first([&] {
    home.invoke([&] {
      rethrows("first", [&] {
        away.invoke([&] {
          first_waits.pass();
          second_waits.await();
        });
      });
    });
    first_ended.pass();
  });
  first_waits.await();
  home.invoke([&] {
    rethrows("second", [&] {
      further.invoke([&] {
        second_waits.pass();
        first_ended.await();
      });
    });
  });
  first.join();
}

TEST(Fibers, EachHasAnErrorInfoOfItsOwn) {
  const sta home("home");
  const sta away("away");
  std::string theirs;
  std::string mine;

  home.invoke([&] {
    set_error(E_FAIL, "mine");
    away.invoke([&] {
      home.invoke([&] {
        theirs = description_here();
        set_error(E_FAIL, "theirs");
      });
    });
    mine = description_here();
  });

  EXPECT_EQ(theirs, "none");
  EXPECT_NE(mine.find("mine"), std::string::npos) << mine;
}

TEST(Fibers, HaveAStackForOrdinaryCode) {
  const sta home("home");
  const sta away("away");
  bool matched = false;

  home.invoke([&] {
    away.invoke([&] {
      // A fiber of home's pool serves this; the expression recurses for each letter.
      home.invoke([&] {
        matched = std::regex_match(std::string(letters, 'a') + "b", std::regex("(a|b)*b"));
      });
    });
  });

  EXPECT_TRUE(matched);
}

TEST(Fibers, AreUsedAgain) {
  const sta home("home");
  const sta away("away");
  std::set<std::uintptr_t> stacks;

  for (int i = 0; i != 1000; ++i)
    home.invoke([&] {
      away.invoke([&] {
        home.invoke([&] {
          stacks.insert(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) >> 16);
        });
      });
    });

  EXPECT_LE(stacks.size(), 2u);
}

TEST(Fibers, WaitsEndInTheOrderOfTheirReplies) {
  const sta home("home");
  const sta b("b");
  const sta c("c");
  milestone b_entered("the call into b"), c_entered("the call into c");
  milestone b_goes("b's permission"), c_goes("c's permission");
  milestone later_waits("the end of the later wait");

  std::thread earlier([&] {
    home.invoke([&] {
      b.invoke([&] {
        b_entered.pass();
        b_goes.await();
      });
    });
  });
  b_entered.await();
  std::thread later([&] {
    home.invoke([&] {
      c.invoke([&] {
        c_entered.pass();
        c_goes.await();
      });
    });
    later_waits.pass();
  });
  c_entered.await();

  b_goes.pass();
  earlier.join();  // on one stack it would wait for the later one
  EXPECT_FALSE(later_waits.passed());
  c_goes.pass();
  later.join();
}

TEST(Fibers, ManyWaitsEndInAnyOrder) {
  constexpr std::size_t count = 8;
  const sta home("home");
  std::vector<std::unique_ptr<sta>> others;
  std::vector<std::unique_ptr<milestone>> entered, goes;
  for (std::size_t i = 0; i != count; ++i) {
    others.push_back(std::make_unique<sta>("other " + std::to_string(i)));
    entered.push_back(std::make_unique<milestone>());
    goes.push_back(std::make_unique<milestone>());
  }
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i != count; ++i) {
    callers.emplace_back([&, i] {
      home.invoke([&, i] {
        others[i]->invoke([&, i] {
          entered[i]->pass();
          goes[i]->await();
        });
      });
    });
    entered[i]->await();
  }
  for (std::size_t i = 0; i != count; i += 2) {
    goes[i]->pass();
    callers[i].join();
  }
  for (std::size_t i = count - 1; i < count; i -= 2) {
    goes[i]->pass();
    callers[i].join();
  }
}

// Calls between apartments of one thread share its stack, until it gets short.
TEST(Fibers, TenThousandLevelsDoNotOverflow) {
  sta_thread shared("shared");
  const sta a(shared, "a");
  const sta b(shared, "b");
  const std::function<int(int)> descend = [&](int left) {
    if (left == 0) return 0;
    const sta& next = left % 2 == 0 ? a : b;
    return 1 + next.invoke([&] { return descend(left - 1); });
  };
  EXPECT_EQ(descend(10'000), 10'000);
}

}  // namespace
}  // namespace insula::test
