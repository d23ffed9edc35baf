// SPDX-License-Identifier: MIT
#include "fiber.hpp"

#include "place.hpp"

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>

#include <sys/mman.h>

#include <cstdint>
#include <cxxabi.h>
#include <new>
#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSULA_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define INSULA_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define INSULA_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define INSULA_TSAN 1
#endif
#if defined(INSULA_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(INSULA_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace insula {
namespace {

namespace context = boost::context;

// What __cxa_get_globals points to (Itanium C++ ABI, 2.2.2): the exceptions being handled and the
// count of those in flight, per thread. Two fibers of one thread must not share it: the handled
// exceptions form a stack, and fibers do not leave their handlers in that order.
struct eh_globals {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

eh_globals& thread_eh_globals() noexcept {
  return *reinterpret_cast<eh_globals*>(abi::__cxa_get_globals());
}

// Memory comes from mmap: untouched pages cost nothing, and the guard below the stack faults. Two
// mappings a stack: guards and stacks side by side never merge into one.
class stack_memory {
 public:
  stack_memory() = default;
  explicit stack_memory(std::size_t size) : size_(size + stack_guard_size) {
    // Without access at first, so that a system that counts what it has promised counts the stack
    // alone.
    base_ = ::mmap(nullptr, size_, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base_ == MAP_FAILED) {
      base_ = nullptr;
      throw std::bad_alloc();
    }
    if (::mprotect(bottom(), size, PROT_READ | PROT_WRITE) == 0) {
      // A parked fiber needs a page or two, not two megabytes.
      (void)::madvise(bottom(), size, MADV_NOHUGEPAGE);
      return;
    }
    // A mapping more, and the system has no more (vm.max_map_count).
    ::munmap(std::exchange(base_, nullptr), size_);
    throw std::bad_alloc();
  }
  ~stack_memory() {
    if (base_ != nullptr) ::munmap(base_, size_);
  }
  stack_memory(const stack_memory&) = delete;
  stack_memory& operator=(const stack_memory&) = delete;

  [[nodiscard]] bool owns() const noexcept { return base_ != nullptr; }
  [[nodiscard]] char* bottom() const noexcept {
    return static_cast<char*>(base_) + stack_guard_size;
  }
  [[nodiscard]] char* top() const noexcept { return static_cast<char*>(base_) + size_; }

 private:
  void* base_ = nullptr;
  std::size_t size_ = 0;
};

// The stack's memory belongs to fiber::impl, so Boost.Context is given nothing to free.
struct keeps_memory {
  void deallocate(context::stack_context&) noexcept {}
};

}  // namespace

struct fiber::impl {
  impl() = default;
  explicit impl(std::size_t stack_size) : memory(stack_size) {
#if defined(INSULA_TSAN)
    tsan_fiber = __tsan_create_fiber(0);
#endif
  }
  ~impl() {  // NOLINT(modernize-use-equals-default): not under the thread sanitizer
#if defined(INSULA_TSAN)
    if (memory.owns()) __tsan_destroy_fiber(tsan_fiber);
#endif
  }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  stack_memory memory;  // none for the thread's own stack
  const char* bottom = nullptr;  // lowest usable address of the stack
  std::size_t size = 0;
  context::fiber continuation;   // where to go on; empty while running
  logical_thread* logical = nullptr;  // in force when the fiber was left
  eh_globals handled;
#if defined(INSULA_ASAN)
  void* fake_stack = nullptr;
#endif
#if defined(INSULA_TSAN)
  void* tsan_fiber = nullptr;
#endif
};

namespace {

// Between the two halves of a switch: who was left. A thread-local is enough, as a switch has no
// other code in between.
thread_local constinit fiber* leaving = nullptr;

}  // namespace

fiber::fiber() = default;

fiber::~fiber() = default;

std::unique_ptr<fiber> fiber::adopt_thread() {
  std::unique_ptr<fiber> self(new fiber);
  self->impl_ = std::make_unique<impl>();
  const stack_bounds stack = own_stack();
  self->impl_->bottom = stack.bottom;
  self->impl_->size = stack.size;
#if defined(INSULA_TSAN)
  self->impl_->tsan_fiber = __tsan_get_current_fiber();
#endif
  return self;
}

std::unique_ptr<fiber> fiber::make(fiber* (*body)(void*), void* argument, std::size_t stack_size) {
  std::unique_ptr<fiber> made(new fiber);
  made->impl_ = std::make_unique<impl>(stack_size);
  impl& state = *made->impl_;
  state.bottom = state.memory.bottom();
  state.size = static_cast<std::size_t>(state.memory.top() - state.memory.bottom());
  state.logical = &made->logical;
  context::stack_context where;
  where.size = state.size;
  where.sp = state.memory.top();
  fiber* const self = made.get();
  state.continuation = context::fiber(
      std::allocator_arg, context::preallocated(where.sp, where.size, where), keeps_memory{},
      [self, body, argument](context::fiber&& from) {
#if defined(INSULA_ASAN)
        __sanitizer_finish_switch_fiber(self->impl_->fake_stack, nullptr, nullptr);
#endif
        leaving->impl_->continuation = std::move(from);
        fiber* const successor = body(argument);
        run_as(successor->impl_->logical);
        thread_eh_globals() = successor->impl_->handled;
        leaving = self;
#if defined(INSULA_ASAN)
        // Null: this stack is not come back to, its fake frames can go.
        __sanitizer_start_switch_fiber(nullptr, successor->impl_->bottom, successor->impl_->size);
#endif
#if defined(INSULA_TSAN)
        __tsan_switch_to_fiber(successor->impl_->tsan_fiber, 0);
#endif
        return std::move(successor->impl_->continuation);
      });
  return made;
}

void fiber::switch_to(fiber& from, fiber& to) noexcept {
  from.impl_->logical = this_thread().logical;
  from.impl_->handled = thread_eh_globals();
  run_as(to.impl_->logical);
  thread_eh_globals() = to.impl_->handled;
  leaving = &from;
#if defined(INSULA_ASAN)
  __sanitizer_start_switch_fiber(&from.impl_->fake_stack, to.impl_->bottom, to.impl_->size);
#endif
#if defined(INSULA_TSAN)
  __tsan_switch_to_fiber(to.impl_->tsan_fiber, 0);
#endif
  context::fiber left = std::move(to.impl_->continuation).resume();
#if defined(INSULA_ASAN)
  __sanitizer_finish_switch_fiber(from.impl_->fake_stack, nullptr, nullptr);
#endif
  leaving->impl_->continuation = std::move(left);
}

std::size_t fiber::stack_left() const noexcept {
  const char* const here = static_cast<const char*>(__builtin_frame_address(0));
  return here > impl_->bottom ? static_cast<std::size_t>(here - impl_->bottom) : 0;
}

stack_bounds fiber::stack() const noexcept {
  return {impl_->bottom, impl_->size, impl_->memory.owns()};
}

}  // namespace insula
