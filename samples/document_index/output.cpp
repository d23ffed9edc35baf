// SPDX-License-Identifier: MIT
#include "output.hpp"

#include "text_layout.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace document_index {
namespace {

/// 0, or why not all was written.
int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {
      return EIO;
    } else if (errno == EAGAIN) {
      // Whoever started us may have made the descriptor so, and shares it.
      pollfd room{descriptor, POLLOUT, 0};
      if (::poll(&room, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::string as_complaint(const std::string& sentence) {
  return "document_index: " + printable(sentence) + "\n";
}

}  // namespace

void write_out(std::string_view text) {
  if (const int error = write_all(STDOUT_FILENO, text); error != 0) throw output_error(error);
}

void finish_output() {
  const int copy = ::dup(STDOUT_FILENO);  // closing it tells what closing the descriptor would
  if (copy < 0 || (::close(copy) != 0 && errno != EINTR)) throw output_error(errno);
}

void complain(const std::string& sentence) { write_all(STDERR_FILENO, as_complaint(sentence)); }

void complain_at_once(const std::string& sentence) noexcept {
  pollfd room{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return;
  try {
    const std::string text = as_complaint(sentence);
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
  } catch (const std::exception&) {  // no memory for a sentence
  }
}

void hold_standard_descriptors() noexcept {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    // The wrong way round: reading from standard input and writing to the others fails on.
    const int mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", mode) < 0) return;
  }
}

}  // namespace document_index
