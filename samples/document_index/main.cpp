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
#include "conclusion.hpp"
#include "file_list.hpp"
#include "input_watch.hpp"
#include "memory_room.hpp"
#include "options.hpp"
#include "output.hpp"
#include "search_only.hpp"
#include "session.hpp"
#include "stop_request.hpp"

#include <insula/apartments/sta.hpp>

#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace document_index {
namespace {

constexpr int failed = 1;
constexpr int wrong_arguments = 2;

/// False: nothing of what is named is there. A mistyped name should not cost the index that is.
bool has_something_to_index(const options& chosen) {
  const std::vector<skipped_file> missing = unusable(chosen.paths);
  if (missing.size() < chosen.paths.size()) return true;
  for (const skipped_file& one : missing) complain(one.path + ": " + one.reason);
  complain("nothing to index; the database was left as it was");
  return false;
}

int index(const options& chosen, input_watch& watch, stop_request& stop) {
  if (!has_something_to_index(chosen)) return failed;
  const file_list found = find_files(chosen.paths, chosen.database.path, stop);
  if (stop.is_set()) {
    write_out("stopped while looking for files; the database was left as it was\n");
    return stop.exit_code();
  }

  insula::sta_lease here("main");
  session work(chosen, here, found, stop);
  const input_watch::key_listener keys(watch, [&](char key) { work.post_key(key); });
  work.index();
  const int code = conclude(work, chosen, found, stop);
  if (!work.left_behind().empty()) {
    work.close_store();
    input_watch::leave_at_once(code);
  }
  return code;
}

int run(options chosen) {
  block_watched_signals();
  stop_request stop;
  input_watch watch(stop, chosen.grace);  // first of all: any file system may hang
  try {
    if (chosen.database.path.empty()) chosen.database.path = default_database();
    return chosen.search_only ? search_only(chosen, stop) : index(chosen, watch, stop);
  } catch (const std::exception& error) {
    if (!stop.is_set()) throw;
    complain(error.what());  // what was given up because of it
    return stop.exit_code();
  }
}

/// What all threads and files of the program have in common.
void prepare_process() {
  hold_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a size limit is then a failed write, like a full disk
  ::umask(S_IRWXG | S_IRWXO);     // an index has the texts of files that others may not read
  limit_allocator();
}

int run_command(int count, char** arguments) {
  const options chosen = parse_options(count, arguments);
  if (chosen.help) write_out(help_text());
  const int code = chosen.help ? 0 : run(chosen);
  finish_output();
  return code;
}

}  // namespace
}  // namespace document_index

int main(int count, char** arguments) {
  using namespace document_index;
  prepare_process();
  try {
    return run_command(count, arguments);
  } catch (const usage_error& error) {
    complain(std::string(error.what()) + "; --help tells more");
    return wrong_arguments;
  } catch (const std::exception& error) {
    complain(error.what());
    return failed;
  }
}
