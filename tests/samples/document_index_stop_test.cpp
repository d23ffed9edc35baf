// SPDX-License-Identifier: MIT
//
// One signal ends the program wherever it is, a second one ends it at once. What hangs in these
// tests hangs for ever, and so does the test if the program waits for it.
#include "document_index_fixture.hpp"

#include <signal.h>

namespace {

/// So long that it is never what ends the program.
const std::vector<std::string> for_ever{"--grace", "600000", "--plain"};

class StoppedIndex : public DocumentIndex {
 protected:
  /// The program, about to hang when it reads `name`.
  [[nodiscard]] child_process stuck_at(
      const std::string& name, std::vector<std::string> more = {},
      child_process::output kind = child_process::output::pipe) const {
    return child_process(command(std::move(more)), {.kind = kind, .environment = slow_disk(name)});
  }
};

TEST_F(StoppedIndex, EndsWhileItLooksForFiles) {
  std::filesystem::create_directory(folder() / "slow-folder");
  child_process program = stuck_at("slow-folder");
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  EXPECT_TRUE(says("ended without what does not answer (Ctrl-C)")) << said_;
}

TEST_F(StoppedIndex, EndsBeforeTheNamedFoldersAreLookedAt) {
  child_process program = stuck_at("/files");
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();

  program.send(SIGTERM);

  EXPECT_EQ(finish(std::move(program)), 143) << said_;
}

TEST_F(StoppedIndex, EndsWhileItWaitsForADatabaseThatIsLockedFromTheBeginning) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  database_reader index(database());
  index.lock();
  child_process program(command({"--patience", "600000", "--grace", "600000"}));
  ASSERT_TRUE(program.read_until("the database is locked, trying again")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  EXPECT_TRUE(says("stopped while trying")) << said_;
}

TEST_F(StoppedIndex, EndsWhileItWaitsForADatabaseThatIsLockedInTheMiddle) {
  write_many(20'000);
  child_process program(command({"--patience", "600000", "--grace", "600000"}),
                        child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));
  database_reader index(database());
  lock_in_the_middle(program, index);
  ASSERT_TRUE(program.read_until("the database is locked, trying again")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  index.unlock();
  expect_consistent(said_);
}

TEST_F(StoppedIndex, LeavesAWorkerBehindThatHangsInAFile) {
  write("stuck.txt", "nobody reads this\n");
  write("text.txt", "text\n");
  child_process program = stuck_at("stuck.txt", {"--plain", "--grace", "6000"});
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  EXPECT_TRUE(says("stuck.txt: not finished when the program was stopped")) << said_;
  EXPECT_TRUE(says("stopped: ")) << said_;
  expect_consistent(said_);
}

TEST_F(StoppedIndex, EndsWhenTheCheckHangsInAFile) {
  write("text.txt", "text\n");
  child_process::surroundings around{.environment = slow_disk("text.txt")};
  around.environment.push_back("SLOW_DISK_SPARES=2");  // its text, and that it ends
  child_process program(command({"--check"}), around);
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();
  EXPECT_NE(program.text().find("check: the same 1 file"), std::string::npos) << program.text();

  program.send(SIGHUP);

  EXPECT_EQ(finish(std::move(program)), 129) << said_;
}

TEST_F(StoppedIndex, EndsWhileTheIndexHangsInASearch) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  child_process program = stuck_at("/index.db", {"--search"});
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
}

TEST_F(StoppedIndex, EndsInTheMiddleOfALongSearch) {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "w" + std::to_string(i) + " ";
  for (int i = 0; i < 40; ++i) write("long-" + std::to_string(i), words);
  child_process program(command({"--query", words, "--limit", "40", "--grace", "600000"}));
  ASSERT_TRUE(program.read_until("commits")) << program.text();

  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  EXPECT_FALSE(says("the best")) << said_;
}

TEST_F(StoppedIndex, EndsAtOnceByASecondSignal) {
  write("stuck.txt", "nobody reads this\n");
  child_process program = stuck_at("stuck.txt", for_ever);
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();
  program.send(SIGINT);
  ASSERT_TRUE(program.read_until("ending: Ctrl-C")) << program.text();

  program.send(SIGTERM);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  EXPECT_TRUE(says("ended at once, by a second signal")) << said_;
  EXPECT_EQ(database_reader(database()).text("PRAGMA integrity_check"), "ok");
}

TEST_F(StoppedIndex, GivesTheTerminalBackBeforeItEndsAtOnce) {
  write("stuck.txt", "nobody reads this\n");
  child_process program = stuck_at("stuck.txt", {"--grace", "600000"},
                                   child_process::output::terminal);
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();
  ASSERT_TRUE(program.read_until("p pause")) << program.text();
  EXPECT_FALSE(program.has_ordinary_terminal());
  program.type('\x03');  // Ctrl-C
  ASSERT_TRUE(program.read_until("ending (Ctrl-C)")) << program.text();

  program.type('q');
  program.type('\x03');

  EXPECT_EQ(program.wait(), 130) << program.text();
  EXPECT_TRUE(program.has_ordinary_terminal());
  EXPECT_GT(program.text().rfind("\x1B[?25h") + 1, program.text().rfind("\x1B[?25l") + 1);
}

TEST_F(StoppedIndex, GivesTheTerminalBackWhenSomethingDoesNotAnswer) {
  write("stuck.txt", "nobody reads this\n");
  child_process program = stuck_at("stuck.txt", {}, child_process::output::terminal);
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();
  ASSERT_TRUE(program.read_until("p pause")) << program.text();

  program.type('q');

  EXPECT_EQ(program.wait(), 130) << program.text();
  EXPECT_TRUE(program.has_ordinary_terminal());
  EXPECT_GT(program.text().rfind("\x1B[?25h") + 1, program.text().rfind("\x1B[?25l") + 1);
}

TEST_F(StoppedIndex, LeavesASignalAloneThatWasIgnoredFromTheBeginning) {
  write("text.txt", "text\n");
  std::vector<std::string> ignoring{"/bin/sh", "-c", "trap '' HUP; echo deaf; exec \"$@\"", "sh"};
  for (std::string& one : command({"--check"})) ignoring.push_back(std::move(one));
  child_process program(ignoring);
  ASSERT_TRUE(program.read_until("deaf"));

  program.send(SIGHUP);
  ASSERT_TRUE(program.read_until("indexing")) << program.text();
  program.send(SIGHUP);

  EXPECT_EQ(finish(std::move(program)), 0) << said_;
}

}  // namespace
