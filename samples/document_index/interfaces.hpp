// SPDX-License-Identifier: MIT
//
// The components' interfaces, and where their objects live:
//   IIndexStore      an STA of its own, because its SQLite connection has no locks
//   IDisplay         the main thread's STA, because the terminal is one thread's
//   IWorkerControl   the MTA; the display calls it
//   IWorkList        the MTA; the workers call it
//   IWorkCrew        the MTA; the main thread starts and ends the workers with it
//
// Methods return values and throw. What a method throws arrives at the caller as the same
// exception, also from another apartment.
#pragma once

#include "document.hpp"

#include <insula/core/unknown.hpp>
#include <insula/marshal/interface.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace document_index {

struct IIndexStore : insula::IUnknown {
  /// Puts one file into the batch that is being written. Fails: store_error; from then on every
  /// add and skip fails with it, and what was committed stays.
  virtual void add(const document& one) = 0;
  virtual void skip(const skipped_file& one) = 0;
  /// Writes what is left, and how the work ended; `ending` is empty when all files are in. Fails:
  /// store_error.
  virtual void finish(const std::string& ending) = 0;
  virtual store_totals totals() = 0;

  /// The best `limit` documents with these words; all of them, or any if no document has all.
  virtual std::vector<search_hit> search(const std::string& words, std::uint32_t limit) = 0;

  // Page by page, in order: what comes after `after`, at most `limit`.
  virtual std::vector<document_digest> documents(const std::string& after,
                                                 std::uint32_t limit) = 0;
  virtual std::vector<skipped_file> skipped(const std::string& after, std::uint32_t limit) = 0;
  virtual std::vector<word_total> words(const std::string& after, std::uint32_t limit) = 0;
};

struct IWorkerControl : insula::IUnknown {
  /// Workers finish the file that they have and wait for resume.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Workers finish the file that they have and end. The first reason is kept.
  virtual void cancel(const std::string& reason) = 0;
};

struct IWorkList : insula::IUnknown {
  /// The next file, or nothing when there is none or the work was cancelled.
  /// Waits: while paused.
  virtual std::optional<std::string> next() = 0;
};

struct IDisplay : insula::IUnknown {
  virtual void begin(std::uint64_t files, std::uint32_t workers) = 0;
  /// Whom the keys and Ctrl-C control from now on.
  virtual void attach(IWorkerControl* control) = 0;
  virtual void file_started(std::uint32_t worker, const std::string& path) = 0;
  /// `worker` may be any number that no worker has: then only the counts change.
  virtual void file_done(std::uint32_t worker, const file_report& report) = 0;
  /// No worker is left. `failure`: what ended them before their time; empty: nothing did.
  virtual void crew_done(const std::string& failure) = 0;

  /// Begins or ends a time in which the store waits for a locked database.
  virtual void store_waits(bool waits) = 0;
  virtual void redraw() = 0;
  virtual void press(char key) = 0;
  /// Asks the workers to end, because of a signal.
  virtual void interrupt(const std::string& signal) = 0;
};

struct IWorkCrew : insula::IUnknown {
  /// Starts the workers and returns; they call `store` and `display`.
  virtual void start(IIndexStore* store, IDisplay* display) = 0;
  /// Returns when the last worker's thread has ended.
  virtual void join() = 0;
};

INSULA_INTERFACE(IIndexStore, insula::IUnknown, "0dd84c12-5b1e-4f3a-9c52-6f0c3e6f7a01",
    (add, in("one")),
    (skip, in("one")),
    (finish, in("ending")),
    (totals),
    (search, in("words"), in("limit")),
    (documents, in("after"), in("limit")),
    (skipped, in("after"), in("limit")),
    (words, in("after"), in("limit")));

INSULA_INTERFACE(IWorkerControl, insula::IUnknown, "0dd84c12-5b1e-4f3a-9c52-6f0c3e6f7a02",
    (pause),
    (resume),
    (cancel, in("reason")));

INSULA_INTERFACE(IWorkList, insula::IUnknown, "0dd84c12-5b1e-4f3a-9c52-6f0c3e6f7a03",
    (next));

INSULA_INTERFACE(IDisplay, insula::IUnknown, "0dd84c12-5b1e-4f3a-9c52-6f0c3e6f7a04",
    (begin, in("files"), in("workers")),
    (attach, in("control")),
    (file_started, in("worker"), in("path")),
    (file_done, in("worker"), in("report")),
    (crew_done, in("failure")),
    (store_waits, in("waits")),
    (redraw),
    (press, in("key")),
    (interrupt, in("signal")));

INSULA_INTERFACE(IWorkCrew, insula::IUnknown, "0dd84c12-5b1e-4f3a-9c52-6f0c3e6f7a05",
    (start, in("store"), in("display")),
    (join));

}  // namespace document_index
