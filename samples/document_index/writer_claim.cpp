// SPDX-License-Identifier: MIT
#include "writer_claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace document_index {

// flock, whose locks and SQLite's (fcntl) do not see each other.
writer_claim::writer_claim(const std::string& path)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  refused_ = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

writer_claim::~writer_claim() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace document_index
