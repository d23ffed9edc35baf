// SPDX-License-Identifier: MIT
//
// What is read and what is not, and how much at a time.
#include "document_index_fixture.hpp"

#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace {

/// Whether anybody opens a file, which matters to devices and pipes.
class opening_watch {
 public:
  explicit opening_watch(const std::string& path) : events_(::inotify_init1(IN_NONBLOCK)) {
    if (events_ < 0 || ::inotify_add_watch(events_, path.c_str(), IN_OPEN) < 0)
      throw std::runtime_error("no watch for " + path);
  }
  ~opening_watch() { ::close(events_); }
  opening_watch(const opening_watch&) = delete;
  opening_watch& operator=(const opening_watch&) = delete;
  [[nodiscard]] bool was_opened() const {
    alignas(inotify_event) std::array<char, 4096> events{};
    return ::read(events_, events.data(), events.size()) > 0;
  }

 private:
  int events_;
};

class IndexReading : public DocumentIndex {
 protected:
  [[nodiscard]] std::string make_pipe(const std::filesystem::path& path) const {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    return path;
  }
};

TEST_F(IndexReading, LeavesPipesInFoldersClosed) {
  write("text.txt", "text\n");
  const opening_watch watch(make_pipe(folder() / "pipe"));
  EXPECT_EQ(run({"--check"}), 0) << said_;
  EXPECT_FALSE(watch.was_opened());
  EXPECT_TRUE(says("pipe: Not a regular file")) << said_;
}

TEST_F(IndexReading, LeavesPipesThatAreNamedClosed) {
  write("text.txt", "text\n");
  const std::string pipe = make_pipe(scratch() / "pipe");
  std::filesystem::create_symlink(pipe, scratch() / "link");
  const opening_watch watch(pipe);
  EXPECT_EQ(run({"--check", pipe, (scratch() / "link").string(), "/dev/zero"}), 0) << said_;
  EXPECT_FALSE(watch.was_opened());
  EXPECT_TRUE(says("unreadable              3")) << said_;
}

TEST_F(IndexReading, DoesNotSpendAnIndexOnPipesAlone) {
  write("text.txt", "text\n");
  ASSERT_EQ(run(), 0) << said_;
  const std::string pipe = make_pipe(scratch() / "pipe");
  child_process program({DOCUMENT_INDEX, "--database", database(), pipe, "/dev/null"});
  EXPECT_EQ(finish(std::move(program)), 1) << said_;
  EXPECT_TRUE(says("pipe: Not a regular file")) << said_;
  EXPECT_TRUE(says("the database was left as it was")) << said_;
  EXPECT_EQ(database_reader(database()).number("SELECT count(*) FROM documents"), 1);
}

TEST_F(IndexReading, EndsWellInAnEmptyFolder) {
  EXPECT_EQ(run({"--check"}), 0) << said_;
  EXPECT_TRUE(says("done: 0 of 0 files indexed")) << said_;
}

TEST_F(IndexReading, ReportsFilesThatAreGoneWhenTheirTurnComes) {
  write_many(20'000);
  child_process program(command(), child_process::output::terminal);
  ASSERT_TRUE(program.read_until("p pause"));
  program.type('p');
  ASSERT_TRUE(program.read_until("document index: paused")) << program.text();
  std::filesystem::remove_all(folder());
  program.type('p');

  EXPECT_EQ(finish(std::move(program)), 0) << said_;

  EXPECT_TRUE(says("No such file or directory")) << said_;
  expect_consistent(said_);
}

TEST_F(IndexReading, TakesOneLineOfMegabytes) {
  write("line.txt", std::string(3 << 20, 'a') + " needle " + std::string(3 << 20, 'b'));
  EXPECT_EQ(run({"--check", "--query", "needle"}), 0) << said_;
  EXPECT_TRUE(says("the best document")) << said_;
  EXPECT_LT(said_.size(), 20'000u);
}

TEST_F(IndexReading, HasOneHugeFileInMemoryHoweverManyWorkersThereAre) {
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::to_string(i) + "-huge.txt";
    write(name, std::string(32 << 10, 'a'));
    std::filesystem::resize_file(folder() / name, 15 << 20);
  }
  child_process::surroundings around{.environment = slow_disk("-huge.txt")};
  around.environment.push_back("SLOW_DISK_FROM=1000000");  // beyond what tells if it is a text
  child_process program(command({"--workers", "4", "--plain", "--grace", "2000"}), around);
  ASSERT_TRUE(program.read_until("slow disk: held")) << program.text();

  // The others have until the end of the grace to read theirs as well.
  program.send(SIGINT);

  EXPECT_EQ(finish(std::move(program)), 130) << said_;
  const std::string_view held = "slow disk: held";
  EXPECT_EQ(said_.find(held, said_.find(held) + held.size()), std::string::npos) << said_;
}

}  // namespace
