#include "base/log.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

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

// Standard error as a pipe that is read only when asked.
class SlowReader {
 public:
  SlowReader() : before_(::dup(STDERR_FILENO)) {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~SlowReader() { ::close(ends_[0]); }
  void start() {
    reader_ = std::jthread([this] {
      std::array<char, 65536> buffer;
      for (ssize_t n; (n = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) read_.append(buffer.data(), n);
    });
  }
  std::string finish() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    reader_.join();
    return read_;
  }

 private:
  int before_;
  std::array<int, 2> ends_{};
  std::string read_;
  std::jthread reader_;
};

TEST(Log, says_how_much_it_left_out_when_nobody_read) {
  const std::string kilobyte(1024, 'x');
  constexpr int sent = 20'000;
  SlowReader reader;
  {
    Log log(Log::Level::info);
    for (int i = 0; i < sent; ++i) log.info("tick", {{"text", kilobyte}});
    reader.start();
  }
  std::int64_t written = 0, dropped = 0;
  for (auto line : text::split(reader.finish(), '\n')) {
    if (line.empty()) continue;
    const auto object = json::parse(line).as_object();
    if (object.at("event") == "log.dropped")
      dropped += object.at("lines").as_int64();
    else
      ++written;
  }
  EXPECT_GT(dropped, 0);
  EXPECT_EQ(written + dropped, sent);
}

RC_GTEST_PROP(Log, any_bytes_make_a_line_of_json, (const std::string& bytes)) {
  const auto lines = lines_of(Log::Level::info, [&](Log& log) { log.info("event", {{"bytes", bytes}}); });
  RC_ASSERT(lines.size() == 1U);
  RC_ASSERT(std::string_view(lines.front().at("bytes").as_string()) == text::to_valid_utf8(bytes));
}

}  // namespace
}  // namespace odeon
