// Reads one source of news: a file, or an address that is asked only for what is new.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "products/briefings/news/feeds.hpp"

namespace odeon::briefings {

// What an HTTP GET gave. A body larger than kMaxFeedBytes may be cut after one byte more.
struct Fetched {
  unsigned status = 0;
  std::string body;
  std::string content_type;
  std::string etag;
  std::string last_modified;
};
// GET with If-None-Match and If-Modified-Since where these are not empty. Failures are Errors.
using Fetch = std::function<Task<Fetched>(std::string url, std::string etag, std::string last_modified)>;

// What is remembered of a source between two readings; the caller stores it, as JSON for instance.
// The empty state is that of a source never read.
struct FeedState {
  std::string etag;
  std::string last_modified;
  std::string name;
  std::vector<Article> articles;  // of the last good reading

  bool operator==(const FeedState&) const = default;
};
BOOST_DESCRIBE_STRUCT(FeedState, (), (etag, last_modified, name, articles))

// What became of a source, to be shown with the briefing: no credentials, queries or paths of files.
struct SourceReport {
  std::string name;     // the feed's title; else the host or the name of the file
  std::string address;  // as links.hpp shows it
  bool used = false;
  std::string code;    // of SkipReason when it was not used; "unchanged" when last time's articles serve
  std::string reason;  // a sentence for people when it was not used
  std::size_t articles = 0;
};
BOOST_DESCRIBE_STRUCT(SourceReport, (), (name, address, used, code, reason, articles))

struct Reading {
  SourceReport report;
  FeedState state;  // to be stored; its articles count only if report.used
};

struct ReaderOptions {
  std::chrono::milliseconds time{10'000};  // for one source, all in all
};

// Thread-safe; `pool` outlives it. A source that cannot be read is an outcome, not an exception; only
// cancellation ends `read` early.
class Reader {
 public:
  Reader(Fetch fetch, ThreadPool& pool, ReaderOptions options = {});

  // `source` is an http or https address, or the path of a file (also as file://).
  Task<Reading> read(std::string source, FeedState state) const;

  // The bytes of a source that is no feed; status 200, or 304 only where `etag` or `last_modified` is given.
  Task<std::expected<Fetched, SkipReason>> document(std::string source, std::string etag,
                                                    std::string last_modified) const;

 private:
  Task<std::expected<Fetched, SkipReason>> fetched(std::string url, std::string etag, std::string last_modified) const;
  Task<std::expected<Feed, SkipReason>> parsed(std::string bytes, FeedOrigin origin) const;

  Fetch fetch_;
  ThreadPool& pool_;
  ReaderOptions options_;
};

}  // namespace odeon::briefings
