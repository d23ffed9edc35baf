// SPDX-License-Identifier: MIT
#include "insula/core/log.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace insula {
namespace {

using lines = std::vector<std::pair<log_level, std::string>>;

/// Catches the lines of one test and restores level and sink after it.
class Log : public testing::Test {
 protected:
  void SetUp() override {
    former_ = current_log_level();
    set_log_sink([this](log_level level, std::string_view text) {
      caught.emplace_back(level, std::string(text));
    });
  }
  void TearDown() override {
    set_log_sink(nullptr);
    set_log_level(former_);
    unsetenv("INSULA_LOG");
  }

  /// As in a process that starts with this environment.
  static void restart_with(const char* value) {
    if (value == nullptr) unsetenv("INSULA_LOG");
    else setenv("INSULA_LOG", value, 1);
    detail::log_threshold.store(detail::log_threshold_unread);
  }

  lines caught;

 private:
  log_level former_ = log_level::warn;
};

TEST_F(Log, GoesToTheSink) {
  set_log_level(log_level::info);

  log(log_level::info, "started");
  log(log_level::error, "failed");

  EXPECT_EQ(caught, (lines{{log_level::info, "started"}, {log_level::error, "failed"}}));
}

TEST_F(Log, DropsWhatIsBelowTheLevel) {
  set_log_level(log_level::warn);

  log(log_level::info, "chatter");
  log(log_level::warn, "hm");

  EXPECT_FALSE(log_enabled(log_level::info));
  EXPECT_TRUE(log_enabled(log_level::warn));
  EXPECT_EQ(caught, (lines{{log_level::warn, "hm"}}));
}

TEST_F(Log, OffIsSilent) {
  set_log_level(log_level::off);

  log(log_level::error, "x");
  log(log_level::off, "y");

  EXPECT_TRUE(caught.empty());
  EXPECT_FALSE(log_enabled(log_level::off));
}

TEST_F(Log, LevelComesFromTheEnvironment) {
  restart_with("debug");
  EXPECT_EQ(current_log_level(), log_level::debug);

  restart_with("off");
  EXPECT_FALSE(log_enabled(log_level::error));
}

TEST_F(Log, LevelIsWarnWithoutTheEnvironment) {
  restart_with(nullptr);

  EXPECT_FALSE(log_enabled(log_level::info));
  EXPECT_EQ(current_log_level(), log_level::warn);
  EXPECT_TRUE(caught.empty());
}

TEST_F(Log, BadEnvironmentIsWarnAndOneLineSaysWhichLevelsExist) {
  restart_with("loud");

  EXPECT_EQ(current_log_level(), log_level::warn);
  EXPECT_EQ(current_log_level(), log_level::warn);

  ASSERT_EQ(caught.size(), 1u);
  EXPECT_EQ(caught[0].first, log_level::warn);
  EXPECT_NE(caught[0].second.find("loud"), std::string::npos);
  EXPECT_NE(caught[0].second.find("trace, debug, info, warn, error, off"), std::string::npos);
}

TEST_F(Log, LevelSetInCodeWinsOverTheEnvironment) {
  restart_with("trace");

  set_log_level(log_level::error);

  EXPECT_FALSE(log_enabled(log_level::warn));
}

TEST_F(Log, LevelsHaveTheNamesOfTheEnvironment) {
  EXPECT_EQ(to_string(log_level::trace), "trace");
  EXPECT_EQ(to_string(log_level::off), "off");
  EXPECT_EQ(to_string(static_cast<log_level>(77)), "?");
}

TEST_F(Log, ThrowingSinkHarmsNobody) {
  set_log_level(log_level::info);
  set_log_sink([](log_level, std::string_view) { throw std::runtime_error("full"); });

  log(log_level::error, "lost");

  SUCCEED();
}

TEST_F(Log, WithoutASinkItGoesToStandardError) {
  set_log_level(log_level::info);
  set_log_sink(nullptr);
  testing::internal::CaptureStderr();

  log(log_level::warn, "braces {} and 100% stay as they are");

  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("braces {} and 100% stay as they are\n"), std::string::npos) << text;
  EXPECT_NE(text.find("[insula] [warning]"), std::string::npos) << text;
}

TEST_F(Log, ATextWithLineEndsForgesNoLine) {
  set_log_level(log_level::warn);

  log(log_level::warn, "STA 'a\n2026-01-01 00:00:00 [insula] [error] all is lost\x1b[0m'");

  ASSERT_EQ(caught.size(), 1u);
  EXPECT_EQ(caught[0].second,
            "STA 'a\\n2026-01-01 00:00:00 [insula] [error] all is lost\\x1b[0m'");
}

TEST_F(Log, SinkIsCalledByOneThreadAtATime) {
  set_log_level(log_level::info);
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n != 100; ++n)
        log(log_level::info, "line");
    });
  for (std::thread& thread : threads)
    thread.join();

  EXPECT_EQ(caught.size(), 400u);
}

}  // namespace
}  // namespace insula
