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
  enum class output {
    pipe,
    full_pipe,  // one that does not wait and has no room until something is read
    terminal
  };
  struct surroundings {
    output kind = output::pipe;
    unsigned short columns = 80, rows = 24;  // of the terminal
    std::vector<std::string> environment{};  // NAME=VALUE, before what the test itself has
  };

  /// `arguments` begins with the program's path. With a terminal the program has it as standard
  /// input and output and as its controlling terminal, of the kind xterm. No signal is ignored.
  explicit child_process(const std::vector<std::string>& arguments, surroundings around);
  explicit child_process(const std::vector<std::string>& arguments, output kind = output::pipe,
                         unsigned short columns = 80)
      : child_process(arguments, surroundings{.kind = kind, .columns = columns}) {}
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Reads on until the text after the last such call has `text`. False: the program ended before.
  [[nodiscard]] bool read_until(std::string_view text);
  [[nodiscard]] bool runs() const;
  /// True if its first thread is in this system call just now.
  [[nodiscard]] bool is_in(long system_call) const;
  void send(int signal) const;
  void type(char key) const;

  /// Nobody reads what it says from now on.
  void stop_reading();
  /// True if the terminal shows what is typed and takes it line by line.
  [[nodiscard]] bool has_ordinary_terminal() const;

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
