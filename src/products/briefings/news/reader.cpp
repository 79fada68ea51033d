#include "products/briefings/news/reader.hpp"

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "products/briefings/links.hpp"

namespace odeon::briefings {
namespace {

std::expected<std::string, SkipReason> file_bytes(const std::string& path) {
  std::error_code fault;
  const auto status = std::filesystem::status(path, fault);
  if (!std::filesystem::exists(status)) return skip("missing", "This file does not exist.");
  if (!std::filesystem::is_regular_file(status)) return skip("unreadable", "This is not a file that can be read.");
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kMaxFeedBytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad()) return skip("unreadable", "This file could not be read.");
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

SkipReason reason_of(unsigned status) {
  if (status == 401 || status == 403) return {"refused", "This address refused access."};
  if (status == 404 || status == 410) return {"missing", "There is nothing at this address any more."};
  if (status == 429) return {"rate_limited", "This address asked to be read less often."};
  if (status >= 300 && status < 400 && status != 304) return {"moved", "This source has moved to another address."};
  if (status >= 500) return {"unavailable", "This server has a fault at the moment."};
  return {"bad_answer", "This address gave an unexpected answer."};
}

SkipReason reason_of(const Error& failure) {
  if (failure.fault == Fault::timeout) return {"timeout", "This address took too long to answer."};
  if (failure.fault == Fault::too_large) return {"too_large", "This document is larger than 4 MB."};
  return {"unreachable", "This address could not be reached."};
}

SkipReason reason_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return reason_of(error);
  } catch (...) {
    return {"unreachable", "This address could not be reached."};
  }
}

// Conditional requests make sense only while the articles of last time are at hand.
bool may_be_unchanged(const FeedState& state) {
  return !state.articles.empty() && !(state.etag.empty() && state.last_modified.empty());
}

}  // namespace

Reader::Reader(Fetch fetch, ThreadPool& pool, ReaderOptions options)
    : fetch_(std::move(fetch)), pool_(pool), options_(options) {}

Task<std::expected<Fetched, SkipReason>> Reader::fetched(std::string url, std::string etag,
                                                         std::string last_modified) const {
  const bool conditional = !(etag.empty() && last_modified.empty());
  std::exception_ptr failure;
  Fetched answer;
  try {
    answer = co_await with_timeout(options_.time, fetch_(url, etag, last_modified));
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
    co_return std::unexpected(reason_of(failure));
  }
  const bool good = answer.status == 200 || (answer.status == 304 && conditional);
  if (!good) co_return std::unexpected(reason_of(answer.status));
  co_return answer;
}

Task<std::expected<Fetched, SkipReason>> Reader::document(std::string source, std::string etag,
                                                          std::string last_modified) const {
  if (is_web_address(source)) co_return co_await fetched(source, etag, last_modified);
  const std::string path = source.starts_with("file://") ? source.substr(7) : source;
  auto bytes = co_await run_blocking(pool_, [path] { return file_bytes(path); });
  if (!bytes) co_return std::unexpected(bytes.error());
  co_return Fetched{.status = 200, .body = std::move(*bytes)};
}

Task<std::expected<Feed, SkipReason>> Reader::parsed(std::string bytes, FeedOrigin origin) const {
  co_return co_await run_blocking(
      pool_, [bytes = std::move(bytes), origin = std::move(origin)] { return parse_feed(bytes, origin); });
}

Task<Reading> Reader::read(std::string source, FeedState state) const {
  Reading reading{.report = {.name = short_name(source), .address = shown_address(source)}, .state = state};
  const auto skipped = [&](const SkipReason& reason) {
    reading.report.code = reason.code;
    reading.report.reason = reason.message;
    if (!state.name.empty()) reading.report.name = state.name;
    return reading;
  };

  const bool conditional = may_be_unchanged(state);
  auto outcome = co_await document(source, conditional ? state.etag : "", conditional ? state.last_modified : "");
  if (!outcome) co_return skipped(outcome.error());
  Fetched answer = std::move(*outcome);
  if (answer.status == 304) {
    reading.report.code = "unchanged";
  } else {
    auto feed = co_await parsed(std::move(answer.body), FeedOrigin{source, answer.content_type});
    if (!feed) co_return skipped(feed.error());
    reading.state = {answer.etag, answer.last_modified, feed->title, std::move(feed->articles)};
  }
  reading.report.used = true;
  reading.report.name = reading.state.name;
  reading.report.articles = reading.state.articles.size();
  co_return reading;
}

}  // namespace odeon::briefings
