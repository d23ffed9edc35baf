// SPDX-License-Identifier: MIT
//
// Two ways to show progress on standard output:
//   make_live_view     a few lines of a terminal, drawn over and over
//   make_plain_view    a line now and then
#pragma once

#include "progress.hpp"

#include <chrono>
#include <memory>

namespace document_index {

class view {
 public:
  virtual ~view() = default;
  /// How often to draw.
  [[nodiscard]] virtual std::chrono::milliseconds period() const noexcept = 0;
  /// Fails: output_error.
  virtual void draw(const progress& now) = 0;
};

/// `keys`: say which keys there are.
[[nodiscard]] std::unique_ptr<view> make_live_view(bool keys);
[[nodiscard]] std::unique_ptr<view> make_plain_view();

}  // namespace document_index
