// SPDX-License-Identifier: MIT
//
// Where threads run while something is measured.
//   usable_cpus     what this process may use
//   pin_thread      keeps the calling thread on one CPU
//   run_on_cpu      runs work on a new thread that is pinned
//   one_cpu_scope   pins the calling thread and all threads started meanwhile
#pragma once

#include <insula/core/function_ref.hpp>

#include <sched.h>

#include <vector>

namespace insula::bench {

inline constexpr int any_cpu = -1;

/// The CPUs of the process as it was started, in order.
[[nodiscard]] const std::vector<int>& usable_cpus();

/// `cpu` may be any_cpu: then nothing happens. Fails: std::system_error.
void pin_thread(int cpu);

/// Runs `work` on a new thread and waits, asleep, for its end; what it throws arrives here.
void run_on_cpu(int cpu, function_ref<void()> work);

/// Keeps the calling thread, and every thread it starts, on one CPU while it lives.
class one_cpu_scope {
 public:
  explicit one_cpu_scope(int cpu);
  ~one_cpu_scope();
  one_cpu_scope(const one_cpu_scope&) = delete;
  one_cpu_scope& operator=(const one_cpu_scope&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace insula::bench
