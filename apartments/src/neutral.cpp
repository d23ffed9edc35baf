// SPDX-License-Identifier: MIT
#include <insula/apartments/neutral.hpp>

#include "neutral_apartment.hpp"
#include "open_apartments.hpp"

namespace insula {

apartment neutral() {
  const com_ptr<neutral_apartment> open = open_neutral_apartment();
  if (!open)
    throw com_error(CO_E_NOTINITIALIZED,
                    "the process has no neutral apartment: it exists while an STA or the MTA is "
                    "open. Enter or make one first (sta_lease, mta_lease, sta, CoInitializeEx).");
  return apartment(*open);
}

}  // namespace insula
