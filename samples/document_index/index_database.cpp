// SPDX-License-Identifier: MIT
#include "index_database.hpp"

#include <new>
#include <utility>

namespace document_index {
namespace {

constexpr std::uint64_t most_files = 256;              // of a batch
constexpr std::uint64_t most_bytes = std::uint64_t{8} << 20;
constexpr std::chrono::seconds oldest{1};

constexpr const char* schema = R"(
  CREATE TABLE documents(
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    distinct_words INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    cut INTEGER NOT NULL);
  CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 0');
  CREATE TABLE words(
    word TEXT PRIMARY KEY, count INTEGER NOT NULL, documents INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE skipped(
    path TEXT PRIMARY KEY, why INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE run(files INTEGER NOT NULL, ending TEXT);
)";

}  // namespace

struct index_database::statements {
  explicit statements(sqlite_connection& connection)
      : add_document(connection,
                     "INSERT INTO documents(path, bytes, tokens, distinct_words, hash, repaired, "
                     "cut) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id"),
        add_text(connection, "INSERT INTO texts(rowid, text) VALUES(?1, ?2)"),
        add_word(connection,
                 "INSERT INTO words(word, count, documents) VALUES(?1, ?2, ?3) "
                 "ON CONFLICT(word) DO UPDATE SET count = count + excluded.count, "
                 "documents = documents + excluded.documents"),
        add_skipped(connection, "INSERT INTO skipped(path, why, reason) VALUES(?1, ?2, ?3)") {}

  sqlite_statement add_document, add_text, add_word, add_skipped;
};

index_database::index_database(const database_options& options)
    : file_(options.path, database_file::use::fill),
      connection_(file_.path(), options.patience, options.on_wait, options.stop),
      reader_(connection_) {
  require_own();
  file_.make_private();
  connection_.reset();
  connection_.run("PRAGMA application_id = " + std::to_string(index_application_id));
  connection_.run("PRAGMA user_version = " + std::to_string(index_version));
  connection_.run("PRAGMA journal_mode = WAL");
  connection_.run("PRAGMA synchronous = NORMAL");
  connection_.run("PRAGMA secure_delete = OFF");
  connection_.run("PRAGMA cache_size = -65536");
  make_tables(options.files);
  if (options.most_pages != 0)
    connection_.run("PRAGMA max_page_count = " + std::to_string(options.most_pages));
  statements_ = std::make_unique<statements>(connection_);
}

index_database::~index_database() {
  statements_.reset();
  connection_.roll_back();
}

// A damaged index is still known by its header, and made anew like any other.
void index_database::require_own() {
  if (file_.is_marked(index_application_id)) return;
  const std::int64_t things = connection_.number("SELECT count(*) FROM sqlite_schema");
  if (things != 0 && connection_.number("PRAGMA application_id") != index_application_id)
    throw store_error(0, file_.path() +
                             ": this database was not made by document_index; left alone");
}

void index_database::make_tables(std::uint64_t files) {
  connection_.run("BEGIN IMMEDIATE");
  try {
    connection_.run(schema);
    connection_.run("INSERT INTO run(files) VALUES(" + std::to_string(files) + ")");
    connection_.run("COMMIT");
  } catch (...) {
    connection_.roll_back();
    throw;
  }
}

template <class F>
void index_database::write(F body) {
  if (failure_) throw store_error(*failure_);
  try {
    body();
  } catch (const store_error& error) {
    fail(error);
    throw;
  } catch (const std::bad_alloc&) {
    fail(store_error(0, "no memory left for the index"));
    throw;
  }
}

void index_database::fail(const store_error& error) noexcept {
  connection_.roll_back();
  if (batch_) totals_.lost += batch_->documents + batch_->skipped;
  batch_.reset();
  failure_ = error;
}

void index_database::begin() {
  if (batch_) return;
  connection_.run("BEGIN IMMEDIATE");
  batch_.emplace().began = std::chrono::steady_clock::now();
}

void index_database::add(const document& one) {
  write([&] {
    begin();
    ++batch_->documents;
    insert(one);
    batch_->tokens += one.tokens;
    batch_->bytes += one.text.size();
    for (const word_count& word : one.words) {
      word_total& total = batch_->words[word.word];
      total.count += word.count;
      ++total.documents;
    }
    commit_if_large();
  });
}

void index_database::insert(const document& one) {
  sqlite_statement& row = statements_->add_document;
  row.bind(1, one.path).bind(2, one.bytes).bind(3, one.tokens).bind(4, one.words.size());
  row.bind(5, one.hash).bind(6, one.repaired).bind(7, std::uint64_t{one.cut});
  std::uint64_t id = 0;
  while (row.step()) id = row.number(0);
  statements_->add_text.bind(1, id).bind(2, one.text).run();
}

void index_database::skip(const skipped_file& one) {
  write([&] {
    begin();
    ++batch_->skipped;
    sqlite_statement& row = statements_->add_skipped;
    row.bind(1, one.path).bind(2, static_cast<std::uint64_t>(one.why)).bind(3, one.reason).run();
    commit_if_large();
  });
}

void index_database::commit_if_large() {
  if (batch_->documents + batch_->skipped >= most_files || batch_->bytes >= most_bytes) commit();
}

void index_database::commit_if_old() {
  require_in_place();
  if (batch_ && std::chrono::steady_clock::now() - batch_->began >= oldest) commit();
}

void index_database::commit() {
  require_in_place();
  if (!batch_) return;
  write([this] {
    write_words();
    connection_.run("COMMIT");
    ++totals_.commits;
    totals_.documents += batch_->documents;
    totals_.skipped += batch_->skipped;
    totals_.tokens += batch_->tokens;
    batch_.reset();
  });
}

void index_database::finish(const std::string& ending) {
  commit();
  write([&] { sqlite_statement(connection_, "UPDATE run SET ending = ?1").bind(1, ending).run(); });
}

// SQLite would go on writing to a file that nobody can open any more.
void index_database::require_in_place() {
  write([this] {
    try {
      file_.require_in_place();
    } catch (const store_error&) {
      totals_.lost += totals_.documents + totals_.skipped;
      totals_.documents = totals_.skipped = totals_.tokens = 0;
      throw;
    }
  });
}

void index_database::write_words() {
  for (const auto& [word, total] : batch_->words)
    statements_->add_word.bind(1, word).bind(2, total.count).bind(3, total.documents).run();
}

store_totals index_database::totals() const {
  store_totals now = totals_;
  now.lock_waits = connection_.lock_waits();
  if (failure_) now.failure = failure_->what();
  return now;
}

}  // namespace document_index
