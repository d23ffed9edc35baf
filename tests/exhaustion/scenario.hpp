// SPDX-License-Identifier: MIT
//
// Pieces of a program that between them use every public function of the library. Each makes what
// it needs, from the first apartment to the last, and gives it back, so that each can be run again
// and again with something else refused each time.
//   piece                one of them
//   step, require        how a piece says that something went wrong
#pragma once

#include <insula/core/types.hpp>

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

namespace insula::test {

/// Something is not as it must be, whatever has run out.
class wrong_answer : public std::exception {
 public:
  explicit wrong_answer(const char* what, HRESULT code = HRESULT{}) noexcept;
  [[nodiscard]] const char* what() const noexcept override { return text_; }

 private:
  char text_[200];  // no memory may be left for a string
};

/// A step was refused because something has run out.
struct refused_step {};

/// Goes on after a success, leaves the piece when something has run out (refused_step); other codes
/// are wrong answers.
void step(HRESULT code, const char* what);
/// The same, where the function documents `also` for the case that there is no memory.
void step(HRESULT code, HRESULT also, const char* what);
/// The same around a call, which must not throw: it crosses the ABI, where only codes do.
#define INSULA_STEP(call) \
  ::insula::test::step([&]() noexcept -> ::insula::HRESULT { return call; }(), #call)
#define INSULA_STEP_OR(also, call) \
  ::insula::test::step([&]() noexcept -> ::insula::HRESULT { return call; }(), also, #call)
/// What must hold in any case.
void require(bool holds, const char* what);
/// True for the codes that say that something has run out.
[[nodiscard]] bool says_shortage(HRESULT code) noexcept;

struct piece {
  const char* name;
  void (*run)();
  friend std::ostream& operator<<(std::ostream& out, const piece& one);
};

/// Those of one file.
std::vector<piece> pieces_of_core();
std::vector<piece> pieces_of_marshal();
std::vector<piece> pieces_of_apartments();
std::vector<piece> pieces_of_calls();
std::vector<piece> pieces_of_pumps();
std::vector<piece> pieces_of_interop();

}  // namespace insula::test
