// SPDX-License-Identifier: MIT
//
// What the program has changed in its terminal, kept in one place so that every way to end or to
// stop can give it back: a return, a signal, a failure.
#pragma once

#include <mutex>

namespace document_index::terminal {

/// True if standard output is a terminal that can draw over what it has shown.
[[nodiscard]] bool can_redraw() noexcept;

/// True if there is one to press keys at. In the background it is another job's.
[[nodiscard]] bool has_keys() noexcept;

/// Single keys, not shown, if there are keys; signal keys stay what they are.
void take_keys() noexcept;

/// To be held while a frame is drawn that hides the cursor. Nothing is drawn while the terminal is
/// given back to another job.
class drawing {
 public:
  drawing();
  /// The frame has left the terminal as it was before the first one.
  void was_last() noexcept;

 private:
  std::unique_lock<std::mutex> lock_;
};

/// The same from outside: keeps frames away for as long as it lives, as far as one that is being
/// drawn to a terminal that does not take it lets us.
class no_drawing {
 public:
  no_drawing() noexcept;

 private:
  std::unique_lock<std::mutex> lock_;
};

/// As it was before: line editing, the cursor, colours. May be called in a signal handler.
void give_back() noexcept;

/// How often it was given back; what was drawn before is then somewhere above.
[[nodiscard]] unsigned times_given_back() noexcept;

}  // namespace document_index::terminal
