// SPDX-License-Identifier: MIT
#include "conclusion.hpp"

#include "check.hpp"
#include "output.hpp"
#include "single_run.hpp"
#include "summary.hpp"
#include "text_layout.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace document_index {
namespace {

/// What the components saw of the calls that were made to them, held against the callers' count. A
/// component that is entered outside of its apartment has ended the program before.
void check_entries(session& work, std::vector<std::string>& differences) {
  const std::uint64_t store = work.store()->totals().entries;
  const std::uint64_t store_calls = work.ledger().calls_into(call_ledger::store);
  const std::uint64_t display = work.display_entries();
  const std::uint64_t display_calls = work.ledger().calls_into(call_ledger::main);
  const auto compare = [&](const char* who, std::uint64_t entries, std::uint64_t calls) {
    if (entries == calls) return;
    differences.push_back(std::string(who) + ": entered " + counted(entries, "time") +
                          ", called " + counted(calls, "time"));
  };
  compare("the store", store, store_calls);
  compare("the display", display, display_calls);
  for (std::string& one : work.ledger().contradictions()) differences.push_back(std::move(one));
}

/// False: the runs differ.
bool check(session& work, const file_list& found, const stop_request& stop) {
  write_out("\ncheck: the same " + counted(found.files.size(), "file") +
            " again, with one thread and without apartments\n");
  const tally alone = run_single_threaded(found, stop);
  if (stop.is_set()) return true;
  std::vector<std::string> wrong = differences(work.store(), work.seen(), alone);
  check_entries(work, wrong);
  for (const std::string& one : wrong) write_out("  " + one + "\n");
  if (!wrong.empty()) {
    write_out("check: different\n");
    return false;
  }
  write_out("check: equal: " + counted(alone.documents.size(), "document") + ", " +
            counted(alone.tokens, "word") + ", " + grouped(alone.words.size()) + " distinct, " +
            grouped(alone.skipped.size()) + " skipped\n");
  write_out("check: entered in its own apartment only: the store " +
            counted(work.ledger().calls_into(call_ledger::store), "time") + ", the display " +
            counted(work.ledger().calls_into(call_ledger::main), "time") + "\n");
  return true;
}

/// The last line.
std::string ending(int code, bool failed, bool stopped, const session& work,
                   const store_totals& totals) {
  const char* const how = code == 0 ? "done"
                          : stopped ? "stopped"
                          : failed  ? "failed"
                                    : "done, but the runs differ";
  const call_ledger& ledger = work.ledger();
  return std::string("\n") + how + ": " + grouped(totals.documents) + " of " +
         counted(work.seen().files, "file") + " indexed; " +
         counted(ledger.total_direct(), "direct call") + ", " + grouped(ledger.total_crossed()) +
         " crossed\n";
}

}  // namespace

int conclude(session& work, const options& chosen, const file_list& found,
             const stop_request& stop) {
  const store_totals totals = work.store()->totals();
  write_out(index_summary(work.seen(), totals, chosen.database.path));
  const std::string failure = work.failure();
  if (!failure.empty()) complain(failure);
  for (const std::string& path : work.left_behind())
    complain(path + ": not finished when the program was stopped");

  bool equal = true;
  if (failure.empty() && !stop.is_set() && chosen.hits != 0)
    write_out(answer_text(chosen.query, work.store()->search(chosen.query, chosen.hits)));
  if (failure.empty() && !stop.is_set() && chosen.check) equal = check(work, found, stop);
  write_out(calls_text(work.ledger()));

  const int code = stop.is_set() ? stop.exit_code() : failure.empty() && equal ? 0 : 1;
  write_out(ending(code, !failure.empty(), stop.is_set(), work, totals));
  return code;
}

}  // namespace document_index
