#include "engine/http/ranges.hpp"

#include <charconv>

#include "base/crypto.hpp"
#include "engine/http/compress.hpp"
#include "engine/http/document.hpp"

namespace odeon::http {
namespace {

constexpr std::size_t kMaxRanges = 16;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Whether a list of entity tags holds `etag`. `weak`: W/ makes no difference (If-None-Match).
bool lists(std::string_view header, std::string_view etag, bool weak) {
  for (auto part : text::split(header, ',')) {
    auto tag = text::trim(part);
    if (tag == "*") return true;
    if (weak && tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

bool modified_since(std::string_view date, Instant modified) {
  const auto since = parse_rfc822(date);
  return !since || std::chrono::floor<std::chrono::seconds>(modified) > *since;
}

// RFC 9110 §13.2.2, the order of preconditions. 0: none stands in the way.
unsigned precondition(const Request& request, const ReadableObject& object) {
  if (auto match = request.headers.find("If-Match")) {
    if (!lists(*match, object.etag(), false)) return 412;
  } else if (auto since = request.headers.find("If-Unmodified-Since"); since && parse_rfc822(*since)) {
    if (modified_since(*since, object.modified())) return 412;
  }
  if (auto none = request.headers.find("If-None-Match")) {
    if (lists(*none, object.etag(), true)) return 304;
  } else if (auto since = request.headers.find("If-Modified-Since")) {
    if (!modified_since(*since, object.modified())) return 304;
  }
  return 0;
}

// Whether a Range header counts: If-Range names what the client has, by tag or by exact date (§13.1.5).
bool range_applies(const Request& request, const ReadableObject& object) {
  const auto condition = request.headers.find("If-Range");
  if (!condition) return true;
  if (condition->starts_with('"') || condition->starts_with("W/")) return *condition == object.etag();
  const auto date = parse_rfc822(*condition);
  return date && *date == std::chrono::floor<std::chrono::seconds>(object.modified());
}

std::string content_range(const Range& range, std::uint64_t size) {
  return fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, size);
}

PartsBody parts_of(const File& file, const std::vector<Range>& ranges, const std::string& boundary) {
  PartsBody body;
  const std::uint64_t size = file.object->size();
  for (const auto& range : ranges) {
    std::string head =
        fmt::format("{}--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", body.parts.empty() ? "" : "\r\n",
                    boundary, file.object->content_type(), content_range(range, size));
    body.parts.emplace_back(std::move(head), ObjectBody{file.object, range.offset, range.length});
  }
  body.end = fmt::format("\r\n--{}--\r\n", boundary);
  return body;
}

// What of a file this request gets. Ranges are of what it is, and not of its gzip.
struct Representation {
  std::shared_ptr<ReadableObject> object;
  bool varies = false;  // others get another
  bool packed = false;
};

Representation representation_for(const Request& request, const File& file) {
  const auto* document = dynamic_cast<const Document*>(file.object.get());
  if (document == nullptr || !document->packs()) return {file.object};
  if (request.headers.find("Range") || !takes_gzip(request.headers.get("Accept-Encoding"))) return {file.object, true};
  return {document->packed(), true, true};
}

}  // namespace

std::optional<std::vector<Range>> parse_ranges(std::string_view header, std::uint64_t size) {
  if (!header.starts_with("bytes=")) return std::nullopt;
  std::vector<Range> ranges;
  std::size_t count = 0;
  for (auto part : text::split(header.substr(6), ',')) {
    part = text::trim(part);
    if (part.empty()) continue;
    if (++count > kMaxRanges) return std::nullopt;
    const auto dash = part.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first_text = part.substr(0, dash), last_text = part.substr(dash + 1);
    const auto first = number(first_text), last = number(last_text);
    if (first_text.empty()) {
      if (!last) return std::nullopt;
      if (*last > 0 && size > 0) ranges.push_back({size - std::min(*last, size), std::min(*last, size)});
      continue;
    }
    if (!first || (!last_text.empty() && (!last || *last < *first))) return std::nullopt;
    if (*first >= size) continue;
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    ranges.push_back({*first, end - *first + 1});
  }
  if (count == 0) return std::nullopt;

  std::vector<Range> merged;
  for (const auto& range : ranges) {
    auto overlaps = [&](const Range& other) {
      return range.offset <= other.offset + other.length && other.offset <= range.offset + range.length;
    };
    Range joined = range;
    for (auto it = merged.begin(); it != merged.end();) {
      if (!overlaps(*it)) {
        ++it;
        continue;
      }
      const auto end = std::max(joined.offset + joined.length, it->offset + it->length);
      joined.offset = std::min(joined.offset, it->offset);
      joined.length = end - joined.offset;
      it = merged.erase(it);
    }
    merged.push_back(joined);
  }
  return merged;
}

std::string attachment(std::string_view name) {
  return "attachment; filename*=UTF-8''" + text::percent_encode(name);
}

Response serve_file(const Request& request, const File& file) {
  const auto chosen = representation_for(request, file);
  const ReadableObject& object = *chosen.object;
  const std::uint64_t size = object.size();
  Response response;
  if (chosen.varies) response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("ETag", object.etag());
  response.headers.add("Last-Modified", to_http_date(object.modified()));
  response.headers.add("Accept-Ranges", "bytes");
  response.headers.add("Cache-Control", file.cache_control);
  if (const unsigned status = precondition(request, object); status != 0) {
    response.status = status;
    return response;
  }
  if (!file.download_name.empty()) response.headers.add("Content-Disposition", attachment(file.download_name));

  const auto header = request.method == Method::get ? request.headers.find("Range") : std::nullopt;
  const auto ranges = header && range_applies(request, object) ? parse_ranges(*header, size) : std::nullopt;
  if (ranges && ranges->empty()) {
    response.status = 416;
    response.headers.add("Content-Range", fmt::format("bytes */{}", size));
    return response;
  }
  if (ranges && ranges->size() > 1) {
    const std::string boundary = "odeon-" + crypto::to_hex(crypto::random_bytes(12));
    response.status = 206;
    response.headers.add("Content-Type", "multipart/byteranges; boundary=" + boundary);
    response.body = parts_of(file, *ranges, boundary);
    return response;
  }
  response.headers.add("Content-Type", object.content_type());
  if (chosen.packed) response.headers.add("Content-Encoding", "gzip");
  Range whole{0, size};
  if (ranges) {
    response.status = 206;
    whole = ranges->front();
    response.headers.add("Content-Range", content_range(whole, size));
  }
  response.body = ObjectBody{chosen.object, whole.offset, whole.length};
  return response;
}

}  // namespace odeon::http
