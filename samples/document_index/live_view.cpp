// SPDX-License-Identifier: MIT
#include "output.hpp"
#include "terminal.hpp"
#include "text_layout.hpp"
#include "view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
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
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

/// https://no-color.org: who sets it to anything wants none.
bool wants_colour() {
  const char* const no = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return no == nullptr || *no == '\0';
}

/// Lines that are drawn over the ones before: first back up, then each line anew.
class live_view : public view {
 public:
  explicit live_view(bool keys) : keys_(keys) {}
  ~live_view() override { terminal::give_back(); }

  // Fifteen times a second.
  [[nodiscard]] std::chrono::milliseconds period() const noexcept override {
    return std::chrono::milliseconds(67);
  }

  void draw(const progress& now) override {
    terminal::drawing on_screen;
    // Another job has written below what was drawn before the program was stopped.
    if (const unsigned times = terminal::times_given_back(); times != given_back_) {
      given_back_ = times;
      drawn_ = 0;
    }
    const std::vector<std::string> lines = frame(now, terminal_window());
    std::string text = std::string(hide_cursor) + wrap_off;
    if (drawn_ != 0) text += "\x1B[" + std::to_string(drawn_) + "A";
    text += '\r';
    for (const std::string& line : lines) text.append(line).append(clear_line).append("\n");
    text.append(clear_below).append(wrap_on);
    if (now.now == progress::state::done) text += show_cursor;
    drawn_ = now.now == progress::state::done ? 0 : lines.size();
    write_out(text);
    if (now.now == progress::state::done) on_screen.was_last();
  }

 private:
  /// At most as many lines as there are rows but one: the way back up ends at the top.
  [[nodiscard]] std::vector<std::string> frame(const progress& now, window size) const {
    // The last column stays free: some terminals wrap when it is written.
    const std::size_t width = size.columns - 1;
    constexpr std::size_t narrow = 19;
    if (width < narrow) return {shortened(percent(now) + " %", width)};
    if (now.now == progress::state::opening) return {title(now, width)};
    std::vector<std::string> lines{title(now, width), bar(now, width), figures(now, width)};
    if (now.now != progress::state::done) add_details(lines, now, size.rows, width);
    lines.resize(std::min(lines.size(), std::max<std::size_t>(size.rows, 2) - 1));
    return lines;
  }

  void add_details(std::vector<std::string>& lines, const progress& now, std::size_t rows,
                   std::size_t width) const {
    const std::size_t room = rows - std::min<std::size_t>(rows, 7);
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
  }

  [[nodiscard]] std::string styled(const char* style, const std::string& text) const {
    return colour_ ? std::string(style).append(text).append(normal) : text;
  }

  [[nodiscard]] std::string title(const progress& now, std::size_t width) const {
    std::string text = " document index";
    switch (now.now) {
      case progress::state::opening:
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

  [[nodiscard]] std::string bar(const progress& now, std::size_t width) const {
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
  const bool colour_ = wants_colour();
  unsigned given_back_ = terminal::times_given_back();
  std::size_t drawn_ = 0;  // lines on the screen that the next frame replaces
};

}  // namespace

std::unique_ptr<view> make_live_view(bool keys) { return std::make_unique<live_view>(keys); }

}  // namespace document_index
