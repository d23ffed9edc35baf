// SPDX-License-Identifier: MIT
#include <insula/marshal/object_exporter.hpp>

#include "exporter_registry.hpp"
#include "marshal_tables.hpp"
#include "unique_id.hpp"

namespace insula {

namespace {

std::atomic<object_exporter* (*)() noexcept> current_source{nullptr};  // atomic: set before any use

}  // namespace

object_exporter* current_exporter() noexcept {
  const auto source = current_source.load(std::memory_order_acquire);
  return source != nullptr ? source() : nullptr;
}

void set_current_exporter_source(object_exporter* (*source)() noexcept) noexcept {
  current_source.store(source, std::memory_order_release);
}

object_exporter::object_exporter()
    : id_(static_cast<oxid>(next_unique_id())), tables_(std::make_unique<marshal_tables>(*this)) {
  register_exporter(*this);
}

object_exporter::~object_exporter() { unregister_exporter(*this); }

ULONG object_exporter::Release() noexcept {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

HRESULT object_exporter::call_owned(std::shared_ptr<exporter_work> work) {
  return call([&] { work->run(); });
}

bool object_exporter::try_add_ref() noexcept {
  ULONG seen = references_.load(std::memory_order_relaxed);
  while (seen != 0)
    if (references_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) return true;
  return false;
}

void object_exporter::close_exports() {
  unregister_exporter(*this);
  tables_->exports.close();
}

void object_exporter::release_imports() { tables_->imports.release(); }

}  // namespace insula
