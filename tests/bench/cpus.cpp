// SPDX-License-Identifier: MIT
#include "cpus.hpp"

#include <cerrno>
#include <future>
#include <system_error>

namespace insula::bench {
namespace {

cpu_set_t mask_of_thread() {
  cpu_set_t mask;
  if (::sched_getaffinity(0, sizeof mask, &mask) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_getaffinity");
  return mask;
}

void set_mask(const cpu_set_t& mask) {
  if (::sched_setaffinity(0, sizeof mask, &mask) != 0)
    throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
}

}  // namespace

const std::vector<int>& usable_cpus() {
  static const std::vector<int> cpus = [] {
    std::vector<int> usable;
    const cpu_set_t mask = mask_of_thread();
    for (int cpu = 0; cpu != CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(static_cast<std::size_t>(cpu), &mask)) usable.push_back(cpu);
    return usable;
  }();
  return cpus;
}

void pin_thread(int cpu) {
  if (cpu == any_cpu) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  set_mask(one);
}

void run_on_cpu(int cpu, function_ref<void()> work) {
  std::async(std::launch::async, [&] {
    pin_thread(cpu);
    work();
  }).get();
}

one_cpu_scope::one_cpu_scope(int cpu) : before_(mask_of_thread()) { pin_thread(cpu); }

one_cpu_scope::~one_cpu_scope() { (void)::sched_setaffinity(0, sizeof before_, &before_); }

}  // namespace insula::bench
