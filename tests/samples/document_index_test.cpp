// SPDX-License-Identifier: MIT
#include "document_index_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace {

TEST_F(DocumentIndex, EqualsASingleThreadedRun) {
  write_many(3000);
  write("plain.md", "# Title\nThe quick brown fox, \xC3\x84pfel und B\xC3\xA4ume\n");
  write("empty.txt", "");
  write("binary.bin", std::string_view("\x7F" "ELF\0\0\0", 7));
  write("packed.gz", "\x1F\x8B\x08 packed");
  write("latin1.txt", "caf\xE9 and na\xEFve\n");
  ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);

  EXPECT_EQ(run({"--check", "--plain"}), 0) << said_;

  EXPECT_NE(said_.find("check: equal: 3,002 documents"), std::string::npos) << said_;
  expect_consistent(said_);
}

TEST_F(DocumentIndex, SaysWhyEachSkippedFileIsSkipped) {
  write("empty.txt", "");
  write("binary.bin", std::string_view("a\0b", 3));
  write("packed.gz", "\x1F\x8B\x08 packed");
  ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);

  EXPECT_EQ(run(), 0) << said_;

  const database_reader index(database());
  const auto reason = [&index](const std::string& name) {
    return index.text("SELECT reason FROM skipped WHERE path LIKE '%/" + name + "'");
  };
  EXPECT_EQ(reason("empty.txt"), "empty");
  EXPECT_EQ(reason("binary.bin"), "has NUL bytes");
  EXPECT_EQ(reason("packed.gz"), "gzip");
  EXPECT_EQ(reason("pipe"), "Not a regular file");
}

TEST_F(DocumentIndex, ReplacesAndCountsMalformedParts) {
  write("latin1.txt", "caf\xE9 and na\xEFve\n");

  EXPECT_EQ(run(), 0) << said_;

  const database_reader index(database());
  EXPECT_EQ(index.number("SELECT repaired FROM documents"), 2);
  EXPECT_EQ(index.text("SELECT text FROM texts"), "caf\xEF\xBF\xBD and na\xEF\xBF\xBDve\n");
}

TEST_F(DocumentIndex, IndexesTheBeginningOfAHugeFile) {
  constexpr std::size_t limit = std::size_t{16} << 20;
  std::string huge;
  while (huge.size() <= limit) huge += "eighteen characters ";
  write("huge.txt", huge);

  EXPECT_EQ(run({"--check"}), 0) << said_;

  const database_reader index(database());
  EXPECT_EQ(index.number("SELECT bytes FROM documents"), static_cast<std::int64_t>(limit));
  EXPECT_EQ(index.number("SELECT cut FROM documents"), 1);
}

TEST_F(DocumentIndex, ReportsWhatItCannotRead) {
  write("fine.txt", "fine\n");
  std::filesystem::create_symlink("circle", folder() / "circle");

  EXPECT_EQ(run({"--check", (folder() / "circle").string(), (folder() / "missing").string()}), 0);

  EXPECT_NE(said_.find("unreadable              2"), std::string::npos) << said_;
  EXPECT_NE(said_.find("missing: No such file or directory"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, ReportsAFileThatItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  write("secret.txt", "secret\n");
  ASSERT_EQ(::chmod((folder() / "secret.txt").c_str(), 0), 0);

  EXPECT_EQ(run({"--check"}), 0) << said_;

  EXPECT_NE(said_.find("secret.txt: Permission denied"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, AnswersAQueryWithTheBestDocumentFirst) {
  write("much.txt", "zebra zebra zebra zebra\n");
  write("little.txt", "one zebra among many, many other animals of the plain\n");
  write("none.txt", "horses\n");

  EXPECT_EQ(run({"--query", "Zebra"}), 0) << said_;

  const std::size_t first = said_.find("   1  " + (folder() / "much.txt").string());
  const std::size_t second = said_.find("   2  " + (folder() / "little.txt").string());
  EXPECT_NE(first, std::string::npos) << said_;
  EXPECT_NE(second, std::string::npos) << said_;
  EXPECT_EQ(said_.find("none.txt"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, TakesTheQueryLanguagesOwnWordsAsWords) {
  write("text.txt", "this and that\n");

  EXPECT_EQ(run({"--query", "AND \"NOT* (that"}), 0) << said_;

  EXPECT_NE(said_.find("text.txt"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, CountsTheCallsOfEachPairOfApartments) {
  for (const char* name : {"a", "b", "c", "d", "e"}) write(name, "text\n");

  EXPECT_EQ(run(), 0) << said_;

  // Per file one call to the store and two to the display; attach and crew_done besides.
  EXPECT_NE(said_.find("  MTA -> store STA          crossed            5 "), std::string::npos)
      << said_;
  EXPECT_NE(said_.find("  MTA -> main STA           crossed           12 "), std::string::npos)
      << said_;
  // Per file one call to the list, and one per worker that finds it empty.
  EXPECT_NE(said_.find("  inside the MTA            direct             7 "), std::string::npos)
      << said_;
}

TEST_F(DocumentIndex, RefusesArgumentsThatItDoesNotKnow) {
  EXPECT_EQ(run({"--frobnicate"}), 2);
  EXPECT_NE(said_.find("unknown option --frobnicate"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, RefusesToIndexAndOnlySearchAtOnce) {
  EXPECT_EQ(run({"--search", "--check"}), 2);
  EXPECT_EQ(run({"--search", folder()}), 2);
  EXPECT_NE(said_.find("--search reads no files"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, LeavesAFileAloneThatIsNoIndex) {
  std::ofstream(database()) << "my diary, longer than the header of a database, which has one "
                               "hundred bytes and so would be read in full\n";

  EXPECT_EQ(run(), 1);

  EXPECT_NE(said_.find("not a database"), std::string::npos) << said_;
  std::string first;
  std::getline(std::ifstream(database()), first, ',');
  EXPECT_EQ(first, "my diary");
}

TEST_F(DocumentIndex, LeavesItsOwnDatabaseOutOfTheIndex) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  std::filesystem::create_symlink(database(), folder() / "link");

  const std::string all = folder().parent_path().string();
  EXPECT_EQ(run({"--check", all, database(), (folder() / "link").string()}), 0) << said_;

  EXPECT_NE(said_.find("done: 1 of 1 file indexed"), std::string::npos) << said_;
}

TEST_F(DocumentIndex, KeepsTheIndexWhenNothingThatIsNamedIsThere) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  std::filesystem::remove_all(folder());

  EXPECT_EQ(run(), 1) << said_;

  EXPECT_NE(said_.find("files: No such file or directory"), std::string::npos) << said_;
  EXPECT_NE(said_.find("the database was left as it was"), std::string::npos) << said_;
  EXPECT_EQ(database_reader(database()).number("SELECT count(*) FROM documents"), 1);
}

TEST_F(DocumentIndex, SaysThatAQueryHasNoWord) {
  write("text.txt", "text\n");

  EXPECT_EQ(run({"--query", " *\" "}), 0) << said_;

  EXPECT_NE(said_.find("no word to search for"), std::string::npos) << said_;
}

}  // namespace
