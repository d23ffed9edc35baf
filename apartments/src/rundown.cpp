// SPDX-License-Identifier: MIT
#include <insula/apartments/rundown.hpp>

#include "apartment_core.hpp"
#include "open_apartments.hpp"

#include <insula/core/exception.hpp>

#include <utility>

namespace insula {

void at_rundown(std::function<void()> body) {
  apartment_core* const here = current_apartment();
  if (here == nullptr)
    throw com_error(CO_E_NOTINITIALIZED, "at_rundown: the calling thread is in no apartment, so "
                                         "there is none whose end could be waited for.");
  here->at_rundown(std::move(body));
}

void at_process_rundown(std::shared_ptr<void> (*take)() noexcept) { add_process_rundown(take); }

}  // namespace insula
