// SPDX-License-Identifier: MIT
#include "scenario.hpp"

#include <insula/core/hresult.hpp>

#include <cstdio>
#include <ostream>

namespace insula::test {

wrong_answer::wrong_answer(const char* what, HRESULT code) noexcept {
  std::snprintf(text_, sizeof text_, "%s (0x%08x)", what, static_cast<unsigned>(code));
}

bool says_shortage(HRESULT code) noexcept {
  return code == E_OUTOFMEMORY || code == RPC_E_OUT_OF_RESOURCES;
}

void step(HRESULT code, const char* what) { step(code, E_OUTOFMEMORY, what); }

void step(HRESULT code, HRESULT also, const char* what) {
  if (SUCCEEDED(code)) return;
  if (says_shortage(code) || code == also) throw refused_step{};
  throw wrong_answer(what, code);
}

void require(bool holds, const char* what) {
  if (!holds) throw wrong_answer(what);
}

std::ostream& operator<<(std::ostream& out, const piece& one) { return out << one.name; }

}  // namespace insula::test
