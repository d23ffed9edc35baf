// SPDX-License-Identifier: MIT
#pragma once

#include "home_guard.hpp"
#include "index_database.hpp"
#include "interfaces.hpp"

#include <insula/core/implements.hpp>

namespace document_index {

/// The store component. It does nothing about threads: its apartment lets one call in at a time.
class index_store : public insula::implements<index_store, IIndexStore> {
 public:
  /// From: the STA in which it is to live. Fails: store_error.
  explicit index_store(const database_options& options);
  ~index_store() override;

  void add(const document& one) override;
  void skip(const skipped_file& one) override;
  void finish(const std::string& ending) override;
  store_totals totals() override;
  std::vector<search_hit> search(const std::string& words, std::uint32_t limit) override;
  std::vector<document_digest> documents(const std::string& after, std::uint32_t limit) override;
  std::vector<skipped_file> skipped(const std::string& after, std::uint32_t limit) override;
  std::vector<word_total> words(const std::string& after, std::uint32_t limit) override;

 private:
  void on_timer();

  const home_guard home_{"the store"};
  const insula::apartment apartment_ = insula::apartment::current();
  index_database database_;
  insula::timer_id timer_{};
};

}  // namespace document_index
