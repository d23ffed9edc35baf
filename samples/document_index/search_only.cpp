// SPDX-License-Identifier: MIT
#include "search_only.hpp"

#include "database_file.hpp"
#include "index_reader.hpp"
#include "output.hpp"
#include "sqlite.hpp"
#include "summary.hpp"

#include <string>

namespace document_index {
namespace {

void require_index(sqlite_connection& connection, const std::string& path) {
  if (connection.number("PRAGMA application_id") != index_application_id)
    throw store_error(0, path + ": this is not an index; a run without --search makes one, under "
                                "another name if need be");
  if (connection.number("PRAGMA user_version") != index_version)
    throw store_error(0, path + ": this index is of another version; a run without --search makes "
                                "it anew");
}

}  // namespace

int search_only(const options& chosen, const stop_request& stop) {
  const database_file file(chosen.database.path, database_file::use::read);
  const auto on_wait = [](bool waits) {
    if (waits) complain("the database is locked, trying again");
  };
  sqlite_connection connection(file.path(), chosen.database.patience, on_wait, stop.token());
  require_index(connection, file.path());
  index_reader index(connection);
  if (const std::string missing = index.what_is_missing(); !missing.empty())
    write_out("\n" + missing + "\n");
  write_out(answer_text(chosen.query, index.search(chosen.query, chosen.hits)));
  return 0;
}

}  // namespace document_index
