// SPDX-License-Identifier: MIT
//
// A document index: three apartments at work.
//
//   main STA     the display, on the thread that owns the terminal
//   store STA    the index, an SQLite database without locks
//   MTA          the workers, who read files and split them into words side by side
//
// Where to read on: interfaces.hpp (what they say to each other), session.cpp (how they come to be
// and meet), crew.cpp (callers in the MTA), index_store.cpp and display.cpp (objects in an STA).
#include "check.hpp"
#include "file_list.hpp"
#include "input_watch.hpp"
#include "options.hpp"
#include "session.hpp"
#include "single_run.hpp"
#include "stop_request.hpp"
#include "summary.hpp"
#include "text_layout.hpp"
#include "view.hpp"

#include <insula/apartments/sta.hpp>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace document_index {
namespace {

constexpr int failed = 1;
constexpr int wrong_arguments = 2;

void complain(const std::string& sentence) {
  std::fprintf(stderr, "document_index: %s\n", printable(sentence).c_str());
}

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

int finish(session& work, const options& chosen, const file_list& found,
           const stop_request& stop) {
  const store_totals totals = work.store()->totals();
  write_out(index_summary(work.seen(), totals, chosen.database.path));
  const std::string failure = work.failure();
  int code = failure.empty() ? 0 : failed;
  if (!failure.empty()) complain(failure);
  if (failure.empty() && !stop.is_set() && chosen.hits != 0)
    write_out(answer_text(chosen.query, work.store()->search(chosen.query, chosen.hits)));
  if (failure.empty() && !stop.is_set() && chosen.check && !check(work, found, stop))
    code = failed;
  if (stop.is_set() && failure.empty()) code = stop.exit_code();
  write_out(calls_text(work.ledger()));

  const char* const end = code == 0         ? "done"
                          : stop.is_set()   ? "stopped"
                          : failure.empty() ? "done, but the runs differ"
                                            : "failed";
  write_out(std::string("\n") + end + ": " + grouped(totals.documents) + " of " +
            counted(work.seen().files, "file") + " indexed; " +
            counted(work.ledger().total_direct(), "direct call") + ", " +
            grouped(work.ledger().total_crossed()) + " crossed\n");
  return code;
}

int run(options chosen) {
  block_stop_signals();  // before any thread begins, so that all inherit it
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a size limit is then a failed write, like a full disk
  if (chosen.database.path.empty()) chosen.database.path = default_database();

  // First of all: a mistyped name should not cost the index that is there.
  const std::vector<skipped_file> missing = unusable(chosen.paths);
  for (const skipped_file& one : missing)
    if (missing.size() == chosen.paths.size()) complain(one.path + ": " + one.reason);
  if (missing.size() == chosen.paths.size()) {
    complain("nothing to index; the database was left as it was");
    return failed;
  }

  insula::sta_lease here("main");
  session work(chosen, here);
  stop_request stop;
  const input_watch watch({
      .key =
          [&](char key) {
            if (key == 'q') stop.set(0);
            work.post_key(key);
          },
      .signal =
          [&](int signal) {
            stop.set(signal);
            work.post_interrupt(stop_signal_name(signal));
          },
  });
  const file_list found = find_files(chosen.paths, chosen.database.path, stop);
  work.index(found);
  return finish(work, chosen, found, stop);
}

}  // namespace
}  // namespace document_index

int main(int count, char** arguments) {
  using namespace document_index;
  try {
    const options chosen = parse_options(count, arguments);
    if (!chosen.help) return run(chosen);
    write_out(help_text());
    return 0;
  } catch (const usage_error& error) {
    complain(std::string(error.what()) + "; --help tells more");
    return wrong_arguments;
  } catch (const std::exception& error) {
    complain(error.what());
    return failed;
  }
}
