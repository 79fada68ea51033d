#include "engine/storage/s3_object.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/storage/s3_xml.hpp"

namespace odeon::storage {
namespace {

// One request brings this much at least, so that a reader of small pieces asks seldom; twice as much as before whenever
// one reads on where the last ended, up to kLargestWindow; and for readers of large pieces at most so much.
constexpr std::uint64_t kWindow = 256 * 1024;
constexpr std::uint64_t kLargestWindow = 1024 * 1024;
constexpr std::uint64_t kMost = 8 * 1024 * 1024;

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct Range {
  std::uint64_t first = 0, last = 0, size = 0;
};

// "bytes 0-9/100"
std::optional<Range> range_of(std::string_view field) {
  const auto dash = field.find('-'), slash = field.find('/');
  if (!field.starts_with("bytes ") || dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
    return std::nullopt;
  const auto first = number(text::trim(field.substr(6, dash - 6)));
  const auto last = number(field.substr(dash + 1, slash - dash - 1));
  const auto size = number(text::trim(field.substr(slash + 1)));
  if (!first || !last || !size || *last < *first || *last >= *size) return std::nullopt;
  return Range{*first, *last, *size};
}

std::string asked(std::uint64_t offset, std::uint64_t count) {
  return fmt::format("bytes={}-{}", offset, offset + count - 1);
}

// Of the object as a whole, whatever part of it this answer brings.
std::uint64_t size_of(const S3Answer& answer) {
  if (answer.status == 206) {
    if (const auto range = range_of(answer.header("content-range"))) return range->size;
  } else if (const auto size = number(answer.header("content-length"))) {
    return *size;
  }
  s3_fail("an answer without a size");
}

std::string content_type_of(const S3Answer& answer) {
  std::string type(answer.header("content-type"));
  try {
    check_content_type(type);
  } catch (const Error&) {
    return "application/octet-stream";
  }
  return type;
}

bool is_md5(std::string_view text) {
  return text.size() == 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Stored S3Object::described(const std::string& key, const S3Answer& answer) {
  const auto modified = parse_rfc822(answer.header("last-modified"));
  Stored stored{.key = key,
                .size = size_of(answer),
                .content_type = content_type_of(answer),
                .etag = s3_etag(answer.header("etag"))};
  if (!modified || stored.etag.empty()) s3_fail("an answer without a tag or a time");
  stored.modified = *modified;
  if (const auto md5 = answer.header("x-amz-meta-md5"); is_md5(md5)) stored.md5 = md5;
  return stored;
}

S3Object::S3Object(std::shared_ptr<const S3Bucket> bucket, Stored stored, std::string beginning)
    : bucket_(std::move(bucket)),
      stored_(std::move(stored)),
      window_(std::make_shared<Window>(0, std::move(beginning))) {}

Task<std::shared_ptr<ReadableObject>> S3Object::open(std::shared_ptr<const S3Bucket> bucket, std::string key) {
  S3Answer answer = co_await bucket->ask({.method = "GET", .key = key, .range = asked(0, kWindow), .most = kWindow});
  // Of an empty object there is no range. Its own answer may by now be that of another object.
  if (answer.status == 416) answer = co_await bucket->ask({.method = "GET", .key = key, .most = kWindow});
  if (answer.status == 404 && s3_error_code(answer.body) == "NoSuchKey") co_return nullptr;
  if (answer.status != 200 && answer.status != 206) s3_refuse("GET", answer);
  Stored stored = described(key, answer);
  const auto range = answer.status == 206 ? range_of(answer.header("content-range")) : Range{};
  if (range->first != 0 || answer.body.size() != std::min(stored.size, kWindow)) s3_fail("GET: not what was asked for");
  co_return std::make_shared<S3Object>(std::move(bucket), std::move(stored), std::move(answer.body));
}

Task<std::string> S3Object::fetch(std::uint64_t offset, std::uint64_t count) const {
  S3Answer answer = co_await bucket_->ask({.method = "GET",
                                           .key = stored_.key,
                                           .headers = {{"if-match", stored_.etag}},
                                           .range = asked(offset, count),
                                           .most = count});
  if (answer.status == 412 || answer.status == 404) s3_fail("GET: the object was replaced or removed meanwhile");
  if (answer.status != 206) s3_refuse("GET", answer);
  const auto range = range_of(answer.header("content-range"));
  if (!range || range->first != offset || range->size != stored_.size || answer.body.size() != count)
    s3_fail("GET: not what was asked for");
  if (s3_etag(answer.header("etag")) != stored_.etag) s3_fail("GET: the object was replaced meanwhile");
  co_return std::move(answer.body);
}

Task<std::size_t> S3Object::read_at(std::uint64_t offset, std::span<char> into) {
  if (offset >= stored_.size || into.empty()) co_return 0;
  std::shared_ptr<const Window> window;
  {
    std::lock_guard lock(mutex_);
    window = window_;
  }
  if (offset < window->offset || offset - window->offset >= window->bytes.size()) {
    const bool goes_on = offset == window->offset + window->bytes.size();
    const auto least = goes_on ? std::clamp(2 * window->bytes.size(), kWindow, kLargestWindow) : kWindow;
    const auto count = std::min(std::clamp<std::uint64_t>(into.size(), least, kMost), stored_.size - offset);
    auto fetched = std::make_shared<Window>(offset, co_await fetch(offset, count));
    window = fetched;
    // More than a window has been asked for in one piece, and is not asked for again in smaller ones.
    if (count <= kLargestWindow) {
      std::lock_guard lock(mutex_);
      window_ = window;
    }
  }
  co_return window->bytes.copy(into.data(), into.size(), offset - window->offset);
}

}  // namespace odeon::storage
