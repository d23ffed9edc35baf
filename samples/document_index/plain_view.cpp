// SPDX-License-Identifier: MIT
#include "output.hpp"
#include "text_layout.hpp"
#include "view.hpp"

#include <string>

namespace document_index {
namespace {

/// Lines for logs and pipes: the beginning, each problem, progress once a second, the end.
class plain_view : public view {
 public:
  [[nodiscard]] std::chrono::milliseconds period() const noexcept override {
    return std::chrono::seconds(1);
  }

  void draw(const progress& now) override {
    std::string text;
    if (now.now == progress::state::opening) {
      write_out("the database is locked, trying again\n");
      return;
    }
    if (!begun_) {
      text = "indexing " + counted(now.files, "file") + " with " +
             counted(now.current.size(), "worker") + "\n";
      begun_ = true;
    }
    for (; problems_ < now.problems.size(); ++problems_)
      text += "unreadable: " + printable(now.problems[problems_]) + "\n";
    if (now.locked && now.now != progress::state::done)
      text += "the database is locked, trying again\n";
    if (now.now == progress::state::ending && !ending_) {
      text += "ending: " + printable(now.notice) + "\n";
      ending_ = true;
    }
    text += padded_left(seconds_text(now.elapsed), 9) + "  " + grouped(now.done) + " of " +
            counted(now.files, "file") + ", " +
            grouped(static_cast<std::uint64_t>(now.files_per_second)) + " files/s, " +
            size_text(static_cast<std::uint64_t>(now.bytes_per_second)) + "/s, " +
            counted(now.count(outcome::unreadable), "error") + "\n";
    write_out(text);
  }

 private:
  bool begun_ = false;
  bool ending_ = false;
  std::size_t problems_ = 0;  // shown so far
};

}  // namespace

std::unique_ptr<view> make_plain_view() { return std::make_unique<plain_view>(); }

}  // namespace document_index
