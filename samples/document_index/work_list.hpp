// SPDX-License-Identifier: MIT
#pragma once

#include "home_guard.hpp"
#include "interfaces.hpp"

#include <insula/core/implements.hpp>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace document_index {

/// The files that are still to be done, and the switch for those who do them. Lives in the MTA, so
/// it is entered by many threads at once and locks.
class work_list : public insula::implements<work_list, IWorkList, IWorkerControl> {
 public:
  explicit work_list(std::vector<std::string> files) : files_(std::move(files)) {}

  std::optional<std::string> next() override;

  void pause() override;
  void resume() override;
  void cancel(const std::string& reason) override;

  /// Why it was cancelled; empty: it was not.
  [[nodiscard]] std::string cancelled() const;

 private:
  const home_guard home_{"the work list"};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> files_;  // guarded by mutex_, as what follows
  std::size_t next_ = 0;
  bool paused_ = false;
  std::string cancelled_;
};

}  // namespace document_index
