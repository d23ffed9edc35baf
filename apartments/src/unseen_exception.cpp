// SPDX-License-Identifier: MIT
#include <insula/apartments/unseen_exception.hpp>

#include "apartment_core.hpp"
#include "call.hpp"

#include <insula/marshal/interface_info.hpp>

#include <exception>
#include <string>
#include <utility>

namespace insula::detail {
namespace {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace

unseen_exception::~unseen_exception() {
  if (thrown_ == nullptr || seen_) return;
  log_unseen([this] {
    return source() + ", whose result was dropped, threw in " +
           (where_ ? where_.description() : "no apartment") + ": " + text_of(thrown_);
  });
}

void unseen_exception::keep(std::exception_ptr thrown) noexcept {
  keep(std::move(thrown), GUID_NULL, 0);
}

void unseen_exception::keep(std::exception_ptr thrown, REFIID iid, ULONG slot) noexcept {
  thrown_ = std::move(thrown);
  if (apartment_core* const here = current_apartment()) where_ = apartment(*here);
  iid_ = iid;
  slot_ = slot;
}

void unseen_exception::rethrow() {
  if (thrown_ == nullptr) return;
  seen_ = true;
  std::rethrow_exception(thrown_);
}

std::string unseen_exception::source() const {
  if (iid_ == GUID_NULL) return "a task";
  if (slot_ != 0) return called_method(iid_, slot_);
  return "a method of " + interface_name(iid_);
}

}  // namespace insula::detail
