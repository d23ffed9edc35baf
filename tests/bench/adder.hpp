// SPDX-License-Identifier: MIT
//
// What is called in most rows: an object that adds two numbers. The implementations are out of
// sight of the loops that call them, so that no call is ever inlined or guessed.
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/marshal/interface.hpp>

#include <cstdint>
#include <memory>

namespace insula::bench {

struct IAdder : IUnknown {
  virtual std::uint32_t add(std::uint32_t a, std::uint32_t b) = 0;
};
INSULA_INTERFACE(IAdder, IUnknown, "6e0b7a52-6a0c-4b54-9a5e-0f6d3b0c1a01", (add));

/// The same without COM.
class plain_adder {
 public:
  virtual ~plain_adder() = default;
  virtual std::uint32_t add(std::uint32_t a, std::uint32_t b) = 0;
};

[[nodiscard]] com_ptr<IAdder> make_adder();
/// One that pins the threads that call it: the way to place a pool's threads.
[[nodiscard]] com_ptr<IAdder> make_pinning_adder(int cpu);
[[nodiscard]] std::unique_ptr<plain_adder> make_plain_adder();

}  // namespace insula::bench
