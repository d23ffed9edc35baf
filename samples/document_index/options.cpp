// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>

namespace document_index {
namespace {

// The options that take a value, each with its range.
struct number_option {
  std::string_view name;
  std::uint64_t low, high;
};
constexpr std::array numbers{
    number_option{"--workers", 1, 64},
    number_option{"--limit", 0, 1000},
    number_option{"--patience", 0, 600'000},
    number_option{"--grace", 0, 600'000},
    number_option{"--max-pages", 1, 1'000'000'000},
};

std::uint64_t parse_number(std::string_view name, std::string_view value) {
  const auto* const rule =
      std::find_if(numbers.begin(), numbers.end(),
                   [name](const number_option& one) { return one.name == name; });
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < rule->low ||
      number > rule->high) {
    throw usage_error(std::string(name) + " takes a number from " + std::to_string(rule->low) +
                      " to " + std::to_string(rule->high) + ", not '" + std::string(value) + "'");
  }
  return number;
}

void set_value(options& all, std::string_view name, std::string_view value) {
  if (name == "--query") {
    all.query = value;
  } else if (name == "--database") {
    if (value.empty()) throw usage_error("--database takes a file name");
    all.database.path = value;
  } else {
    const std::uint64_t number = parse_number(name, value);
    if (name == "--workers") all.workers = static_cast<std::uint32_t>(number);
    if (name == "--limit") all.hits = static_cast<std::uint32_t>(number);
    if (name == "--patience") all.database.patience = std::chrono::milliseconds(number);
    if (name == "--grace") all.grace = std::chrono::milliseconds(number);
    if (name == "--max-pages") all.database.most_pages = number;
  }
}

bool takes_value(std::string_view name) {
  return name == "--query" || name == "--database" ||
         std::any_of(numbers.begin(), numbers.end(),
                     [name](const number_option& one) { return one.name == name; });
}

bool set_flag(options& all, std::string_view name) {
  if (name == "--check") all.check = true;
  else if (name == "--plain") all.plain = true;
  else if (name == "--search") all.search_only = true;
  else if (name == "--help" || name == "-h") all.help = true;
  else return false;
  return true;
}

bool is_ours(const std::filesystem::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
         ::access(folder.c_str(), W_OK) == 0;
}

}  // namespace

options parse_options(int count, const char* const* arguments) {
  options all;
  all.workers = std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
  std::vector<std::string> paths;
  bool only_paths = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (only_paths || !argument.starts_with('-')) {
      if (argument.empty()) throw usage_error("an empty path names no file");
      paths.emplace_back(argument);
    } else if (argument == "--") {
      only_paths = true;
    } else if (takes_value(name)) {
      if (equals == std::string_view::npos && ++i == count)
        throw usage_error(std::string(name) + " takes a value");
      set_value(all, name, equals == std::string_view::npos ? std::string_view(arguments[i])
                                                            : argument.substr(equals + 1));
    } else if (!set_flag(all, argument)) {
      throw usage_error("unknown option " + std::string(argument));
    }
  }
  if (all.search_only && (all.check || !paths.empty()))
    throw usage_error("--search reads no files: it goes without --check and without names");
  if (!paths.empty()) all.paths = std::move(paths);
  return all;
}

const char* help_text() noexcept {
  return R"(document_index [option...] [file or folder...]

Indexes the text files among those named, and in the folders named
(/usr/share/doc if nothing is), answers a query and says which calls crossed
from one apartment to another.

  --query WORDS     search for these words at the end ("thread safety")
  --limit N         show the best N documents (5)
  --search          search the index as it is; no files are read
  --check           do the work again with one thread and compare everything
  --workers N       threads that read and split files (one per processor)
  --database FILE   where the index goes; a file that is an index already is
                    made anew (default: document_index.db in the cache folder).
                    It can be read by you alone
  --plain           lines instead of the live view, as when standard output is
                    not a terminal or TERM is dumb; NO_COLOR is heeded too
  --patience MS     how long to try when the database is locked (3000)
  --grace MS        how long to wait, when asked to stop, for a file system that
                    does not answer (800)
  --max-pages N     let the database grow to N pages of 4 KiB, then behave as
                    with a full disk
  --help            this text

In the live view p pauses and goes on, q stops; so does Ctrl-C. What was done
until then is in the database, which says at the next search that it is
partial. A second Ctrl-C ends the program at once.

Exit code: 0 done; 1 failed, the output could not be written, or the check found
a difference; 2 wrong arguments; 130 stopped by Ctrl-C or q, 143 by SIGTERM, 129
when the terminal is gone.
)";
}

std::string default_database() {
  namespace fs = std::filesystem;
  const auto variable = [](const char* name) -> fs::path {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
    return value == nullptr ? "" : value;
  };
  fs::path cache = variable("XDG_CACHE_HOME");
  if (!cache.is_absolute()) {
    const fs::path home = variable("HOME");
    cache = home.is_absolute() ? home / ".cache" : fs::path();
  }
  std::error_code error;
  if (!cache.empty()) {
    const fs::path folder = cache / "insula";
    fs::create_directories(folder, error);
    if (is_ours(folder)) return folder / "document_index.db";
  }
  return fs::temp_directory_path() / ("document_index-" + std::to_string(::getuid()) + ".db");
}

}  // namespace document_index
