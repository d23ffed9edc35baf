// SPDX-License-Identifier: MIT
#pragma once

#include "child_process.hpp"
#include "database_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <stdlib.h>

/// A folder of files, a database beside it, and the program to bring the one into the other.
class DocumentIndex : public testing::Test {
 protected:
  DocumentIndex() {
    std::string pattern = (std::filesystem::temp_directory_path() / "document-index-XXXXXX");
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    scratch_ = pattern;
    std::filesystem::create_directory(scratch_ / "files");
  }
  ~DocumentIndex() override {
    std::error_code ignored;
    std::filesystem::remove_all(scratch_, ignored);
  }

  [[nodiscard]] std::filesystem::path folder() const { return scratch_ / "files"; }
  [[nodiscard]] std::string database() const { return scratch_ / "index.db"; }

  void write(const std::string& name, std::string_view content) const {
    std::ofstream(folder() / name, std::ios::binary) << content;
  }
  /// `count` names for one small file, so that there is much to do and little to prepare.
  void write_many(int count) const {
    write("seed.txt", "many small files\n");
    for (int i = 1; i < count; ++i)
      std::filesystem::create_hard_link(folder() / "seed.txt",
                                        folder() / ("many-" + std::to_string(i) + ".txt"));
  }

  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{DOCUMENT_INDEX, "--database", database(), "--workers", "2"};
    const bool searches = std::find(more.begin(), more.end(), "--search") != more.end();
    all.insert(all.end(), more.begin(), more.end());
    if (!searches) all.push_back(folder());
    return all;
  }

  /// The same from a shell, with `redirection` as one writes it behind a command.
  [[nodiscard]] std::vector<std::string> in_shell(const std::string& redirection,
                                                  std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"/bin/sh", "-c", "exec \"$@\" " + redirection, "sh"};
    for (std::string& one : command(std::move(more))) all.push_back(std::move(one));
    return all;
  }
  /// A disk that does not answer when `name`, or something in it, is read.
  [[nodiscard]] static std::vector<std::string> slow_disk(const std::string& name) {
    const char* const sanitizer = ::getenv("ASAN_OPTIONS");
    return {"LD_PRELOAD=" SLOW_DISK, "SLOW_DISK=" + name,
            "ASAN_OPTIONS=" + std::string(sanitizer == nullptr ? "" : sanitizer) +
                ":verify_asan_link_order=0"};
  }
  [[nodiscard]] std::filesystem::path scratch() const { return scratch_; }

  /// Runs to the end; the exit code. What it said is in said_.
  int run(std::vector<std::string> more = {}) {
    return finish(child_process(command(std::move(more))));
  }
  int finish(child_process&& program) {
    const int code = program.wait();
    said_ = program.text();
    return code;
  }
  [[nodiscard]] bool says(std::string_view text) const {
    return said_.find(text) != std::string::npos;
  }

  /// Returns when the program has committed something; false if it never does.
  [[nodiscard]] static bool wait_for_commit(const child_process& program,
                                            const database_reader& index) {
    while (index.number("SELECT count(*) FROM documents") <= 0)
      if (!program.runs()) return false;
    return true;
  }

  /// Locks the database in the middle of the work: a pause makes the store end its batch, and
  /// between two batches it has the lock to give.
  static void lock_in_the_middle(child_process& program, database_reader& index) {
    program.type('p');
    ASSERT_TRUE(program.read_until("document index: paused")) << program.text();
    index.lock();
    program.type('p');
  }

  /// The number after `name` in the program's report of the database.
  [[nodiscard]] static std::int64_t reported(const std::string& text, const std::string& name) {
    const std::size_t line = text.find("\n  " + name + " ", text.find("\ndatabase "));
    if (line == std::string::npos) return -1;
    std::string digits;
    for (std::size_t i = line + 3 + name.size(); i < text.size(); ++i) {
      if (text[i] >= '0' && text[i] <= '9') digits += text[i];
      else if (text[i] != ',' && !(text[i] == ' ' && digits.empty())) break;
    }
    return digits.empty() ? -1 : std::stoll(digits);
  }

  /// What must hold for the database, however the program ended.
  void expect_consistent(const std::string& text) const {
    const database_reader index(database());
    EXPECT_EQ(index.text("PRAGMA integrity_check"), "ok");
    const auto documents = index.number("SELECT count(*) FROM documents");
    EXPECT_EQ(documents, reported(text, "documents")) << text;
    EXPECT_EQ(index.number("SELECT count(*) FROM texts"), documents);
    EXPECT_EQ(index.number("SELECT coalesce(sum(tokens), 0) FROM documents"),
              index.number("SELECT coalesce(sum(count), 0) FROM words"));
  }

  std::string said_;

 private:
  std::filesystem::path scratch_;
};
