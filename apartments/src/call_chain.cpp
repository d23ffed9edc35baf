// SPDX-License-Identifier: MIT
#include "call_chain.hpp"

#include "apartment_core.hpp"
#include "call.hpp"

#include <functional>
#include <thread>

namespace insula {

call_chain current_chain() {
  const logical_thread& running = current_logical_thread();
  if (running.scope == nullptr) return {};
  return {current_causality(), running.link};
}

std::uint16_t new_chain_link() noexcept {
  thread_local auto last =
      static_cast<std::uint16_t>(std::hash<std::thread::id>{}(std::this_thread::get_id()));
  if (++last == 0) ++last;
  return last;
}

bool is_on_chain(const logical_thread& running, const apartment_core& inside,
                 const call_chain& chain) noexcept {
  call_chain here{running.causality, running.link};
  const call* serving = running.serving;
  for (const apartment_scope* scope = running.scope; scope != nullptr; scope = scope->around()) {
    // Whoever made a call that was cancelled has stopped waiting for it.
    const bool left = serving != nullptr && serving->cancelled.load(std::memory_order_relaxed);
    if (&scope->inside() == &inside && here == chain && !left) return true;
    here = {scope->causality_around(), scope->link_around()};
    serving = scope->serving_around();
  }
  return false;
}

const apartment_scope* outermost_scope(const logical_thread& running,
                                       const apartment_core& inside) noexcept {
  const apartment_scope* found = nullptr;
  for (const apartment_scope* scope = running.scope; scope != nullptr; scope = scope->around())
    if (&scope->inside() == &inside) found = scope;
  return found;
}

bool works_for_closing_apartment() noexcept {
  for (const apartment_scope* scope = current_logical_thread().scope; scope != nullptr;
       scope = scope->around())
    if (scope->inside().closing()) return true;
  return false;
}

}  // namespace insula
