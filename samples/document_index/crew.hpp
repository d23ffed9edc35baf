// SPDX-License-Identifier: MIT
#pragma once

#include "call_ledger.hpp"
#include "file_reader.hpp"
#include "home_guard.hpp"
#include "interfaces.hpp"
#include "memory_room.hpp"
#include "metered.hpp"
#include "work_list.hpp"

#include <insula/core/implements.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace document_index {

/// The workers: threads in the MTA that take files from the list, read them and split them into
/// words side by side, and hand the results to the store and the news to the display. What start()
/// is given are the MTA's proxies; the MTA is one apartment, so all workers use the same two.
class crew : public insula::implements<crew, IWorkCrew> {
 public:
  crew(std::vector<std::string> files, std::uint32_t workers, std::shared_ptr<call_ledger> ledger);
  ~crew() override;

  void start(IIndexStore* store, IDisplay* display) override;
  void join() override;

 private:
  void work(std::uint32_t worker) noexcept;
  void handle_files(std::uint32_t worker);
  [[nodiscard]] file_report handle(const std::string& path);
  void give_up(const std::string& reason) noexcept;
  void leave() noexcept;

  const home_guard home_{"the crew"};
  const std::uint32_t workers_;
  const std::shared_ptr<call_ledger> ledger_;
  const insula::com_ptr<work_list> list_;
  const metered<IWorkList> source_;
  const metered<IWorkerControl> control_;
  memory_room memory_{longest_text};
  metered<IIndexStore> store_;   // fixed once the workers run
  metered<IDisplay> display_;    // likewise
  std::vector<std::thread> threads_;
  std::atomic<std::uint32_t> at_work_{0};
  std::mutex mutex_;
  std::string failure_;          // guarded by mutex_
};

}  // namespace document_index
