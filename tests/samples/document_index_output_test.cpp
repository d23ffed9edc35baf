// SPDX-License-Identifier: MIT
//
// Output that is cut short is a failure, and the reason is told; output that has to wait is not.
#include "document_index_fixture.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace {

class IndexOutput : public DocumentIndex {
 protected:
  [[nodiscard]] std::string complaints() const {
    std::ifstream file(scratch() / "complaints");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Standard output goes to the test, standard error to complaints().
  [[nodiscard]] std::vector<std::string> with_complaints_apart(
      std::vector<std::string> more) const {
    return in_shell("2>" + (scratch() / "complaints").string(), std::move(more));
  }
  /// The same where standard output is a file that may grow by so many bytes.
  int run_with_room(rlim_t bytes, std::vector<std::string> more) {
    constexpr rlim_t limit = 16 << 20;
    const std::string file = scratch() / "output";
    std::ofstream(file).close();
    std::filesystem::resize_file(file, limit - bytes);
    rlimit before{};
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{limit, before.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    child_process program(in_shell(">>" + file, std::move(more)));
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    return finish(std::move(program));
  }
};

TEST_F(IndexOutput, FailsWhenTheHelpMeetsAFullDisk) {
  EXPECT_EQ(finish(child_process(in_shell(">/dev/full", {"--help"}))), 1);
  EXPECT_EQ(said_, "document_index: standard output: No space left on device\n");
}

TEST_F(IndexOutput, FailsWhenTheProgressMeetsAFullDisk) {
  write("text.txt", "text\n");
  EXPECT_EQ(finish(child_process(in_shell(">/dev/full"))), 1);
  EXPECT_TRUE(says("standard output: No space left on device")) << said_;
}

TEST_F(IndexOutput, FailsWhenTheAnswerIsCut) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  EXPECT_EQ(run_with_room(20, {"--search", "--query", "text"}), 1) << said_;
  EXPECT_EQ(said_, "document_index: standard output: File too large\n");
}

TEST_F(IndexOutput, FailsWhenTheSummaryIsCut) {
  write("text.txt", "text\n");
  EXPECT_EQ(run_with_room(400, {}), 1) << said_;
  EXPECT_EQ(said_, "document_index: standard output: File too large\n");
  EXPECT_EQ(database_reader(database()).number("SELECT count(*) FROM documents"), 1);
}

TEST_F(IndexOutput, FailsWhenTheReportOfTheCheckIsNotRead) {
  write_many(20'000);
  child_process program(with_complaints_apart({"--plain", "--check"}));
  ASSERT_TRUE(program.read_until("check: the same 20,000 files")) << program.text();

  program.stop_reading();

  EXPECT_EQ(program.wait(), 1) << complaints();
  EXPECT_EQ(complaints(), "document_index: standard output: Broken pipe\n");
}

TEST_F(IndexOutput, FailsWhenStandardOutputIsClosed) {
  write("text.txt", "text\n");
  EXPECT_EQ(finish(child_process(in_shell(">&-"))), 1);
  EXPECT_TRUE(says("standard output: Bad file descriptor")) << said_;
  EXPECT_EQ(finish(child_process(in_shell(">&-", {"--help"}))), 1);
}

TEST_F(IndexOutput, NeedsNeitherStandardInputNorStandardError) {
  write("text.txt", "text\n");
  EXPECT_EQ(finish(child_process(in_shell("<&- 2>&-", {"--check"}))), 0) << said_;
  expect_consistent(said_);
  EXPECT_EQ(finish(child_process(in_shell("2>&-", {"--frobnicate"}))), 2);
  EXPECT_EQ(said_, "");
}

TEST_F(IndexOutput, WaitsForAReaderWhereTheDescriptorDoesNot) {
  write("text.txt", "text\n");
  child_process program(command(), child_process::output::full_pipe);
  while (program.runs() && !program.is_in(SYS_poll)) {
  }

  EXPECT_EQ(finish(std::move(program)), 0) << said_;

  EXPECT_TRUE(says("done: 1 of 1 file indexed")) << said_;
  expect_consistent(said_);
}

TEST_F(IndexOutput, WaitsForAReaderOfTheHelp) {
  child_process program(command({"--help"}), child_process::output::full_pipe);
  while (program.runs() && !program.is_in(SYS_poll)) {
  }

  EXPECT_EQ(finish(std::move(program)), 0) << said_;

  EXPECT_TRUE(says("129\nwhen the terminal is gone.\n")) << said_;
}

TEST_F(IndexOutput, CanBeStoppedWhileNobodyReadsTheHelp) {
  child_process program(command({"--help"}), child_process::output::full_pipe);
  while (program.runs() && !program.is_in(SYS_poll)) {
  }
  program.send(SIGINT);
  EXPECT_EQ(finish(std::move(program)), -SIGINT) << said_;
}

TEST_F(IndexOutput, CanBeStoppedWhileNobodyReadsTheProgress) {
  write("text.txt", "text\n");
  child_process program(command(), child_process::output::full_pipe);
  while (program.runs() && !program.is_in(SYS_poll)) {
  }
  program.send(SIGINT);
  program.send(SIGTERM);
  while (program.runs()) {
  }
  EXPECT_EQ(finish(std::move(program)), 130) << said_;
}

}  // namespace
