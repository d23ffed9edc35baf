// SPDX-License-Identifier: MIT
//
// What the program says: what was asked for on standard output, what went wrong on standard error.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace document_index {

/// Standard output did not take what was written; the code says why.
class output_error : public std::system_error {
 public:
  explicit output_error(int error)
      : std::system_error(error, std::generic_category(), "standard output") {}
};

/// Writes all of `text` to standard output. Waits: until somebody reads it, also where the
/// descriptor would rather not wait. Fails: output_error.
void write_out(std::string_view text);

/// Asks for what the system has put off until now (a quota, a file system far away).
/// Fails: output_error.
void finish_output();

/// One sentence on standard error; that nobody takes it is not told anybody.
void complain(const std::string& sentence);

/// The same, but never waits for a reader. From: any thread.
void complain_at_once(const std::string& sentence) noexcept;

/// Puts something where standard input, output or error are closed, so that no file that is opened
/// later takes their place. Writing there fails as it did. To be called first.
void hold_standard_descriptors() noexcept;

}  // namespace document_index
