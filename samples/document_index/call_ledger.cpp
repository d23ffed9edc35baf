// SPDX-License-Identifier: MIT
#include "call_ledger.hpp"

#include "interfaces.hpp"
#include "text_layout.hpp"

#include <insula/core/exception.hpp>

#include <stdexcept>

namespace document_index {
namespace {

constexpr std::array<const char*, call_ledger::places> place_names{"main STA", "store STA", "MTA"};

// The runtime also reports calls that it makes on its own account, for references and interfaces.
bool is_ours(insula::REFIID iid) noexcept {
  return iid == insula::iid_of<IIndexStore>() || iid == insula::iid_of<IDisplay>() ||
         iid == insula::iid_of<IWorkerControl>() || iid == insula::iid_of<IWorkList>() ||
         iid == insula::iid_of<IWorkCrew>();
}

std::string line(const std::string& pair, const std::string& kind, const std::string& calls,
                 const std::string& median, const std::string& p99) {
  return "  " + padded_right(pair, 26) + padded_right(kind, 9) + padded_left(calls, 11) +
         padded_left(median, 12) + padded_left(p99, 12);
}

std::string line(const std::string& pair, const char* kind, const latency_histogram& calls) {
  return line(pair, kind, grouped(calls.count()), short_time_text(calls.quantile(0.5)),
              short_time_text(calls.quantile(0.99)));
}

}  // namespace

call_ledger::place call_ledger::here() const {
  for (std::size_t i = 0; i < places; ++i)
    if (apartments_[i].is_current()) return static_cast<place>(i);
  throw std::logic_error("the calling code is in none of the program's apartments");
}

std::size_t call_ledger::index_of(const insula::apartment_core& core) const noexcept {
  std::size_t index = 0;
  while (index < places && apartments_[index].core() != &core) ++index;
  return index;
}

void call_ledger::crossed(const insula::crossed_call& call) noexcept {
  if (!is_ours(call.iid)) return;
  const std::size_t from = index_of(call.from);
  const std::size_t to = index_of(call.to);
  if (from == places || to == places) elsewhere_.fetch_add(1, std::memory_order_relaxed);
  else pairs_[from * places + to].crossed.add(call.took);
}

std::string call_ledger::pair_name(std::size_t pair) const {
  const char* const from = place_names[pair / places];
  const char* const to = place_names[pair % places];
  if (from == to) return std::string("inside the ") + from;
  return std::string(from) + " -> " + to;
}

std::vector<std::string> call_ledger::table() const {
  std::vector<std::string> lines{line("apartments", "way", "calls", "median", "p99")};
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (pairs_[i].direct.count() != 0)
      lines.push_back(line(pair_name(i), "direct", pairs_[i].direct));
    if (pairs_[i].crossed.count() != 0)
      lines.push_back(line(pair_name(i), "crossed", pairs_[i].crossed));
  }
  return lines;
}

std::vector<std::string> call_ledger::contradictions() const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const std::uint64_t sent = pairs_[i].sent.load(std::memory_order_relaxed);
    const std::uint64_t seen = pairs_[i].crossed.count();
    if (sent != seen)
      found.push_back(pair_name(i) + ": " + counted(sent, "crossing call") + " made, " +
                      grouped(seen) + " reported by the runtime");
  }
  if (const auto stray = elsewhere_.load(std::memory_order_relaxed); stray != 0)
    found.push_back(counted(stray, "call") + " of unknown apartments");
  return found;
}

std::uint64_t call_ledger::calls_into(place to) const {
  std::uint64_t sum = 0;
  for (std::size_t from = 0; from < places; ++from) {
    const call_pair& pair = pairs_[from * places + to];
    sum += pair.direct.count() + pair.sent.load(std::memory_order_relaxed);
  }
  return sum;
}

std::uint64_t call_ledger::total_direct() const {
  std::uint64_t sum = 0;
  for (const call_pair& pair : pairs_) sum += pair.direct.count();
  return sum;
}

std::uint64_t call_ledger::total_crossed() const {
  std::uint64_t sum = 0;
  for (const call_pair& pair : pairs_) sum += pair.crossed.count();
  return sum;
}

}  // namespace document_index
