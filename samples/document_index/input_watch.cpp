// SPDX-License-Identifier: MIT
#include "input_watch.hpp"

#include "output.hpp"
#include "terminal.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace document_index {
namespace {

constexpr std::array watched_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

sigset_t watched_set() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int one : watched_signals) {
    struct sigaction now {};
    // A blocked signal arrives even where it is ignored.
    if (::sigaction(one, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&set, one);
  }
  return set;
}

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

/// Does what the signal does to programs that know nothing of it. Returns when it only stopped us.
void let_happen(int signal) noexcept {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  std::raise(signal);
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
}

}  // namespace

void block_watched_signals() {
  // From the background too the terminal is given back without being stopped for it.
  std::signal(SIGTTOU, SIG_IGN);
  std::signal(SIGABRT, [](int signal) {
    terminal::give_back();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  });
  const sigset_t set = watched_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

input_watch::input_watch(stop_request& stop, std::chrono::milliseconds grace)
    : stop_(stop), grace_(grace) {
  const sigset_t set = watched_set();
  signals_ = checked(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  end_ = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
  terminal::take_keys();
  thread_ = std::thread([this] { run(); });
}

input_watch::~input_watch() {
  const std::uint64_t one = 1;
  while (::write(end_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  terminal::give_back();
  ::close(end_);
  ::close(signals_);
}

input_watch::key_listener::key_listener(input_watch& watch, std::function<void(char)> told)
    : watch_(watch) {
  const std::lock_guard lock(watch_.mutex_);
  watch_.told_ = std::move(told);
}

input_watch::key_listener::~key_listener() {
  const std::lock_guard lock(watch_.mutex_);
  watch_.told_ = nullptr;
}

void input_watch::leave_at_once(int code) noexcept {
  const terminal::no_drawing quiet;
  terminal::give_back();
  std::_Exit(code);
}

void input_watch::run() {
  bool keys_end = false;
  std::array<pollfd, 3> watched{pollfd{end_, POLLIN, 0}, pollfd{signals_, POLLIN, 0},
                                pollfd{-1, POLLIN, 0}};
  while (watched[0].revents == 0) {
    end_if_late();
    // Reading from the background would stop the program.
    watched[2].fd = !keys_end && terminal::has_keys() ? STDIN_FILENO : -1;
    if (::poll(watched.data(), watched.size(), time_left()) < 0) {
      if (errno != EINTR) return;
      for (pollfd& one : watched) one.revents = 0;
      continue;
    }
    if (watched[1].revents != 0 && !take_signal()) watched[1].fd = -1;
    if (watched[2].revents != 0) keys_end = !take_key();
  }
}

int input_watch::time_left() const {
  if (!asked_) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*asked_ + grace_ - clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

void input_watch::end_if_late() const {
  if (!asked_ || clock::now() < *asked_ + grace_) return;
  complain_at_once("ended without what does not answer (" + stop_.reason() +
                   "); what was committed is in the database");
  leave_at_once(stop_.exit_code());
}

bool input_watch::take_signal() {
  signalfd_siginfo info{};
  const ssize_t got = ::read(signals_, &info, sizeof info);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got != sizeof info) return false;
  handle(static_cast<int>(info.ssi_signo));
  return true;
}

void input_watch::handle(int signal) {
  if (signal == SIGCONT) {
    terminal::take_keys();
  } else if (signal == SIGTSTP || signal == SIGQUIT) {
    const terminal::no_drawing quiet;
    terminal::give_back();
    let_happen(signal);
    terminal::take_keys();
  } else {
    ask_to_stop(signal);
  }
}

void input_watch::ask_to_stop(int signal) {
  if (stop_.is_set() && signal != stop_request::by_key) {
    complain_at_once("ended at once, by a second signal; what was committed is in the database");
    leave_at_once(stop_.exit_code());
  }
  if (!asked_) asked_ = clock::now();
  stop_.set(signal);
}

bool input_watch::take_key() {
  char key = 0;
  const ssize_t got = ::read(STDIN_FILENO, &key, 1);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  if (key == 'q') ask_to_stop(stop_request::by_key);
  const std::lock_guard lock(mutex_);
  if (told_) told_(key);
  return true;
}

}  // namespace document_index
