// SPDX-License-Identifier: MIT
#include "exporter_registry.hpp"

#include "trivial_exporter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

// Entries go from thread to thread: under the thread sanitizer this shows that it sees how.
TEST(ExporterRegistry, FindsExportersWhileOthersComeAndGo) {
  constexpr int rounds = 500;
  constexpr std::size_t seats = 8;
  std::vector<std::atomic<oxid>> ids(seats);
  std::atomic<int> found{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> makers;
  for (std::size_t i = 0; i != 2; ++i)
    makers.emplace_back([&, i] {
      for (int n = 0; n != rounds; ++n) {
        const trivial_exporter_ptr made("made");
        ids[(i + static_cast<std::size_t>(n)) % seats] = made->id();
        EXPECT_EQ(find_exporter(made->id()).get(), &*made);
      }
    });
  std::thread looks([&] {
    while (!over)
      for (const std::atomic<oxid>& id : ids)
        if (find_exporter(id)) ++found;
  });
  for (std::thread& maker : makers) maker.join();
  over = true;
  looks.join();
  for (const std::atomic<oxid>& id : ids) EXPECT_EQ(find_exporter(id), nullptr);
}

// The memory of an entry goes back to the thread that it came from, by ways of the allocator's own.
TEST(ExporterRegistry, ForgetsExportersOnAnotherThreadThanRegisteredThem) {
  constexpr int rounds = 5000;
  std::atomic<trivial_exporter_ptr*> handed_on{nullptr};
  std::atomic<bool> over{false};
  std::thread forgets([&] {
    while (!over)
      delete handed_on.exchange(nullptr, std::memory_order_acquire);
  });
  for (int n = 0; n != rounds; ++n) {
    auto made = std::make_unique<trivial_exporter_ptr>("made");
    const oxid id = (*made)->id();
    EXPECT_NE(find_exporter(id), nullptr);
    delete handed_on.exchange(made.release(), std::memory_order_release);
  }
  over = true;
  forgets.join();
  delete handed_on.load();
}

}  // namespace
}  // namespace insula::test
