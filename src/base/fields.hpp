// Field types that carry their limits. A value of one of these types is within its limits: they are
// checked where JSON or a query is read (json.hpp), all faults at once, and shown in OpenAPI.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace odeon {

// Valid UTF-8 of Min to Max code points.
template <std::size_t Min, std::size_t Max>
struct Text : std::string {
  static constexpr std::size_t min = Min, max = Max;
  using std::string::string;
  Text(std::string value) : std::string(std::move(value)) {}
};

template <std::int64_t Min, std::int64_t Max>
struct Int {
  static constexpr std::int64_t min = Min, max = Max;
  std::int64_t value = Min;
  Int() = default;
  constexpr Int(std::int64_t v) : value(v) {}
  constexpr operator std::int64_t() const { return value; }
};

// As Int, but a number outside is moved to the nearest limit: for `limit` and `offset` of listings.
template <std::int64_t Min, std::int64_t Max>
struct Clamped {
  static constexpr std::int64_t min = Min, max = Max;
  std::int64_t value = Min;
  Clamped() = default;
  constexpr Clamped(std::int64_t v) : value(v) {}
  constexpr operator std::int64_t() const { return value; }
};

// Of results: what may be missing, and is written as null then instead of being left out.
template <class T>
struct Nullable : std::optional<T> {
  using std::optional<T>::optional;
};

template <class T, std::size_t Min, std::size_t Max>
struct List : std::vector<T> {
  static constexpr std::size_t min = Min, max = Max;
  using std::vector<T>::vector;
};

}  // namespace odeon
