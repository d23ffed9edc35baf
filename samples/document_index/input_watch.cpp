// SPDX-License-Identifier: MIT
#include "input_watch.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <utility>

namespace document_index {
namespace {

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

sigset_t stop_signal_set() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int one : stop_signals) sigaddset(&set, one);
  return set;
}

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signal_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

const char* stop_signal_name(int signal) noexcept {
  switch (signal) {
    case SIGINT:
      return "Ctrl-C";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "the terminal is gone";
  }
}

/// Single keys, not shown; signal keys stay what they are.
class input_watch::terminal_mode {
 public:
  terminal_mode() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios single = before_;
    single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    single.c_cc[VMIN] = 1;
    single.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &single);
  }
  ~terminal_mode() { ::tcsetattr(STDIN_FILENO, TCSANOW, &before_); }
  terminal_mode(const terminal_mode&) = delete;
  terminal_mode& operator=(const terminal_mode&) = delete;

 private:
  termios before_{};
};

bool input_watch::has_keys() noexcept {
  // In the background the terminal is another job's, and touching it would stop this one.
  return ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

input_watch::input_watch(listeners told) : told_(std::move(told)) {
  const sigset_t set = stop_signal_set();
  signals_ = checked(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  end_ = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
  if (told_.key && has_keys()) mode_ = std::make_unique<terminal_mode>();
  thread_ = std::thread([this] { run(); });
}

input_watch::~input_watch() {
  const std::uint64_t one = 1;
  while (::write(end_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  ::close(end_);
  ::close(signals_);
}

void input_watch::run() {
  std::array<pollfd, 3> watched{pollfd{end_, POLLIN, 0}, pollfd{signals_, POLLIN, 0},
                                pollfd{mode_ ? STDIN_FILENO : -1, POLLIN, 0}};
  while (watched[0].revents == 0) {
    if (::poll(watched.data(), watched.size(), -1) < 0) {
      if (errno != EINTR) return;
      for (pollfd& one : watched) one.revents = 0;
      continue;
    }
    if (watched[1].revents != 0 && !take_signal()) watched[1].fd = -1;
    if (watched[2].revents != 0 && !take_key()) watched[2].fd = -1;
  }
}

bool input_watch::take_signal() {
  signalfd_siginfo info{};
  const ssize_t got = ::read(signals_, &info, sizeof info);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got != sizeof info) return false;
  told_.signal(static_cast<int>(info.ssi_signo));
  return true;
}

bool input_watch::take_key() {
  char key = 0;
  const ssize_t got = ::read(STDIN_FILENO, &key, 1);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  told_.key(key);
  return true;
}

}  // namespace document_index
