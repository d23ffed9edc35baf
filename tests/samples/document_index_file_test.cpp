// SPDX-License-Identifier: MIT
//
// The database as a file: who may read it, where it may be, what it may not be, and what happens to
// it behind the program's back.
#include "document_index_fixture.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
}

class IndexFile : public DocumentIndex {
 protected:
  IndexFile() { write("text.txt", "text\n"); }

  /// A folder as the one for temporary files is.
  [[nodiscard]] std::filesystem::path shared_folder() const {
    const std::filesystem::path shared = scratch() / "shared";
    std::filesystem::create_directory(shared);
    EXPECT_EQ(::chmod(shared.c_str(), 01777), 0);
    return shared;
  }
  int run_on(const std::string& database, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--database", database});
    return run(std::move(more));
  }
  /// The program, paused, with something committed; nothing more happens until p is typed.
  void pause(child_process& program, const database_reader& index) {
    ASSERT_TRUE(program.read_until("p pause"));
    ASSERT_TRUE(wait_for_commit(program, index)) << program.text();
    program.type('p');
    ASSERT_TRUE(program.read_until("document index: paused")) << program.text();
  }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void damage(std::streamoff from) const {
    std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(from);
    file << std::string(8000, '#');
  }
};

TEST_F(IndexFile, IsItsOwnersAloneAndSoAreTheFilesBesideIt) {
  write_many(20'000);
  const mode_t before = ::umask(0);
  child_process program(command(), child_process::output::terminal);
  ::umask(before);
  ASSERT_TRUE(program.read_until("p pause"));
  const database_reader index(database());
  pause(program, index);

  for (const char* const suffix : {"", "-wal", "-shm"})
    EXPECT_EQ(mode_of(database() + suffix), 0600u) << suffix;

  program.type('q');
  EXPECT_EQ(program.wait(), 130) << program.text();
}

TEST_F(IndexFile, IsTakenFromOthersWhenItIsMadeAnew) {
  ASSERT_EQ(run(), 0) << said_;
  ASSERT_EQ(::chmod(database().c_str(), 0644), 0);
  EXPECT_EQ(run(), 0) << said_;
  EXPECT_EQ(mode_of(database()), 0600u);
}

TEST_F(IndexFile, KeepsItsModeWhenItIsNoIndex) {
  std::ofstream(database()) << "my diary\n";
  ASSERT_EQ(::chmod(database().c_str(), 0644), 0);
  EXPECT_EQ(run(), 1) << said_;
  EXPECT_EQ(mode_of(database()), 0644u);
}

TEST_F(IndexFile, MayBeInASharedFolderWhenItIsOurs) {
  const std::string shared = shared_folder() / "index.db";
  EXPECT_EQ(run_on(shared), 0) << said_;
  EXPECT_EQ(run_on(shared, {"--check"}), 0) << said_;
  EXPECT_EQ(mode_of(shared), 0600u);
}

TEST_F(IndexFile, IsNotReachedThroughALinkInASharedFolder) {
  const std::filesystem::path shared = shared_folder();
  std::ofstream(scratch() / "victim").close();
  std::filesystem::create_symlink(scratch() / "victim", shared / "index.db");

  EXPECT_EQ(run_on(shared / "index.db"), 1) << said_;

  EXPECT_TRUE(says("everybody may write in this folder")) << said_;
  EXPECT_EQ(std::filesystem::file_size(scratch() / "victim"), 0u);
}

TEST_F(IndexFile, IsNotReachedThroughALinkThatLeadsNowhereInASharedFolder) {
  const std::filesystem::path shared = shared_folder();
  std::filesystem::create_symlink(scratch() / "victim", shared / "index.db");
  EXPECT_EQ(run_on(shared / "index.db"), 1) << said_;
  EXPECT_FALSE(std::filesystem::exists(scratch() / "victim"));
}

TEST_F(IndexFile, IsNotASecondNameOfAFileInASharedFolder) {
  const std::filesystem::path shared = shared_folder();
  std::ofstream(scratch() / "victim").close();
  std::filesystem::create_hard_link(scratch() / "victim", shared / "index.db");
  EXPECT_EQ(run_on(shared / "index.db"), 1) << said_;
  EXPECT_EQ(std::filesystem::file_size(scratch() / "victim"), 0u);
}

TEST_F(IndexFile, HasNoLinksBesideItInASharedFolder) {
  const std::filesystem::path shared = shared_folder();
  ASSERT_EQ(run_on(shared / "index.db"), 0) << said_;
  std::filesystem::create_symlink(scratch() / "victim", shared / "index.db-wal");
  EXPECT_EQ(run_on(shared / "index.db"), 1) << said_;
  EXPECT_TRUE(says("index.db-wal: everybody may write in this folder")) << said_;
}

TEST_F(IndexFile, OfSomebodyElseIsRefusedInASharedFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const std::string other = shared_folder() / "index.db";
  std::ofstream(other).close();
  ASSERT_EQ(::chown(other.c_str(), 12345, 12345), 0);
  EXPECT_EQ(run_on(other), 1) << said_;
  EXPECT_EQ(run_on(other, {"--search"}), 1) << said_;
  EXPECT_TRUE(says("not a file of yours alone")) << said_;
}

TEST_F(IndexFile, IsCheckedWhereItGoesWithoutBeingTold) {
  const std::filesystem::path shared = shared_folder();
  std::filesystem::create_symlink(
      scratch() / "victim", shared / ("document_index-" + std::to_string(::getuid()) + ".db"));
  child_process program({DOCUMENT_INDEX, folder()},
                        {.environment = {"HOME=", "XDG_CACHE_HOME=", "TMPDIR=" + shared.string()}});
  EXPECT_EQ(finish(std::move(program)), 1) << said_;
  EXPECT_TRUE(says("everybody may write in this folder")) << said_;
}

TEST_F(IndexFile, MayBeReachedThroughAUsersOwnLink) {
  std::filesystem::create_symlink(scratch() / "real.db", scratch() / "link.db");
  std::ofstream(scratch() / "real.db").close();
  EXPECT_EQ(run_on(scratch() / "link.db"), 0) << said_;
  EXPECT_GT(std::filesystem::file_size(scratch() / "real.db"), 0u);
}

TEST_F(IndexFile, IsAPathWhateverItLooksLike) {
  for (const std::string name : {"file:index.db?mode=memory", ":memory:", "file::memory:"}) {
    child_process program({"/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", scratch(), DOCUMENT_INDEX,
                           "--check", "--database=" + name, "files"});
    EXPECT_EQ(finish(std::move(program)), 0) << said_;
    EXPECT_TRUE(std::filesystem::exists(scratch() / name)) << name;
  }
}

TEST_F(IndexFile, IsNoPipeDeviceOrFolder) {
  const std::string pipe = scratch() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& other : {pipe, std::string("/dev/null"), folder().string()}) {
    EXPECT_EQ(run_on(other), 1) << said_;
    EXPECT_TRUE(says(other + ": not a regular file; left alone")) << said_;
    EXPECT_EQ(run_on(other, {"--search"}), 1) << said_;
  }
}

TEST_F(IndexFile, IsNotMadeByASearch) {
  EXPECT_EQ(run({"--search"}), 1) << said_;
  EXPECT_TRUE(says("a run without --search makes an index")) << said_;
  EXPECT_FALSE(std::filesystem::exists(database()));
}

TEST_F(IndexFile, OfAnotherProgramIsNotSearched) {
  {
    std::ofstream(database()).close();
    const database_reader other(database());
    EXPECT_EQ(other.text("CREATE TABLE mine(x)"), "");
  }
  EXPECT_EQ(run({"--search"}), 1) << said_;
  EXPECT_TRUE(says("this is not an index")) << said_;
  EXPECT_EQ(run(), 1) << said_;
  EXPECT_TRUE(says("was not made by document_index; left alone")) << said_;
}

TEST_F(IndexFile, ThatIsDamagedSaysTheCure) {
  ASSERT_EQ(run(), 0) << said_;
  damage(100);
  EXPECT_EQ(run({"--search"}), 1) << said_;
  EXPECT_TRUE(says("the index is damaged; a run without --search makes it anew")) << said_;
}

TEST_F(IndexFile, ThatIsDamagedIsMadeAnew) {
  ASSERT_EQ(run(), 0) << said_;
  damage(100);
  EXPECT_EQ(run({"--check"}), 0) << said_;
  expect_consistent(said_);
}

TEST_F(IndexFile, ThatIsDamagedInItsHeaderSaysTheCure) {
  ASSERT_EQ(run(), 0) << said_;
  damage(0);
  EXPECT_EQ(run(), 1) << said_;
  EXPECT_TRUE(says("delete it or name another with --database")) << said_;
  EXPECT_EQ(run({"--search"}), 1) << said_;
  EXPECT_TRUE(says("delete it or name another with --database")) << said_;
}

TEST_F(IndexFile, ThatIsCutShortIsMadeAnew) {
  ASSERT_EQ(run(), 0) << said_;
  std::filesystem::resize_file(database(), 5000);
  EXPECT_EQ(run({"--search"}), 1) << said_;
  EXPECT_TRUE(says("a run without --search makes it anew")) << said_;
  EXPECT_EQ(run(), 0) << said_;
  expect_consistent(said_);
}

TEST_F(IndexFile, ThatIsDeletedMeanwhileIsMissed) {
  write_many(20'000);
  child_process program(command(), child_process::output::terminal);
  {
    ASSERT_TRUE(program.read_until("p pause"));
    const database_reader index(database());
    pause(program, index);
  }
  std::filesystem::remove(database());
  program.type('p');

  EXPECT_EQ(finish(std::move(program)), 1) << said_;
  EXPECT_TRUE(says("the database was deleted or replaced")) << said_;
  EXPECT_EQ(reported(said_, "documents"), 0) << said_;
}

TEST_F(IndexFile, ThatIsReplacedMeanwhileIsMissed) {
  write_many(20'000);
  child_process program(command(), child_process::output::terminal);
  {
    ASSERT_TRUE(program.read_until("p pause"));
    const database_reader index(database());
    pause(program, index);
  }
  std::ofstream(scratch() / "other") << "another file\n";
  std::filesystem::rename(scratch() / "other", database());
  program.type('p');

  EXPECT_EQ(finish(std::move(program)), 1) << said_;
  EXPECT_TRUE(says("the database was deleted or replaced")) << said_;
  EXPECT_EQ(content(database()), "another file\n");
}

TEST_F(IndexFile, ThatWasStoppedSaysThatItIsPartial) {
  write_many(20'000);
  child_process program(command({"--grace", "600000"}), child_process::output::terminal);
  {
    ASSERT_TRUE(program.read_until("p pause"));
    const database_reader index(database());
    pause(program, index);
  }
  program.type('q');
  ASSERT_EQ(program.wait(), 130) << program.text();

  EXPECT_EQ(run({"--search", "--query", "many"}), 0) << said_;

  EXPECT_TRUE(says("this index is partial: ")) << said_;
  EXPECT_TRUE(says(" of 20,001 files (q was pressed)")) << said_;
  EXPECT_TRUE(says("the best 5 documents")) << said_;
}

TEST_F(IndexFile, WhoseMakingWasBrokenOffSaysThatItIsPartial) {
  write_many(20'000);
  child_process program(command(), child_process::output::terminal);
  {
    ASSERT_TRUE(program.read_until("p pause"));
    const database_reader index(database());
    pause(program, index);
  }
  program.send(SIGKILL);
  ASSERT_EQ(program.wait(), -SIGKILL);

  EXPECT_EQ(run({"--search", "--query", "many"}), 0) << said_;
  EXPECT_TRUE(says("(it is being made, or its making was broken off)")) << said_;
}

TEST_F(IndexFile, ThatFoundNoRoomSaysThatItIsPartial) {
  write_many(5000);
  ASSERT_EQ(run({"--max-pages", "100"}), 1) << said_;
  EXPECT_EQ(run({"--search", "--query", "many"}), 0) << said_;
  EXPECT_TRUE(says("this index is partial: ")) << said_;
}

TEST_F(IndexFile, ThatIsBeingFilledSaysThatItIsPartialAndGoesOn) {
  write_many(20'000);
  child_process program(command(), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));
  {
    const database_reader index(database());
    pause(program, index);
  }

  EXPECT_EQ(run({"--search", "--query", "many"}), 0) << said_;
  EXPECT_TRUE(says("this index is partial: ")) << said_;

  program.type('p');
  EXPECT_EQ(program.wait(), 0) << program.text();
  expect_consistent(program.text());
}

TEST_F(IndexFile, ThatIsWholeSaysNothingOfTheKind) {
  ASSERT_EQ(run(), 0) << said_;
  EXPECT_EQ(run({"--search", "--query", "text"}), 0) << said_;
  EXPECT_FALSE(says("partial")) << said_;
  EXPECT_TRUE(says("the best document")) << said_;
}

TEST_F(IndexFile, IsStillReadableWhereItMayNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  ASSERT_EQ(run(), 0) << said_;
  ASSERT_EQ(::chmod(database().c_str(), 0400), 0);
  EXPECT_EQ(run(), 1) << said_;
  EXPECT_TRUE(says("Permission denied")) << said_;
}

}  // namespace
