// SPDX-License-Identifier: MIT
#include "text_layout.hpp"
#include "view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace document_index {
namespace {

constexpr const char* clear_line = "\x1B[K";
constexpr const char* clear_below = "\x1B[J";
constexpr const char* hide_cursor = "\x1B[?25l";
constexpr const char* show_cursor = "\x1B[?25h";
// A line that is too long all the same, with characters of two columns or after the window has
// shrunk, must not take two rows: the way back up is counted in lines.
constexpr const char* wrap_off = "\x1B[?7l";
constexpr const char* wrap_on = "\x1B[?7h";
constexpr const char* bold = "\x1B[1m";
constexpr const char* green = "\x1B[32m";
constexpr const char* dim = "\x1B[2m";
constexpr const char* red = "\x1B[31m";
constexpr const char* normal = "\x1B[0m";

struct window {
  std::size_t columns = 80, rows = 24;
};

window terminal_window() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {std::max<std::size_t>(size.ws_col, 20), std::max<std::size_t>(size.ws_row, 8)};
}

std::string styled(const char* style, const std::string& text) {
  return std::string(style).append(text).append(normal);
}

/// Lines that are drawn over the ones before: first back up, then each line anew.
class live_view : public view {
 public:
  explicit live_view(bool keys) : keys_(keys) {}
  ~live_view() override {
    if (drawn_ != 0) write_out(show_cursor);
  }

  // Fifteen times a second.
  [[nodiscard]] std::chrono::milliseconds period() const noexcept override {
    return std::chrono::milliseconds(67);
  }

  [[nodiscard]] bool draw(const progress& now) override {
    const std::vector<std::string> lines = frame(now, terminal_window());
    std::string text = std::string(hide_cursor) + wrap_off;
    if (drawn_ != 0) text += "\x1B[" + std::to_string(drawn_) + "A";
    text += '\r';
    for (const std::string& line : lines) text.append(line).append(clear_line).append("\n");
    text.append(clear_below).append(wrap_on);
    if (now.now == progress::state::done) text += show_cursor;
    drawn_ = now.now == progress::state::done ? 0 : lines.size();
    return write_out(text);
  }

 private:
  [[nodiscard]] std::vector<std::string> frame(const progress& now, window size) const {
    // The last column stays free: some terminals wrap when it is written.
    const std::size_t width = size.columns - 1;
    std::vector<std::string> lines{title(now, width), bar(now, width), figures(now, width)};
    if (now.now == progress::state::done) return lines;
    const std::size_t room = size.rows - std::min<std::size_t>(size.rows - 2, 7);
    for (std::size_t i = 0; i < std::min(now.current.size(), room); ++i) {
      const std::string& path = now.current[i];
      lines.push_back(" " + padded_left(std::to_string(i + 1), 2) + "  " +
                      shortened(path.empty() ? "-" : path, width - 5));
    }
    if (!now.problems.empty())
      lines.push_back(styled(red, shortened(" unreadable: " + now.problems.back(), width)));
    if (keys_) {
      const char* const pause = now.now == progress::state::paused ? "p go on" : "p pause";
      lines.push_back(styled(dim, shortened(std::string(" ") + pause + "   q stop", width)));
    }
    return lines;
  }

  static std::string title(const progress& now, std::size_t width) {
    std::string text = " document index";
    switch (now.now) {
      case progress::state::working:
        if (now.locked) text += ": the database is locked, trying again";
        break;
      case progress::state::paused:
        text += ": paused";
        break;
      case progress::state::ending:
        text += ": ending (" + now.notice + ")";
        break;
      case progress::state::done:
        text += now.notice.empty() ? ": done" : ": ended (" + now.notice + ")";
        break;
    }
    const std::size_t right = 10;
    return styled(bold, padded_right(shortened(text, width - right), width - right)) +
           padded_left(seconds_text(now.elapsed), right);
  }

  static std::string bar(const progress& now, std::size_t width) {
    std::string figures = " " + padded_left(percent(now) + " %", 5);
    const std::string count =
        "  " + grouped(now.done) + " of " + grouped(now.files) + " files";
    constexpr std::size_t frame_and_bar = 3 + 8;
    if (figures.size() + count.size() + frame_and_bar <= width) figures += count;
    const std::size_t room = width - 3 - figures.size();
    const std::size_t full =
        now.files == 0 ? room : static_cast<std::size_t>(now.done * room / now.files);
    return " [" + styled(green, std::string(full, '#')) + std::string(room - full, '.') + "]" +
           figures;
  }

  static std::string percent(const progress& now) {
    return std::to_string(now.files == 0 ? 100 : now.done * 100 / now.files);
  }

  static std::string figures(const progress& now, std::size_t width) {
    const std::uint64_t errors = now.count(outcome::unreadable);
    std::string text = " " + grouped(static_cast<std::uint64_t>(now.files_per_second)) +
                       " files/s   " +
                       size_text(static_cast<std::uint64_t>(now.bytes_per_second)) + "/s   " +
                       grouped(now.count(outcome::indexed)) + " indexed   " +
                       grouped(now.skipped()) + " skipped   " + counted(errors, "error");
    return shortened(text, width);
  }

  const bool keys_;
  std::size_t drawn_ = 0;  // lines on the screen that the next frame replaces
};

}  // namespace

std::unique_ptr<view> make_live_view(bool keys) { return std::make_unique<live_view>(keys); }

}  // namespace document_index
