#include "products/briefings/news/reader.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace odeon::briefings {
namespace {

constexpr const char* kFeed =
    "<rss><channel><title>Meridian Wire</title><item><title>Shares rise</title></item></channel></rss>";
constexpr const char* kFeedAddress = "https://user:secret@news.example:8443/feed.xml?key=hidden#top";

struct Asked {
  int times = 0;
  std::string url, etag, last_modified;
};

// A server that answers every request alike and remembers what it was asked.
Fetch answering(Fetched answer, Asked& asked) {
  return [answer, &asked](std::string url, std::string etag, std::string last_modified) -> Task<Fetched> {
    ++asked.times;
    asked.url = url;
    asked.etag = etag;
    asked.last_modified = last_modified;
    return [](Fetched answer) -> Task<Fetched> { co_return answer; }(answer);
  };
}

template <class Failure>
Fetch failing(Failure failure) {
  return [failure](std::string, std::string, std::string) -> Task<Fetched> {
    return [](Failure failure) -> Task<Fetched> {
      throw failure;
      co_return Fetched{};
    }(failure);
  };
}

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "odeon-reader-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
  }
  ~ReaderTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  Reading read(const Fetch& fetch, const std::string& source, const FeedState& state = {}) {
    return run_task(Reader(fetch, pool_).read(source, state));
  }

  ThreadPool pool_{1};
  std::filesystem::path folder_;
  Asked asked_;
};

TEST_F(ReaderTest, AnAddressIsReadAndShownWithoutSecrets) {
  const auto reading =
      read(answering({200, kFeed, "text/xml", "\"v1\"", "Fri, 20 Nov 2026 07:30:00 GMT"}, asked_), kFeedAddress);
  EXPECT_TRUE(reading.report.used);
  EXPECT_EQ(reading.report.name, "Meridian Wire");
  EXPECT_EQ(reading.report.address, "https://news.example:8443/feed.xml");
  EXPECT_EQ(reading.report.articles, 1U);
  EXPECT_EQ(asked_.url, kFeedAddress);
  EXPECT_EQ(asked_.etag, "") << "nothing is known yet";
  EXPECT_EQ(reading.state.etag, "\"v1\"");
  EXPECT_EQ(reading.state.articles.front().title, "Shares rise");
}

TEST_F(ReaderTest, WhatDidNotChangeIsKeptFromLastTime) {
  const auto first = read(answering({200, kFeed, "text/xml", "\"v1\"", "yesterday"}, asked_), kFeedAddress);
  const auto stored = json::from<FeedState>(json::write(first.state));
  EXPECT_EQ(stored, first.state) << "the state survives storage";
  const auto second = read(answering({.status = 304}, asked_), kFeedAddress, stored);
  EXPECT_EQ(asked_.etag, "\"v1\"");
  EXPECT_EQ(asked_.last_modified, "yesterday");
  EXPECT_TRUE(second.report.used);
  EXPECT_EQ(second.report.code, "unchanged");
  EXPECT_EQ(second.report.articles, 1U);
  EXPECT_EQ(second.state, first.state);
}

TEST_F(ReaderTest, WithoutArticlesNothingIsAskedConditionally) {
  const FeedState forgotten{.etag = "\"v1\""};
  const auto reading = read(answering({.status = 304}, asked_), kFeedAddress, forgotten);
  EXPECT_EQ(asked_.etag, "");
  EXPECT_FALSE(reading.report.used);
  EXPECT_EQ(reading.report.code, "bad_answer");
}

TEST_F(ReaderTest, FaultsSkipTheSourceAndKeepWhatIsKnown) {
  const FeedState known{.etag = "\"v1\"", .name = "Meridian Wire", .articles = {{.title = "Old news"}}};
  const std::pair<Fetch, std::string> cases[] = {
      {answering({.status = 404}, asked_), "missing"},
      {answering({.status = 403}, asked_), "refused"},
      {answering({.status = 301}, asked_), "moved"},
      {answering({.status = 429}, asked_), "rate_limited"},
      {answering({.status = 503}, asked_), "unavailable"},
      {answering({.status = 204}, asked_), "bad_answer"},
      {answering({.status = 200, .body = ""}, asked_), "empty"},
      {answering({.status = 200, .body = "<html></html>"}, asked_), "web_page"},
      {answering({.status = 200, .body = std::string(kMaxFeedBytes + 1, ' ') + "<rss>"}, asked_), "too_large"},
      {failing(Error(Fault::timeout, "timeout", "secret")), "timeout"},
      {failing(Error(Fault::too_large, "too_large", "secret")), "too_large"},
      {failing(Error(Fault::unavailable, "dns", "secret")), "unreachable"},
      {failing(std::runtime_error("secret")), "unreachable"},
  };
  for (const auto& [fetch, code] : cases) {
    const auto reading = read(fetch, kFeedAddress, known);
    EXPECT_FALSE(reading.report.used) << code;
    EXPECT_EQ(reading.report.code, code);
    EXPECT_EQ(reading.report.name, "Meridian Wire");
    EXPECT_EQ(reading.report.reason.find("secret"), std::string::npos);
    EXPECT_TRUE(reading.report.reason.ends_with('.'));
    EXPECT_EQ(reading.state, known);
  }
}

TEST_F(ReaderTest, ASourceThatNeverAnswersIsLeft) {
  const Fetch silent = [](std::string, std::string, std::string) -> Task<Fetched> {
    return []() -> Task<Fetched> {
      co_await sleep_on_loop(std::chrono::hours(24));
      co_return Fetched{};
    }();
  };
  const auto reading = run_task(Reader(silent, pool_, {.time = std::chrono::milliseconds(1)}).read(kFeedAddress, {}));
  EXPECT_EQ(reading.report.code, "timeout");
  EXPECT_EQ(reading.report.name, "news.example");
}

TEST_F(ReaderTest, AFileIsReadAndShownByItsName) {
  const auto path = file("wire.xml", kFeed);
  for (const auto& source : {path, "file://" + path}) {
    const auto reading = read(answering({}, asked_), source);
    EXPECT_TRUE(reading.report.used);
    EXPECT_EQ(reading.report.address, "wire.xml");
    EXPECT_EQ(reading.state.articles.size(), 1U);
  }
  EXPECT_EQ(asked_.times, 0);
}

TEST_F(ReaderTest, FilesThatAreNoFeeds) {
  const std::pair<std::string, std::string> cases[] = {
      {(folder_ / "nowhere.xml").string(), "missing"},
      {folder_.string(), "unreadable"},
      {file("empty.xml", ""), "empty"},
      {file("page.xml", "<html>"), "web_page"},
      {file("huge.xml", std::string(kMaxFeedBytes + 2, '<')), "too_large"}};
  for (const auto& [source, code] : cases) {
    const auto reading = read(answering({}, asked_), source);
    EXPECT_FALSE(reading.report.used);
    EXPECT_EQ(reading.report.code, code);
    EXPECT_EQ(reading.report.address.find('/'), std::string::npos) << "no path is shown";
  }
}

TEST_F(ReaderTest, CancellationEndsTheReading) {
  asio::io_context loop;
  asio::cancellation_signal cancel;
  const Fetch silent = [](std::string, std::string, std::string) -> Task<Fetched> {
    return []() -> Task<Fetched> {
      co_await sleep_on_loop(std::chrono::hours(24));
      co_return Fetched{};
    }();
  };
  const Reader reader(silent, pool_);
  bool failed = false;
  asio::co_spawn(loop, reader.read(kFeedAddress, {}),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr failure, const Reading&) { failed = failure != nullptr; }));
  loop.poll();
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace odeon::briefings
