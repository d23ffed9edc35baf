// SPDX-License-Identifier: MIT
//
// Ctrl-C, keys, a locked database and a full disk, each in the middle of the
// work.
#include "document_index_fixture.hpp"

#include <signal.h>
#include <sys/resource.h>

namespace {

constexpr int many = 20'000;

TEST_F(DocumentIndex, EndsCleanlyOnCtrlC) {
  write_many(many);
  child_process program(command({"--plain", "--grace", "600000"}));
  ASSERT_TRUE(program.read_until("indexing 20,000 files"));
  database_reader index(database());
  ASSERT_TRUE(wait_for_commit(program, index)) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(program.wait(), 130) << program.text();
  EXPECT_NE(program.text().find("stopped: "), std::string::npos) << program.text();
  EXPECT_LT(index.number("SELECT count(*) FROM documents"), many);
  expect_consistent(program.text());
}

TEST_F(DocumentIndex, SaysThatTheCheckWasStopped) {
  write_many(many);
  child_process program(command({"--plain", "--check", "--grace", "600000"}));
  ASSERT_TRUE(program.read_until("check: the same 20,000 files"));

  program.send(SIGTERM);

  EXPECT_EQ(program.wait(), 143) << program.text();
  EXPECT_EQ(program.text().find("check: equal"), std::string::npos) << program.text();
  expect_consistent(program.text());
}

TEST_F(DocumentIndex, PausesAndGoesOnByKey) {
  write_many(many);
  child_process program(command(), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));

  program.type('p');
  ASSERT_TRUE(program.read_until("document index: paused")) << program.text();
  program.type('p');

  EXPECT_EQ(program.wait(), 0) << program.text();
  EXPECT_EQ(database_reader(database()).number("SELECT count(*) FROM documents"), many);
}

TEST_F(DocumentIndex, StopsByKey) {
  write_many(many);
  child_process program(command({"--grace", "600000"}), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));

  program.type('q');

  EXPECT_EQ(program.wait(), 130) << program.text();
  EXPECT_LT(database_reader(database()).number("SELECT count(*) FROM documents"), many);
}

TEST_F(DocumentIndex, RefusesAnIndexThatAnotherProcessIsFilling) {
  write_many(many);
  child_process first(command(), child_process::output::terminal);
  ASSERT_TRUE(first.read_until("p pause"));
  first.type('p');
  ASSERT_TRUE(first.read_until("document index: paused")) << first.text();

  EXPECT_EQ(run(), 1) << said_;
  EXPECT_NE(said_.find("another process is filling this index"), std::string::npos) << said_;

  first.type('p');
  EXPECT_EQ(first.wait(), 0) << first.text();
  EXPECT_EQ(database_reader(database()).number("SELECT count(*) FROM documents"), many);
  expect_consistent(first.text());
}

TEST_F(DocumentIndex, GoesOnWhenAnotherProcessUnlocksTheDatabase) {
  write_many(many);
  child_process program(command({"--patience", "600000"}), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));
  database_reader index(database());
  lock_in_the_middle(program, index);

  // The display goes on while the store waits.
  ASSERT_TRUE(program.read_until("the database is locked, trying again")) << program.text();
  ASSERT_TRUE(program.read_until("the database is locked, trying again")) << program.text();
  index.unlock();

  EXPECT_EQ(program.wait(), 0) << program.text();
  EXPECT_EQ(index.number("SELECT count(*) FROM documents"), many);
  EXPECT_GT(reported(program.text(), "lock waits"), 0) << program.text();
  expect_consistent(program.text());
}

TEST_F(DocumentIndex, ReportsADatabaseThatStaysLocked) {
  write_many(many);
  child_process program(command({"--patience", "50"}), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));
  database_reader index(database());
  lock_in_the_middle(program, index);

  EXPECT_EQ(program.wait(), 1) << program.text();
  index.unlock();

  EXPECT_NE(program.text().find("another process has the database locked (tried for 50 ms)"),
            std::string::npos)
      << program.text();
  expect_consistent(program.text());
}

TEST_F(DocumentIndex, ReportsADatabaseThatIsLockedFromTheBeginning) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  database_reader index(database());
  index.lock();

  EXPECT_EQ(run({"--patience", "10"}), 1) << said_;

  EXPECT_NE(said_.find("another process has the database locked"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, KeepsWhatIsCommittedWhenTheDatabaseMayNotGrow) {
  write_many(5000);

  EXPECT_EQ(run({"--max-pages", "100"}), 1) << said_;

  EXPECT_NE(said_.find("is full"), std::string::npos) << said_;
  EXPECT_GT(reported(said_, "documents"), 0) << said_;
  expect_consistent(said_);
}

TEST_F(DocumentIndex, KeepsWhatIsCommittedWhenFilesMayNotGrow) {
  write_many(5000);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{400 * 1024, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);

  const int code = run();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);

  EXPECT_EQ(code, 1) << said_;
  EXPECT_GT(reported(said_, "documents"), 0) << said_;
  expect_consistent(said_);
}

}  // namespace
