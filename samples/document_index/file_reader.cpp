// SPDX-License-Identifier: MIT
#include "file_reader.hpp"

#include "code_points.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace document_index {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t sample_size = std::size_t{32} << 10;

class descriptor {
 public:
  explicit descriptor(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

file_content skipped(outcome what, std::string reason) {
  return {.what = what, .bytes = {}, .reason = std::move(reason), .cut = false};
}

file_content unreadable(int error) {
  return skipped(outcome::unreadable, std::generic_category().message(error));
}

/// Appends up to `wanted` bytes; less only at the end of the file. False: errno says why.
bool append_from(int fd, std::string& bytes, std::size_t wanted) {
  std::size_t have = bytes.size();
  const std::size_t goal = have + wanted;
  bytes.resize(goal);
  while (have < goal) {
    const ssize_t got = ::read(fd, bytes.data() + have, goal - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      bytes.resize(have);
      return got == 0;
    }
    have += static_cast<std::size_t>(got);
  }
  return true;
}

std::string_view compression(std::string_view start) {
  struct signature {
    std::string_view bytes, name;
  };
  static constexpr std::array signatures{
      signature{"\x1F\x8B"sv, "gzip"},         signature{"BZh"sv, "bzip2"},
      signature{"\xFD"sv "7zXZ\0"sv, "xz"},    signature{"\x28\xB5\x2F\xFD"sv, "zstd"},
      signature{"PK\x03\x04"sv, "zip"},        signature{"7z\xBC\xAF\x27\x1C"sv, "7z"},
  };
  for (const signature& one : signatures)
    if (start.starts_with(one.bytes)) return one.name;
  return {};
}

/// Why this is not text, or nothing.
std::string_view binary_sign(std::string_view start) {
  if (start.starts_with("\xFF\xFE"sv) || start.starts_with("\xFE\xFF"sv)) return "UTF-16";
  if (start.find('\0') != std::string_view::npos) return "has NUL bytes";
  const auto odd = std::count_if(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && "\b\t\n\v\f\r\x1B"sv.find(c) == std::string_view::npos) || byte == 0x7F;
  });
  // Old manuals have a stray control character here and there; one in 32 is no text.
  if (static_cast<std::size_t>(odd) * 32 > start.size()) return "has many control characters";
  return {};
}

std::optional<file_content> what_it_is_instead(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return unreadable(EISDIR);
  if (!S_ISREG(status.st_mode)) return skipped(outcome::unreadable, "Not a regular file");
  return std::nullopt;
}

/// Of a file that is longer than the sample. What is appended while it is read is left for the next
/// time; the kernel's own files do not say how long they are.
std::size_t size_to_expect(const struct stat& status) {
  const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  return size > sample_size ? std::min(size, longest_text) : longest_text;
}

}  // namespace

file_content read_file(const std::string& path, memory_room::share& memory) {
  // Opening alone does something to a device, and to whoever waits at the other end of a pipe.
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable(errno);
  if (auto other = what_it_is_instead(status)) return *std::move(other);
  const descriptor file(path);
  if (file.get() < 0) return unreadable(errno);
  // And if it has become another file since, O_NONBLOCK does not wait for that one.
  if (::fstat(file.get(), &status) != 0) return unreadable(errno);
  if (auto other = what_it_is_instead(status)) return *std::move(other);

  file_content content;
  if (!append_from(file.get(), content.bytes, sample_size)) return unreadable(errno);
  if (content.bytes.empty()) return skipped(outcome::empty, "empty");
  if (const auto name = compression(content.bytes); !name.empty())
    return skipped(outcome::compressed, std::string(name));
  if (const auto sign = binary_sign(content.bytes); !sign.empty())
    return skipped(outcome::binary, std::string(sign));

  if (content.bytes.size() == sample_size) {
    const std::size_t most = size_to_expect(status);
    memory.take(most);
    // One byte more than the limit tells if it is longer.
    content.bytes.reserve(most + 1);
    if (!append_from(file.get(), content.bytes, most + 1 - sample_size)) return unreadable(errno);
    if (content.bytes.size() > most) {
      content.cut = most == longest_text;
      content.bytes.resize(most);
      content.bytes.resize(whole_characters(content.bytes));
    }
  }
  content.what = outcome::indexed;
  return content;
}

}  // namespace document_index
