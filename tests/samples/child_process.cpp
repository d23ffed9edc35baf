// SPDX-License-Identifier: MIT
#include "child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

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
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

child_process::child_process(const std::vector<std::string>& arguments, output kind,
                             unsigned short columns) {
  std::vector<char*> pointers;
  for (const std::string& one : arguments) pointers.push_back(const_cast<char*>(one.c_str()));
  pointers.push_back(nullptr);

  spawn_plan plan;
  std::array<int, 2> pipe_ends{-1, -1};
  if (kind == output::pipe) {
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) require(errno, "pipe");
    posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&plan.actions, pipe_ends[1], 1);
    posix_spawn_file_actions_adddup2(&plan.actions, pipe_ends[1], 2);
    from_ = pipe_ends[0];
  } else {
    from_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (from_ < 0 || ::grantpt(from_) != 0 || ::unlockpt(from_) != 0) require(errno, "terminal");
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(from_, TIOCSWINSZ, &size) != 0) require(errno, "terminal size");
    // The first terminal that the leader of a new session opens becomes its controlling one.
    posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_addopen(&plan.actions, 0, ::ptsname(from_), O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&plan.actions, 0, 1);
    posix_spawn_file_actions_adddup2(&plan.actions, 0, 2);
  }
  require(::posix_spawn(&process_, pointers[0], &plan.actions, &plan.attributes, pointers.data(),
                        environ),
          "posix_spawn");
  if (pipe_ends[1] >= 0) ::close(pipe_ends[1]);
}

child_process::~child_process() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(from_);
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

void child_process::send(int signal) const { ::kill(process_, signal); }

void child_process::type(char key) const {
  if (::write(from_, &key, 1) != 1) require(errno, "typing");
}

int child_process::wait() {
  while (read_some()) {
  }
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
