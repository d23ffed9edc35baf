// SPDX-License-Identifier: MIT
#include "overflow_watch.hpp"

#include "call.hpp"
#include "host_thread.hpp"
#include "logical_thread.hpp"
#include "stack_bounds.hpp"

#include <insula/core/printable.hpp>
#include <insula/marshal/try_interface_info.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace insula {
namespace {

// Read by the handler, so reached without a call that could allocate: initial-exec.
#if defined(__GNUC__)
#define INSULA_SIGNAL_SAFE_TLS __attribute__((tls_model("initial-exec")))
#endif
thread_local constinit int watches INSULA_SIGNAL_SAFE_TLS = 0;
thread_local constinit stack_bounds thread_stack INSULA_SIGNAL_SAFE_TLS;

std::size_t signal_stack_size() noexcept {
  const long wanted = ::sysconf(_SC_SIGSTKSZ);
  return std::max(std::size_t{64} * 1024, wanted > 0 ? static_cast<std::size_t>(wanted) : 0);
}

// ---- The sentence: nothing here allocates, locks or calls back ---------------------------------

class sentence {
 public:
  sentence& operator<<(std::string_view text) noexcept {
    const std::size_t taken = std::min(text.size(), text_.size() - length_);
    std::memcpy(text_.data() + length_, text.data(), taken);
    length_ += taken;
    return *this;
  }
  sentence& operator<<(std::size_t number) noexcept {
    std::array<char, 20> digits{};
    auto at = digits.end();
    do {
      *--at = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(at, static_cast<std::size_t>(digits.end() - at));
  }
  /// A text from elsewhere; what cannot be shown as it is becomes question marks.
  sentence& name(std::string_view text) noexcept {
    if (is_printable(text)) return *this << text;
    for (const char c : text) *this << (c >= ' ' && c < 0x7f ? std::string_view(&c, 1) : "?");
    return *this;
  }
  void write() const noexcept {
    std::string_view left(text_.data(), length_);
    while (!left.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  std::array<char, 1024> text_{};
  std::size_t length_ = 0;
};

void add_place(sentence& out, const logical_thread* running) noexcept {
  const apartment_core* const inside = running != nullptr ? running->apartment : nullptr;
  if (inside == nullptr) {
    out << "in no apartment";
    return;
  }
  out << "in " << to_string(inside->kind());
  if (!inside->name().empty()) (out << " '").name(inside->name()) << "'";
}

void add_method(sentence& out, const call* serving) noexcept {
  if (serving == nullptr) {
    out << ", in code that no proxy called";
    return;
  }
  out << ", in a call of ";
  const interface_info* const described = try_find_interface_info(serving->endpoint->iid());
  if (described == nullptr) {
    out << "method " << std::size_t{serving->method};
    return;
  }
  out << described->name << "::";
  if (const method_info* const method = described->method(serving->method)) {
    out << method->name;
  } else {
    out << "method " << std::size_t{serving->method};
  }
}

void say(const stack_bounds& stack) noexcept {
  const logical_thread* const running = this_thread().logical;
  sentence out;
  out << "insula: stack overflow ";
  add_place(out, running);
  add_method(out, running != nullptr ? running->serving : nullptr);
  out << ": the stack of " << stack.size / 1024 << " KiB is full. Recurse less deep, keep large "
      << "objects elsewhere, or give it more: ";
  if (stack.of_fiber) {
    out << "sta_options::stack_size.\n";
  } else {
    out << "this is the thread's own stack, whose size is the process's default (ulimit -s, "
        << "pthread_setattr_default_np) or was given to pthread_create.\n";
  }
  out.write();
}

// ---- The handler -------------------------------------------------------------------------------

struct former_action {
  int signal;
  struct sigaction action;
};
std::array<former_action, 2> former{{{SIGSEGV, {}}, {SIGBUS, {}}}};

void pass_on(int signal, siginfo_t* info, void* context) noexcept {
  const struct sigaction& before = (signal == former[0].signal ? former[0] : former[1]).action;
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    // The instruction is run again when this returns, and ends the process, as it would have.
    struct sigaction end_it {};
    end_it.sa_handler = SIG_DFL;
    (void)::sigaction(signal, &end_it, nullptr);
    // A signal that somebody sent is not repeated by itself.
    if (info->si_code <= 0) (void)::raise(signal);
  } else {
    before.sa_handler(signal);
  }
}

void on_fault(int signal, siginfo_t* info, void* context) {
  if (watches != 0 && info->si_code > 0) {
    const int error = errno;
    const host_thread* const host = this_thread().host;
    const stack_bounds running = host != nullptr ? host->running_stack() : thread_stack;
    if (running.overflows_at(info->si_addr)) say(running);
    errno = error;
  }
  pass_on(signal, info, context);
}

/// Installed with the first watch; taken away when the library is unloaded, unless somebody else
/// has installed a handler after it.
struct installed_handler {
  installed_handler() noexcept {
    struct sigaction ours {};
    ours.sa_sigaction = &on_fault;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    for (former_action& one : former) {
      // Asked first: the handler may run as soon as it is there.
      (void)::sigaction(one.signal, nullptr, &one.action);
      (void)::sigaction(one.signal, &ours, nullptr);
    }
  }
  ~installed_handler() {
    for (const former_action& one : former) {
      struct sigaction now {};
      if (::sigaction(one.signal, nullptr, &now) != 0) continue;
      if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == &on_fault)
        (void)::sigaction(one.signal, &one.action, nullptr);
    }
  }
  installed_handler(const installed_handler&) = delete;
  installed_handler& operator=(const installed_handler&) = delete;
};

}  // namespace

overflow_watch::overflow_watch() noexcept {
  static const installed_handler once;
  if (watches++ != 0) return;
  thread_stack = own_stack();
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
  void* const memory = ::mmap(nullptr, signal_stack_size(), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;  // an overflow then ends without a sentence
  stack_t ours{};
  ours.ss_sp = memory;
  ours.ss_size = signal_stack_size();
  if (::sigaltstack(&ours, nullptr) == 0) {
    signal_stack_ = memory;
  } else {
    ::munmap(memory, signal_stack_size());
  }
}

overflow_watch::~overflow_watch() {
  --watches;
  if (signal_stack_ == nullptr) return;
  // Another one may have come in its place.
  stack_t now{};
  if (::sigaltstack(nullptr, &now) == 0 && now.ss_sp == signal_stack_) {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    (void)::sigaltstack(&none, nullptr);
  }
  ::munmap(signal_stack_, signal_stack_size());
}

}  // namespace insula
