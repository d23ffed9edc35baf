// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace document_index::terminal {
namespace {

constexpr std::string_view undo = "\x1B[0m\x1B[?7h\x1B[?25h";  // normal, wrapping, a cursor

std::mutex frame;
std::atomic<bool> keys_taken{false};
std::atomic<bool> screen_taken{false};
std::atomic<unsigned> given_back{0};
termios before{};  // written before keys_taken is set

// A frame may be on its way to a terminal that does not take it (Ctrl-S, a window that hangs), and
// then a descriptor that waits would wait behind it.
void show_as_before() noexcept {
  ::tcflow(STDOUT_FILENO, TCOON);
  const int screen = ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (screen < 0) return;
  constexpr int tries = 20, each = 10;  // milliseconds
  for (int i = 0; i < tries; ++i) {
    pollfd room{screen, POLLOUT, 0};
    ::poll(&room, 1, each);
    if (::write(screen, undo.data(), undo.size()) >= 0 || errno != EAGAIN) break;
  }
  ::close(screen);
}

}  // namespace

bool can_redraw() noexcept {
  if (::isatty(STDOUT_FILENO) == 0) return false;
  const char* const kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

bool has_keys() noexcept {
  return ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

void take_keys() noexcept {
  if (keys_taken.load() || !has_keys() || ::tcgetattr(STDIN_FILENO, &before) != 0) return;
  termios single = before;
  single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  single.c_cc[VMIN] = 1;
  single.c_cc[VTIME] = 0;
  keys_taken.store(true);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &single);
}

drawing::drawing() : lock_(frame) { screen_taken.store(true); }

void drawing::was_last() noexcept { screen_taken.store(false); }

no_drawing::no_drawing() noexcept : lock_(frame, std::defer_lock) {
  constexpr std::chrono::milliseconds each{10};
  constexpr int tries = 20;  // more than a frame takes
  for (int i = 0; i < tries && !lock_.try_lock(); ++i) std::this_thread::sleep_for(each);
}

void give_back() noexcept {
  if (keys_taken.exchange(false)) ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
  if (!screen_taken.exchange(false)) return;
  given_back.fetch_add(1);
  show_as_before();
}

unsigned times_given_back() noexcept { return given_back.load(); }

}  // namespace document_index::terminal
