// SPDX-License-Identifier: MIT
#include "index_store.hpp"

#include <chrono>

namespace document_index {

index_store::index_store(const database_options& options) : database_(options) {
  // A pause of the workers must not leave a batch open and the database locked for others.
  constexpr std::chrono::milliseconds every{250};
  timer_ = apartment_.set_timer(every, [this] { on_timer(); }, every);
}

index_store::~index_store() {
  home_.require();
  apartment_.cancel_timer(timer_);
}

void index_store::on_timer() {
  home_.require();
  try {
    database_.commit_if_old();
  } catch (const store_error&) {
    // The database remembers it, and the next call that writes says it to its caller.
  }
}

void index_store::add(const document& one) {
  home_.enter();
  database_.add(one);
}

void index_store::skip(const skipped_file& one) {
  home_.enter();
  database_.skip(one);
}

void index_store::finish(const std::string& ending) {
  home_.enter();
  database_.finish(ending);
}

store_totals index_store::totals() {
  home_.enter();
  store_totals now = database_.totals();
  now.entries = home_.entries();
  return now;
}

std::vector<search_hit> index_store::search(const std::string& words, std::uint32_t limit) {
  home_.enter();
  return database_.reader().search(words, limit);
}

std::vector<document_digest> index_store::documents(const std::string& after,
                                                    std::uint32_t limit) {
  home_.enter();
  return database_.reader().documents(after, limit);
}

std::vector<skipped_file> index_store::skipped(const std::string& after, std::uint32_t limit) {
  home_.enter();
  return database_.reader().skipped(after, limit);
}

std::vector<word_total> index_store::words(const std::string& after, std::uint32_t limit) {
  home_.enter();
  return database_.reader().words(after, limit);
}

}  // namespace document_index
