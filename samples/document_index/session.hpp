// SPDX-License-Identifier: MIT
#pragma once

#include "call_ledger.hpp"
#include "display.hpp"
#include "file_list.hpp"
#include "interfaces.hpp"
#include "metered.hpp"
#include "options.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace document_index {

/// The three apartments with their components, as the main thread has them.
class session {
 public:
  /// `here`: the main thread's STA. Fails: store_error, com_error.
  session(const options& chosen, insula::sta_lease& here);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// From: any thread.
  void post_key(char key);
  void post_interrupt(std::string signal);

  /// Indexes the files; returns when no worker is left and the last batch is written or lost.
  void index(const file_list& found);

  [[nodiscard]] const metered<IIndexStore>& store() const noexcept { return store_; }
  [[nodiscard]] const progress& seen() const { return display_->state(); }
  /// Why it ended before its time, other than by request; empty: it did not.
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] call_ledger& ledger() noexcept { return *ledger_; }
  [[nodiscard]] std::uint64_t display_entries() const noexcept { return display_->entries(); }

 private:
  void forget_posts();
  void make_store(database_options chosen);
  void skip_unreadable(const std::vector<skipped_file>& unreadable);

  insula::sta_lease& here_;
  const std::uint32_t workers_;
  insula::sta store_home_{"store"};
  const insula::mta_usage mta_;
  const std::shared_ptr<call_ledger> ledger_;
  const insula::com_ptr<display> display_;
  const metered<IDisplay> screen_;  // the display, through its interface
  metered<IIndexStore> store_;
};

}  // namespace document_index
