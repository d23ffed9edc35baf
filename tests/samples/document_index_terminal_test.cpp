// SPDX-License-Identifier: MIT
//
// What the program does to a terminal: nothing that a name or a text asks for, nothing that the
// terminal cannot do, and nothing that lasts.
#include "document_index_fixture.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <cctype>

namespace {

class IndexTerminal : public DocumentIndex {
 protected:
  [[nodiscard]] child_process on_terminal(std::vector<std::string> more,
                                          std::vector<std::string> environment) const {
    return child_process(command(std::move(more)), {.kind = child_process::output::terminal,
                                                    .environment = std::move(environment)});
  }
};

/// The lines of the live view, without what steers the terminal.
std::vector<std::string> live_lines(const std::string& text) {
  std::vector<std::string> lines(1);
  const std::size_t end = text.rfind("\x1B[?25h");
  for (std::size_t i = 0; i < end; ++i) {
    if (text[i] == '\x1B') {
      while (i < end && (text[i] == '[' || std::isalpha(static_cast<unsigned char>(text[i])) == 0))
        ++i;
    } else if (text[i] == '\n') {
      lines.emplace_back();
    } else if (text[i] != '\r') {
      lines.back() += text[i];
    }
  }
  return lines;
}

constexpr int many = 20'000;

TEST_F(IndexTerminal, IsKeptToItsWidth) {
  write_many(many);
  for (const unsigned short columns : std::initializer_list<unsigned short>{20, 10, 4}) {
    child_process program(command({"--grace", "600000"}), child_process::output::terminal, columns);
    ASSERT_TRUE(program.read_until(" %"));

    program.type('q');
    EXPECT_EQ(program.wait(), 130) << program.text();

    const std::vector<std::string> lines = live_lines(program.text());
    EXPECT_GT(lines.size(), 1U);
    for (const std::string& line : lines) EXPECT_LT(line.size(), columns) << line;
  }
}

TEST_F(IndexTerminal, IsNotScrolledByFramesThatAreHigherThanIt) {
  write_many(many);
  child_process program(command({"--grace", "600000"}),
                        {.kind = child_process::output::terminal, .rows = 3});
  ASSERT_TRUE(program.read_until(" %"));
  ASSERT_TRUE(program.read_until("\x1B["));

  program.type('q');
  EXPECT_EQ(program.wait(), 130) << program.text();

  for (const char* const up : {"\x1B[3A", "\x1B[4A", "\x1B[5A", "\x1B[6A", "\x1B[7A"})
    EXPECT_EQ(program.text().find(up), std::string::npos);
}

TEST_F(IndexTerminal, GetsLinesIfItIsDumb) {
  write_many(100);
  for (const char* const dumb : {"TERM=dumb", "TERM="}) {
    child_process program = on_terminal({}, {dumb});
    EXPECT_EQ(finish(std::move(program)), 0) << said_;
    EXPECT_EQ(said_.find('\x1B'), std::string::npos) << said_;
  }
}

TEST_F(IndexTerminal, GetsNoColourIfNobodyWantsAny) {
  write_many(100);
  child_process program = on_terminal({}, {"NO_COLOR=1"});
  EXPECT_EQ(finish(std::move(program)), 0) << said_;
  EXPECT_TRUE(says("\x1B[K")) << said_;
  for (std::size_t at = said_.find("\x1B["); at != std::string::npos;
       at = said_.find("\x1B[", at + 1))
    EXPECT_NE(said_[said_.find_first_not_of("0123456789;", at + 2)], 'm') << said_.substr(at, 8);
}

TEST_F(IndexTerminal, GetsColourIfNoColorIsEmpty) {
  write_many(100);
  child_process program = on_terminal({}, {"NO_COLOR="});
  EXPECT_EQ(finish(std::move(program)), 0) << said_;
  EXPECT_TRUE(says("\x1B[1m")) << said_;
}

TEST_F(IndexTerminal, IsGivenBackWhenTheProgramQuits) {
  write_many(many);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &none), 0);
  child_process program = on_terminal({}, {});
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &before), 0);
  ASSERT_TRUE(program.read_until("p pause"));

  program.type('\x1C');  // Ctrl-backslash

  EXPECT_EQ(program.wait(), -SIGQUIT) << program.text();
  EXPECT_TRUE(program.has_ordinary_terminal());
  EXPECT_GT(program.text().rfind("\x1B[?25h") + 1, program.text().rfind("\x1B[?25l") + 1);
}

TEST_F(IndexTerminal, IsGivenBackWhenTheProgramIsAborted) {
  write_many(many);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &none), 0);
  child_process program = on_terminal({}, {});
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &before), 0);
  ASSERT_TRUE(program.read_until("p pause"));

  program.send(SIGABRT);

  EXPECT_EQ(program.wait(), -SIGABRT) << program.text();
  EXPECT_TRUE(program.has_ordinary_terminal());
  EXPECT_GT(program.text().rfind("\x1B[?25h") + 1, program.text().rfind("\x1B[?25l") + 1);
}

TEST_F(IndexTerminal, IsAnotherJobsWhileTheProgramIsStopped) {
  write_many(many);
  std::vector<std::string> job{"/bin/bash", "-m", "-c",
                               "\"$@\"; stty -a; echo the other job; fg; echo it ended with $?",
                               "bash"};
  for (std::string& one : command({"--grace", "600000"})) job.push_back(std::move(one));
  child_process shell(job, child_process::output::terminal);
  ASSERT_TRUE(shell.read_until("p pause")) << shell.text();

  shell.type('\x1A');  // Ctrl-Z

  ASSERT_TRUE(shell.read_until("the other job")) << shell.text();
  const std::string stopped = shell.text().substr(0, shell.text().find("the other job"));
  EXPECT_GT(stopped.rfind("\x1B[?25h") + 1, stopped.rfind("\x1B[?25l") + 1);
  EXPECT_NE(stopped.find(" icanon"), std::string::npos) << stopped;
  EXPECT_EQ(stopped.find(" -icanon"), std::string::npos) << stopped;
  EXPECT_EQ(stopped.find(" -echo "), std::string::npos) << stopped;

  // Taken again: the key is heard without a line end.
  ASSERT_TRUE(shell.read_until("p pause")) << shell.text();
  shell.type('q');
  ASSERT_TRUE(shell.read_until("it ended with 130")) << shell.text();
  EXPECT_EQ(shell.wait(), 0);
}

struct dangerous {
  const char* bytes;
  const char* shown;
};

class DangerousText : public IndexTerminal, public testing::WithParamInterface<dangerous> {};

TEST_P(DangerousText, IsEscapedInNamesQueriesAndTexts) {
  const auto [bytes, shown] = GetParam();
  write(std::string("name") + bytes + ".txt",
        std::string("needle ") + bytes + " in a stack of hay that is long enough for a text\n");

  EXPECT_EQ(run({"--query", std::string("needle ") + bytes, "--limit", "1"}), 0) << said_;

  EXPECT_EQ(said_.find(bytes), std::string::npos) << said_;
  EXPECT_TRUE(says(std::string("name") + shown + ".txt")) << said_;
  EXPECT_TRUE(says(std::string("\"needle ") + shown + "\"")) << said_;
}

INSTANTIATE_TEST_SUITE_P(
    Characters, DangerousText,
    testing::Values(dangerous{"\xE2\x80\xAA", "\\u202A"}, dangerous{"\xE2\x80\xAB", "\\u202B"},
                    dangerous{"\xE2\x80\xAC", "\\u202C"}, dangerous{"\xE2\x80\xAD", "\\u202D"},
                    dangerous{"\xE2\x80\xAE", "\\u202E"}, dangerous{"\xE2\x81\xA6", "\\u2066"},
                    dangerous{"\xE2\x81\xA7", "\\u2067"}, dangerous{"\xE2\x81\xA8", "\\u2068"},
                    dangerous{"\xE2\x81\xA9", "\\u2069"}, dangerous{"\xD8\x9C", "\\u061C"},
                    dangerous{"\xE2\x80\x8E", "\\u200E"}, dangerous{"\xE2\x80\x8F", "\\u200F"},
                    dangerous{"\xE2\x80\xA8", "\\u2028"}, dangerous{"\xE2\x80\xA9", "\\u2029"},
                    dangerous{"\xC2\x85", "\\u0085"}, dangerous{"\xC2\x9B", "\\u009B"},
                    dangerous{"\xE2\x80\x8B", "\\u200B"}, dangerous{"\xEF\xBB\xBF", "\\uFEFF"},
                    dangerous{"\xC2\xAD", "\\u00AD"}, dangerous{"\xF3\xA0\x81\x81", "\\uE0041"},
                    dangerous{"\x1B", "\\x1B"}, dangerous{"\x07", "\\x07"},
                    dangerous{"\x7F", "\\x7F"}));

TEST_F(IndexTerminal, ShowsTheBytesOfANameThatIsNoText) {
  write("caf\xE9.txt", "needle\n");
  EXPECT_EQ(run({"--query", "needle"}), 0) << said_;
  EXPECT_TRUE(says("caf\\xE9.txt")) << said_;
}

TEST_F(IndexTerminal, ShowsFewMarksOverOneCharacter) {
  std::string marks;
  for (int i = 0; i < 40; ++i) marks += "\xCC\x81";
  EXPECT_EQ(run({"--query", "e" + marks}), 0) << said_;
  EXPECT_TRUE(says("\"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\\u0301\\u0301")) << said_;
}

TEST_F(IndexTerminal, CutsNamesByColumnsAndNotBetweenACharacterAndItsMarks) {
  std::string name;
  for (int i = 0; i < 60; ++i) name += "\xE6\x96\x87";  // two columns each
  write(name + "e\xCC\x81.txt", "needle\n");
  EXPECT_EQ(run({"--query", "needle"}), 0) << said_;
  const std::size_t line = said_.find("   1  ", said_.find("the best document"));
  ASSERT_NE(line, std::string::npos) << said_;
  std::string shown = said_.substr(line, said_.find('\n', line) - line);
  EXPECT_NE(shown.find("..."), std::string::npos) << shown;
  std::size_t columns = 0;
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    columns += byte < 0x80 ? 1 : byte == 0xE6 ? 2 : 0;
  }
  EXPECT_LE(columns, 79u) << shown;
  EXPECT_TRUE(shown.ends_with("e\xCC\x81.txt")) << shown;
}

}  // namespace
