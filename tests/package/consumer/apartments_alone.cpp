// SPDX-License-Identifier: MIT
// Ends with 0 when the floor apartments works without the one above it.
#include <insula/apartments/sta.hpp>

#include <thread>

int main() {
  const insula::sta_lease here("main");
  const insula::sta home("home");
  const auto there = home.invoke([] { return std::this_thread::get_id(); });
  return there != std::this_thread::get_id() ? 0 : 1;
}
