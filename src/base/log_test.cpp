#include "base/log.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "base/json.hpp"

namespace odeon {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// The lines that `act` logs, parsed.
std::vector<json::object> lines_of(Log::Level level, const std::function<void(Log&)>& act) {
  ::testing::internal::CaptureStderr();
  {
    Log log(level);
    act(log);
  }
  const std::string written = ::testing::internal::GetCapturedStderr();
  std::vector<json::object> lines;
  for (auto line : text::split(written, '\n'))
    if (!line.empty()) lines.push_back(json::parse(line).as_object());
  return lines;
}

TEST(Log, writes_one_json_object_a_line) {
  const auto lines = lines_of(Log::Level::info, [](Log& log) {
    log.info("job.done",
             {{"id", "a\"b\n{}"}, {"attempt", 2}, {"seconds", 1.5}, {"cached", true}, {"size", 1ULL << 40}});
    log.error("job.failed");
  });
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_TRUE(parse_iso8601(std::string_view(lines[0].at("time").as_string())));
  EXPECT_EQ(lines[0].at("level"), "info");
  EXPECT_EQ(lines[0].at("event"), "job.done");
  EXPECT_EQ(lines[0].at("id"), "a\"b\n{}");
  EXPECT_EQ(lines[0].at("attempt"), 2);
  EXPECT_EQ(lines[0].at("seconds"), 1.5);
  EXPECT_EQ(lines[0].at("cached"), true);
  EXPECT_EQ(lines[0].at("size"), 1LL << 40);
  EXPECT_EQ(lines[1].at("level"), "error");
}

TEST(Log, leaves_out_what_is_below_its_level) {
  const auto all = [](Log& log) {
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");
  };
  EXPECT_THAT(lines_of(Log::Level::debug, all), SizeIs(4));
  EXPECT_THAT(lines_of(Log::Level::warning, all), SizeIs(2));
  EXPECT_THAT(lines_of(Log::Level::off, all), IsEmpty());
}

TEST(Log, writes_out_all_before_it_goes) {
  const auto lines = lines_of(Log::Level::info, [](Log& log) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&log] {
        for (int n = 0; n < 500; ++n) log.info("tick", {{"n", n}});
      });
    for (auto& thread : threads) thread.join();
  });
  EXPECT_THAT(lines, SizeIs(2000));
}

RC_GTEST_PROP(Log, any_bytes_make_a_line_of_json, (const std::string& bytes)) {
  const auto lines = lines_of(Log::Level::info, [&](Log& log) { log.info("event", {{"bytes", bytes}}); });
  RC_ASSERT(lines.size() == 1U);
  RC_ASSERT(std::string_view(lines.front().at("bytes").as_string()) == text::to_valid_utf8(bytes));
}

}  // namespace
}  // namespace odeon
