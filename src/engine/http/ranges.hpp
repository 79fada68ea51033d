// Serving a stored object by RFC 9110: conditions (§13), single, suffix and several ranges (§14), 416.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/endpoint.hpp"

namespace odeon::http {

struct Range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool operator==(const Range&) const = default;
};

// The satisfiable ranges of a `Range` header for an object of `size` bytes, clipped, in order of
// request; overlapping ones of several are merged. Nothing: the header is to be ignored (another unit,
// broken syntax, more than 16 ranges). An empty list: none is satisfiable (416).
std::optional<std::vector<Range>> parse_ranges(std::string_view header, std::uint64_t size);

// The Content-Disposition that saves an answer as `name` (RFC 6266).
std::string attachment(std::string_view name);

// 200, 206, 304, 412 or 416 for a GET or HEAD of `file`.
Response serve_file(const Request& request, const File& file);

}  // namespace odeon::http
