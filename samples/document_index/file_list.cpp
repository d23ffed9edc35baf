// SPDX-License-Identifier: MIT
#include "file_list.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace document_index {
namespace {

namespace fs = std::filesystem;

void add_unreadable(file_list& list, const fs::path& path, const std::error_code& error) {
  list.unreadable.push_back({path.native(), outcome::unreadable, error.message()});
}

skipped_file not_regular(const fs::path& path) {
  return {path.native(), outcome::unreadable, "Not a regular file"};
}

class database_files {
 public:
  explicit database_files(const std::string& database) {
    std::error_code error;
    main_ = fs::weakly_canonical(database, error);
  }
  [[nodiscard]] bool contain(const fs::path& path) const {
    std::error_code error;
    const std::string real = fs::weakly_canonical(path, error).native();
    if (error || !real.starts_with(main_.native())) return false;
    const std::string_view rest = std::string_view(real).substr(main_.native().size());
    return rest.empty() || rest == "-wal" || rest == "-shm" || rest == "-journal";
  }
  /// The same for something that is no link, which most names tell.
  [[nodiscard]] bool contain_entry(const fs::path& path) const {
    return path.filename().native().starts_with(main_.filename().native()) && contain(path);
  }

 private:
  fs::path main_;
};

// A walk of our own: the standard recursive one ends altogether at the first folder that it cannot
// enter for another reason than permission.
void walk(file_list& list, const fs::path& top, const database_files& own,
          const stop_request& stop) {
  std::vector<fs::path> open{top};
  while (!open.empty() && !stop.is_set()) {
    const fs::path folder = std::move(open.back());
    open.pop_back();
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    while (!error && entry != fs::directory_iterator() && !stop.is_set()) {
      std::error_code gone;
      const fs::file_status status = entry->symlink_status(gone);
      if (fs::is_directory(status)) open.push_back(entry->path());
      else if (!fs::is_symlink(status) && !own.contain_entry(entry->path()))
        list.files.push_back(entry->path().native());
      entry.increment(error);
    }
    if (error) add_unreadable(list, folder, error);
  }
}

void sort_and_unify(file_list& list) {
  std::sort(list.files.begin(), list.files.end());
  list.files.erase(std::unique(list.files.begin(), list.files.end()), list.files.end());
  const auto by_path = [](const skipped_file& a, const skipped_file& b) { return a.path < b.path; };
  const auto same_path = [](const skipped_file& a, const skipped_file& b) {
    return a.path == b.path;
  };
  std::sort(list.unreadable.begin(), list.unreadable.end(), by_path);
  list.unreadable.erase(
      std::unique(list.unreadable.begin(), list.unreadable.end(), same_path),
      list.unreadable.end());
}

}  // namespace

std::vector<skipped_file> unusable(const std::vector<std::string>& paths) {
  file_list list;
  for (const std::string& given : paths) {
    const fs::path path(given);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) fs::directory_iterator(path, error);
    else if (fs::is_other(status)) list.unreadable.push_back(not_regular(path));
    if (error) add_unreadable(list, path, error);
  }
  return std::move(list.unreadable);
}

file_list find_files(const std::vector<std::string>& paths, const std::string& database,
                     const stop_request& stop) {
  const database_files own(database);
  file_list list;
  for (const std::string& given : paths) {
    // One spelling per place, so that a folder and a file in it, both named, meet.
    fs::path path = fs::path(given).lexically_normal();
    if (!path.has_filename() && path.has_parent_path()) path = path.parent_path();
    if (own.contain(path)) continue;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) add_unreadable(list, path, error);
    else if (fs::is_directory(status)) walk(list, path, own, stop);
    else list.files.push_back(path.native());
  }
  sort_and_unify(list);
  return list;
}

}  // namespace document_index
