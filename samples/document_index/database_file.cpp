// SPDX-License-Identifier: MIT
#include "database_file.hpp"

#include "sqlite.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace document_index {
namespace {

namespace fs = std::filesystem;

constexpr std::array beside{"-wal", "-shm", "-journal"};
constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

bool everybody_may_write(const fs::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

/// The links on the way are the user's own, except in a folder that everybody may write.
fs::path without_links(const std::string& given) {
  const fs::path path = fs::absolute(given);
  if (everybody_may_write(path.parent_path())) return path;
  std::error_code unresolved;
  fs::path real = fs::weakly_canonical(path, unresolved);
  return unresolved ? path : real;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

database_file::database_file(const std::string& path, use what_for)
    : path_(without_links(path)), shared_(everybody_may_write(fs::path(path_).parent_path())) {
  if (shared_) require_ours();
  open_file(what_for);
  try {
    if (what_for == use::fill) claim();
  } catch (...) {
    ::close(file_);
    throw;
  }
}

database_file::~database_file() { ::close(file_); }

void database_file::refuse(const std::string& reason) const {
  throw store_error(0, path_ + ": " + reason);
}

void database_file::require_ours() const {
  for (const std::string& one : {path_, path_ + beside[0], path_ + beside[1], path_ + beside[2]}) {
    struct stat status {};
    if (::lstat(one.c_str(), &status) != 0 && errno == ENOENT) continue;
    if (S_ISREG(status.st_mode) && status.st_uid == ::geteuid() && status.st_nlink == 1) continue;
    throw store_error(0, one + ": everybody may write in this folder, and this is not a file of "
                               "yours alone; left alone, name another with --database");
  }
}

void database_file::open_file(use what_for) {
  struct stat status {};
  const bool there = ::stat(path_.c_str(), &status) == 0;
  if (!there && what_for == use::read)
    refuse(reason_of(errno) + "; a run without --search makes an index");
  if (there && !S_ISREG(status.st_mode)) refuse("not a regular file; left alone");

  const int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
  file_ = what_for == use::read ? ::open(path_.c_str(), flags | O_RDONLY)
                                : ::open(path_.c_str(), flags | O_RDWR | O_CREAT, owner_only);
  if (file_ < 0) refuse("the database cannot be opened or made: " + reason_of(errno));
  if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode) ||
      (shared_ && status.st_uid != ::geteuid())) {
    ::close(file_);
    refuse("this became another file while it was opened; left alone");
  }
}

// flock, whose locks and SQLite's (fcntl) do not see each other.
void database_file::claim() const {
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    refuse("another process is filling this index; left alone");
}

// The layout is SQLite's: a text of 16 bytes, and at 68 the id with its highest byte first.
bool database_file::is_marked(std::uint32_t application_id) const noexcept {
  using namespace std::string_view_literals;
  constexpr std::string_view magic = "SQLite format 3\0"sv;
  constexpr std::size_t id_at = 68;
  std::array<char, 100> header{};
  if (::pread(file_, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()))
    return false;
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = id << 8 | static_cast<unsigned char>(header[id_at + i]);
  return std::string_view(header.data(), magic.size()) == magic && id == application_id;
}

// By their paths: closing a descriptor of one of them would end SQLite's locks on it.
void database_file::make_private() const noexcept {
  ::fchmod(file_, owner_only);
  for (const char* const suffix : beside) {
    const std::string other = path_ + suffix;
    struct stat status {};
    if (::lstat(other.c_str(), &status) == 0 && S_ISREG(status.st_mode))
      ::chmod(other.c_str(), owner_only);
  }
}

void database_file::require_in_place() const {
  struct stat ours {};
  struct stat there {};
  if (::fstat(file_, &ours) == 0 && ::stat(path_.c_str(), &there) == 0 &&
      ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
    return;
  refuse("the database was deleted or replaced while it was filled; what was in it is lost");
}

}  // namespace document_index
