// SPDX-License-Identifier: MIT
#include <insula/apartments/resume_in.hpp>

#include "resumption.hpp"

namespace insula {

bool resume_in_awaiter::await_suspend(std::coroutine_handle<> waiter) {
  // From the moment it is sent, the coroutine may run elsewhere and this awaiter be gone.
  if (where_ && !resumption::send(std::make_unique<resumption>(*where_.core(), waiter, &refused_)))
    return true;
  refused_ = true;
  return false;
}

void resume_in_awaiter::await_resume() const {
  if (!refused_) return;
  throw com_error(
      RPC_E_DISCONNECTED,
      "resume_in: a coroutine was to go on in " +
          (where_ ? where_.description() : std::string("an empty apartment handle")) +
          ", which has closed, or had no thread for it. It goes on where this was thrown; catch it "
          "to clean up.");
}

}  // namespace insula
