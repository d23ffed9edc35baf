// SPDX-License-Identifier: MIT
//
// Named places in product code where a test may hold a thread, so that the loser of a race is
// chosen and not waited for. Compiled in only when INSULA_TEST_GATES is defined.
//
//     // product code                          // test
//     find(...);                               test_gate gate("import.missed");
//     INSULA_TEST_GATE("import.missed");       std::thread other(unmarshal);
//     insert(...);                             gate.wait_until_reached();
//                                              unmarshal();      // wins
//                                              gate.open();      // the other one goes on and loses
//
// Names read `subject.moment`. A gate never stands where a lock is held.
#pragma once

#ifndef INSULA_TEST_GATES

#define INSULA_TEST_GATE(name) static_cast<void>(0)

#else

#include <functional>
#include <memory>
#include <string>

#define INSULA_TEST_GATE(name) ::insula::pass_test_gate(name)

namespace insula {

/// Called by product code through INSULA_TEST_GATE. Costs one relaxed load while no gate is shut.
void pass_test_gate(const char* name) noexcept;

/// Shuts the gate of this name as long as it lives. One at a time for each name.
class test_gate {
 public:
  /// The first thread that comes to the gate stops there; all others pass.
  explicit test_gate(std::string name);

  /// The first thread that comes to the gate runs `script` there and goes on. With it a test plays
  /// both sides of a race on one thread. Nothing that `script` itself does stops at this gate.
  test_gate(std::string name, std::function<void()> script);

  /// Opens, and waits until the thread that it held has left.
  ~test_gate();

  test_gate(const test_gate&) = delete;
  test_gate& operator=(const test_gate&) = delete;

  /// Waits: blocks until a thread stands at the gate.
  void wait_until_reached();
  /// Lets the thread that stands there go on, and all later ones pass. Any number of times.
  void open();
  /// True once a thread has come to the gate.
  [[nodiscard]] bool reached() const;

 private:
  friend void pass_test_gate(const char* name) noexcept;
  struct state;
  std::shared_ptr<state> state_;  // fixed
};

}  // namespace insula

#endif
