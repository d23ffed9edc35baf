// SPDX-License-Identifier: MIT
#pragma once

#include "call_ledger.hpp"
#include "display.hpp"
#include "file_list.hpp"
#include "interfaces.hpp"
#include "metered.hpp"
#include "options.hpp"
#include "stop_request.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace document_index {

/// The three apartments with their components, as the main thread has them.
class session {
 public:
  /// `here`: the main thread's STA. `found` and `stop` must live longer. When `stop` is set, the
  /// workers are asked to end. Fails: store_error, com_error.
  session(const options& chosen, insula::sta_lease& here, const file_list& found,
          const stop_request& stop);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// From: any thread.
  void post_key(char key);

  /// Indexes what was found; returns when no worker is left and the last batch is written or lost.
  /// A worker that does not end soon after the stop was asked for is left behind.
  void index();
  /// What the workers that were left behind are at. If there are any, the program cannot end in the
  /// ordinary way.
  [[nodiscard]] const std::vector<std::string>& left_behind() const noexcept {
    return left_behind_;
  }
  /// Closes the database, with its apartment.
  void close_store();

  [[nodiscard]] const metered<IIndexStore>& store() const noexcept { return store_; }
  [[nodiscard]] const progress& seen() const { return display_->state(); }
  /// Why it ended before its time, other than by request; empty: it did not.
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] const call_ledger& ledger() const noexcept { return *ledger_; }
  [[nodiscard]] std::uint64_t display_entries() const noexcept { return display_->entries(); }

 private:
  [[nodiscard]] std::uint64_t number_of_files() const noexcept {
    return found_.files.size() + found_.unreadable.size();
  }
  void forget_posts();
  void interrupt();
  void leave_workers_behind();
  void make_store(database_options chosen);
  void skip_unreadable(const std::vector<skipped_file>& unreadable);

  insula::sta_lease& here_;
  const file_list& found_;
  const stop_request& stop_;
  const std::chrono::milliseconds grace_;
  const std::uint32_t workers_;
  insula::sta store_home_{"store"};
  const insula::mta_usage mta_;
  const std::shared_ptr<call_ledger> ledger_;
  const insula::com_ptr<display> display_;
  const metered<IDisplay> screen_;  // the display, through its interface
  metered<IIndexStore> store_;
  metered<IWorkCrew> crew_;
  insula::timer_id patience_{};  // with workers that were asked to end
  std::vector<std::string> left_behind_;
};

}  // namespace document_index
