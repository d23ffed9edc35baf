// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// A program under test: its standard output and error come here, signals and keys go there. Every
/// wait ends at the latest when the program does; a program that hangs is ctest's to end.
class child_process {
 public:
  enum class output { pipe, terminal };

  /// `arguments` begins with the program's path. With a terminal the program has it as standard
  /// input and output and as its controlling terminal, so many columns wide.
  explicit child_process(const std::vector<std::string>& arguments, output kind = output::pipe,
                         unsigned short columns = 80);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Reads on until the text after the last such call has `text`. False: the program ended before.
  [[nodiscard]] bool read_until(std::string_view text);
  [[nodiscard]] bool runs() const;
  void send(int signal) const;
  void type(char key) const;

  /// Reads to the end. Gives the exit code, or minus the signal that ended it.
  int wait();
  /// All it said so far.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  bool read_some();

  pid_t process_ = -1;
  int from_ = -1;  // its output; for a terminal also its input
  std::string text_;
  std::size_t seen_ = 0;  // of text_, by read_until
};
