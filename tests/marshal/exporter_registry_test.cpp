// SPDX-License-Identifier: MIT
#include "exporter_registry.hpp"

#include "trivial_exporter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
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

}  // namespace
}  // namespace insula::test
