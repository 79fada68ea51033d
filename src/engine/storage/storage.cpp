#include "engine/storage/storage.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::storage {
namespace {

constexpr std::size_t kMaxKey = 512;
constexpr std::size_t kMaxSegment = 200;  // file names end at 255 bytes
constexpr std::size_t kMaxContentType = 255;

bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_segment(std::string_view segment) {
  return !segment.empty() && segment.size() <= kMaxSegment && segment != "." && segment != ".." &&
         std::ranges::all_of(segment, is_plain);
}

}  // namespace

bool is_key(std::string_view key) {
  return key.size() <= kMaxKey && std::ranges::all_of(text::split(key, '/'), is_segment);
}

void check_key(std::string_view key) {
  if (!is_key(key)) throw Error(Fault::invalid, "INVALID_KEY", "This is not a valid object key.");
}

void check_content_type(std::string_view content_type) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (content_type.empty() || content_type.size() > kMaxContentType || !std::ranges::all_of(content_type, printable))
    throw Error(Fault::invalid, "INVALID_CONTENT_TYPE", "This is not a valid content type.");
}

Task<Stored> put(Storage& storage, std::string key, std::string bytes, PutOptions options) {
  StringSource source(std::move(bytes));
  co_return co_await storage.put(std::move(key), source, std::move(options));
}

}  // namespace odeon::storage
