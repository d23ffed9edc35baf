// SPDX-License-Identifier: MIT
#include "leak_guard.hpp"

#include <insula/apartments/initialize.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/object_state.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/marshal_statistics.hpp>

#include <sched.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <thread>
#include <thread>

namespace insula::test {

namespace {

std::size_t count_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

bool thread_is_in_apartment() {
  APTTYPE type{};
  APTTYPEQUALIFIER qualifier{};
  return CoGetApartmentType(&type, &qualifier) == S_OK;
}

void append(std::string* text, std::size_t before, std::size_t now, const char* what) {
  if (now <= before) return;
  *text += std::to_string(now - before) + " more " + what + " than before (" +
           std::to_string(before) + ", now " + std::to_string(now) + ")\n";
}

// Appended last it is asked first when a test ends, so the failure still belongs to that test.
const leak_guard& installed_guard = *[] {
  // The first thread of a program may bring one of the thread sanitizer's own.
  std::thread([] {}).join();
  auto* const guard = new leak_guard;
  testing::UnitTest::GetInstance()->listeners().Append(guard);
  return guard;
}();

}  // namespace

leak_snapshot leak_snapshot::take() {
  leak_snapshot now;
  now.threads = count_threads();
  now.in_apartment = thread_is_in_apartment();
  (void)SetErrorInfo(0, nullptr);
  now.objects = live_objects();
  now.task_blocks = live_task_allocations();
  now.stub_managers = live_stub_managers();
  now.proxy_managers = live_proxy_managers();
  return now;
}

std::string leak_snapshot::left_behind(std::chrono::milliseconds ceiling) const {
  const auto give_up = std::chrono::steady_clock::now() + ceiling;
  while (count_threads() > threads && std::chrono::steady_clock::now() < give_up) ::sched_yield();

  const leak_snapshot now = take();
  std::string text;
  append(&text, threads, now.threads, "threads");
  append(&text, objects, now.objects, "objects");
  append(&text, task_blocks, now.task_blocks, "blocks of task memory");
  append(&text, stub_managers, now.stub_managers, "exported objects");
  append(&text, proxy_managers, now.proxy_managers, "imported objects");
  if (now.in_apartment && !in_apartment)
    text += "the test's thread is still in an apartment, or the MTA is still there\n";
  return text;
}

const leak_guard& leak_guard::installed() { return installed_guard; }

// The run-time library of ThreadSanitizer starts a thread of its own together with the first one.
void leak_guard::OnTestProgramStart(const testing::UnitTest&) { std::thread([] {}).join(); }

void leak_guard::OnTestStart(const testing::TestInfo&) {
  ++tests_watched_;
  before_ = leak_snapshot::take();
}

void leak_guard::OnTestEnd(const testing::TestInfo& test) {
  // A test that failed, or stopped in the middle, has said what is wrong.
  if (test.result()->Failed() || test.result()->Skipped()) return;
  const std::string left = before_.left_behind();
  if (!left.empty())
    ADD_FAILURE() << test.test_suite_name() << "." << test.name() << " leaves behind:\n" << left;
}

}  // namespace insula::test
