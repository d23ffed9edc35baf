// SPDX-License-Identifier: MIT
#include <insula/core/test_gate.hpp>

#ifdef INSULA_TEST_GATES

#include <insula/core/thread_safety.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <string_view>
#include <utility>

namespace insula {

struct test_gate::state {
  explicit state(std::function<void()> s) : script(std::move(s)) {}

  mutable mutex guard;
  std::condition_variable changed;
  const std::function<void()> script;  // fixed
  bool reached INSULA_GUARDED_BY(guard) = false;
  bool opened INSULA_GUARDED_BY(guard) = false;
  bool left INSULA_GUARDED_BY(guard) = false;
};

namespace {

template <class State>
struct gate_list {
  mutex guard;
  std::map<std::string, std::shared_ptr<State>, std::less<>> shut INSULA_GUARDED_BY(guard);
};

/// Lives as long as the process: product code may pass gates while statics are being destroyed.
template <class State>
gate_list<State>& gates() {
  static auto* const list = new gate_list<State>;
  return *list;
}

std::atomic<int> shut_gates{0};  // atomic: a hint, the list under its mutex is the truth

}  // namespace

void pass_test_gate(const char* name) noexcept {
  if (shut_gates.load(std::memory_order_relaxed) == 0) return;
  std::shared_ptr<test_gate::state> gate;
  {
    auto& all = gates<test_gate::state>();
    mutex_lock lock(all.guard);
    const auto found = all.shut.find(std::string_view(name));
    if (found == all.shut.end()) return;
    gate = found->second;
  }
  {
    mutex_lock lock(gate->guard);
    if (gate->reached || gate->opened) return;
    gate->reached = true;
    gate->changed.notify_all();
    if (gate->script == nullptr)
      while (!gate->opened)
        lock.wait(gate->changed);
  }
  if (gate->script != nullptr) gate->script();
  mutex_lock lock(gate->guard);
  gate->left = true;
  gate->changed.notify_all();
}

test_gate::test_gate(std::string name) : test_gate(std::move(name), nullptr) {}

test_gate::test_gate(std::string name, std::function<void()> script)
    : state_(std::make_shared<state>(std::move(script))) {
  auto& all = gates<state>();
  mutex_lock lock(all.guard);
  all.shut.insert_or_assign(std::move(name), state_);
  shut_gates.fetch_add(1, std::memory_order_relaxed);
}

test_gate::~test_gate() {
  {
    auto& all = gates<state>();
    mutex_lock lock(all.guard);
    std::erase_if(all.shut, [&](const auto& entry) { return entry.second == state_; });
    shut_gates.fetch_sub(1, std::memory_order_relaxed);
  }
  open();
  mutex_lock lock(state_->guard);
  while (state_->reached && !state_->left)
    lock.wait(state_->changed);
}

void test_gate::wait_until_reached() {
  mutex_lock lock(state_->guard);
  while (!state_->reached)
    lock.wait(state_->changed);
}

void test_gate::open() {
  mutex_lock lock(state_->guard);
  state_->opened = true;
  state_->changed.notify_all();
}

bool test_gate::reached() const {
  mutex_lock lock(state_->guard);
  return state_->reached;
}

}  // namespace insula

#endif
