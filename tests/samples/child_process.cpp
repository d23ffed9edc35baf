// SPDX-License-Identifier: MIT
#include "child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

extern char** environ;

namespace {

void require(int code, const char* what) {
  if (code != 0) throw std::system_error(code, std::generic_category(), what);
}

class spawn_plan {
 public:
  spawn_plan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGTTOU, SIGPIPE})
      sigaddset(&signals, one);
    posix_spawnattr_setsigdefault(&attributes, &signals);
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

class strings_for_c {
 public:
  explicit strings_for_c(std::vector<std::string> strings) : strings_(std::move(strings)) {
    for (std::string& one : strings_) pointers_.push_back(one.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> strings_;
  std::vector<char*> pointers_;
};

std::vector<std::string> environment_of(const child_process::surroundings& around) {
  std::vector<std::string> all = around.environment;
  const auto add = [&all](const std::string& entry) {
    const std::string name = entry.substr(0, entry.find('=') + 1);
    for (const std::string& one : all)
      if (one.starts_with(name)) return;
    all.push_back(entry);
  };
  if (around.kind == child_process::output::terminal) add("TERM=xterm");
  for (char** one = environ; *one != nullptr; ++one)
    if (!std::string_view(*one).starts_with("NO_COLOR=")) add(*one);
  return all;
}

void fill(int pipe) {
  if (::fcntl(pipe, F_SETFL, O_NONBLOCK) != 0) require(errno, "a pipe that does not wait");
  const std::string rubbish(4096, '.');
  while (::write(pipe, rubbish.data(), rubbish.size()) > 0) {
  }
}

}  // namespace

child_process::child_process(const std::vector<std::string>& arguments, surroundings around) {
  const strings_for_c argument_list(arguments);
  const strings_for_c environment_list(environment_of(around));

  spawn_plan plan;
  std::array<int, 2> pipe_ends{-1, -1};
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (around.kind != output::terminal) {
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) require(errno, "pipe");
    if (around.kind == output::full_pipe) fill(pipe_ends[1]);
    posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&plan.actions, pipe_ends[1], 1);
    posix_spawn_file_actions_adddup2(&plan.actions, pipe_ends[1], 2);
    from_ = pipe_ends[0];
  } else {
    from_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (from_ < 0 || ::grantpt(from_) != 0 || ::unlockpt(from_) != 0) require(errno, "terminal");
    const winsize size{
        .ws_row = around.rows, .ws_col = around.columns, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(from_, TIOCSWINSZ, &size) != 0) require(errno, "terminal size");
    // The first terminal that the leader of a new session opens becomes its controlling one.
    flags |= POSIX_SPAWN_SETSID;
    posix_spawn_file_actions_addopen(&plan.actions, 0, ::ptsname(from_), O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&plan.actions, 0, 1);
    posix_spawn_file_actions_adddup2(&plan.actions, 0, 2);
  }
  posix_spawnattr_setflags(&plan.attributes, flags);
  require(::posix_spawn(&process_, arguments.front().c_str(), &plan.actions, &plan.attributes,
                        argument_list.get(), environment_list.get()),
          "posix_spawn");
  if (pipe_ends[1] >= 0) ::close(pipe_ends[1]);
}

child_process::~child_process() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  if (from_ >= 0) ::close(from_);
}

bool child_process::read_some() {
  std::array<char, 4096> part{};
  ssize_t got = -1;
  do got = ::read(from_, part.data(), part.size());
  while (got < 0 && errno == EINTR);
  // A terminal whose other end is closed says EIO.
  if (got <= 0) return false;
  text_.append(part.data(), static_cast<std::size_t>(got));
  return true;
}

bool child_process::read_until(std::string_view text) {
  std::size_t found = text_.find(text, seen_);
  while (found == std::string::npos) {
    if (!read_some()) return false;
    found = text_.find(text, seen_);
  }
  seen_ = found + text.size();
  return true;
}

bool child_process::runs() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

bool child_process::is_in(long system_call) const {
  long now = -1;
  std::ifstream("/proc/" + std::to_string(process_) + "/syscall") >> now;
  return now == system_call;
}

void child_process::stop_reading() {
  ::close(from_);
  from_ = -1;
}

bool child_process::has_ordinary_terminal() const {
  termios now{};
  if (::tcgetattr(from_, &now) != 0) require(errno, "terminal mode");
  return (now.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

void child_process::send(int signal) const { ::kill(process_, signal); }

void child_process::type(char key) const {
  if (::write(from_, &key, 1) != 1) require(errno, "typing");
}

int child_process::wait() {
  while (from_ >= 0 && read_some()) {
  }
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
