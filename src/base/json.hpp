// JSON to and from described structs (BOOST_DESCRIBE_STRUCT), enums (BOOST_DESCRIBE_ENUM), the field
// types of fields.hpp, Instant, optional, vector, map<string, T> and boost::json values.
//
// Reading reports every fault by path and never throws for bad input; unknown members are ignored.
// Writing appends to a string: an empty optional is left out, an empty Nullable and a json null are written. A trailing
// underscore of a C++ name (`short_`, `default_`) is not part of the JSON name.
#pragma once

#include <fmt/format.h>

#include <array>
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <charconv>
#include <cmath>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "base/fields.hpp"
#include "base/place.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace odeon::json {

namespace bj = boost::json;
using bj::array;
using bj::object;
using bj::value;

// Where the values come from decides whether "12" is a number: in a query it is, in a body it is not.
enum class Source { body, text };

// The first of them: whoever sends more than that has seen enough, and may mean harm.
class Faults {
 public:
  static constexpr std::size_t most = 50;

  void add(std::string path, std::string code, std::string message) {
    if (!is_full()) list_.push_back({std::move(path), std::move(code), std::move(message)});
  }
  bool empty() const { return list_.empty(); }
  bool is_full() const { return list_.size() >= most; }
  const std::vector<FieldFault>& list() const { return list_; }
  // Throws Error{Fault::invalid, "VALIDATION_ERROR"} with them, if there are any.
  void raise() const;

 private:
  std::vector<FieldFault> list_;
};

// Parses a document: UTF-8, at most 32 levels deep. Throws Error{invalid} saying where it breaks. `storage` is what
// holds the values.
value parse(std::string_view text, bj::storage_ptr storage = {});

// The member of that name, or null. Quicker than `if_contains` where there are few, as nearly always.
const value* find(const object& in, std::string_view name);

constexpr std::string_view public_name(std::string_view name) {
  if (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

void append_quoted(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
concept DescribedEnum = boost::describe::has_describe_enumerators<T>::value;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_nullable = false;
template <class T>
inline constexpr bool is_nullable<Nullable<T>> = true;
template <class T>
inline constexpr bool is_text = false;
template <std::size_t A, std::size_t B>
inline constexpr bool is_text<Text<A, B>> = true;
template <class T>
inline constexpr bool is_int = false;
template <std::int64_t A, std::int64_t B>
inline constexpr bool is_int<Int<A, B>> = true;
template <class T>
inline constexpr bool is_clamped = false;
template <std::int64_t A, std::int64_t B>
inline constexpr bool is_clamped<Clamped<A, B>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T, std::size_t A, std::size_t B>
inline constexpr bool is_list<List<T, A, B>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

// Calls visit(json name, member pointer) for every described member.
template <Described T, class Visit>
void for_each_member(Visit&& visit) {
  boost::mp11::mp_for_each<members_of<T>>([&](auto member) { visit(public_name(member.name), member.pointer); });
}

template <DescribedEnum E>
std::string_view enum_name(E wanted) {
  std::string_view name = "?";
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto item) {
    if (item.value == wanted) name = public_name(item.name);
  });
  return name;
}

template <DescribedEnum E>
std::optional<E> enum_value(std::string_view name) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto item) {
    if (public_name(item.name) == name) found = item.value;
  });
  return found;
}

template <DescribedEnum E>
std::string enum_choices() {
  std::string out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto item) {
    if (!out.empty()) out += ", ";
    out += public_name(item.name);
  });
  return out;
}

// ---- writing -------------------------------------------------------------------------------------

// `,"name":` of a described member: its name is an identifier, in which nothing is to be escaped.
template <class Member>
inline constexpr auto kOpening = [] {
  constexpr std::string_view name = public_name(Member::name);
  std::array<char, name.size() + 4> text;
  text.fill('"');
  text.front() = ',';
  text.back() = ':';
  std::ranges::copy(name, text.begin() + 2);
  return text;
}();

template <class T>
void append(std::string& out, const T& item) {
  if constexpr (std::same_as<T, bool>) {
    out += item ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    append_number(out, static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(item));
  } else if constexpr (std::floating_point<T>) {
    std::array<char, 32> digits;  // a double has 24 at most
    if (std::isfinite(item))
      out.append(digits.data(), fmt::format_to(digits.data(), "{}", item));
    else
      out += "null";
  } else if constexpr (is_int<T> || is_clamped<T>) {
    append(out, item.value);
  } else if constexpr (std::same_as<T, value> || std::same_as<T, object> || std::same_as<T, array>) {
    out += bj::serialize(item);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    append_quoted(out, item);
  } else if constexpr (std::same_as<T, Instant>) {
    append_quoted(out, to_iso8601(item));
  } else if constexpr (is_optional<T> || is_nullable<T>) {
    if (item)
      append(out, *item);
    else
      out += "null";
  } else if constexpr (DescribedEnum<T>) {
    append_quoted(out, enum_name(item));
  } else if constexpr (is_vector<T> || is_list<T>) {
    out += '[';
    bool first = true;
    for (const auto& element : item) {
      if (!std::exchange(first, false)) out += ',';
      append(out, element);
    }
    out += ']';
  } else if constexpr (is_map<T>) {
    out += '{';
    bool first = true;
    for (const auto& [key, element] : item) {
      if (!std::exchange(first, false)) out += ',';
      append_quoted(out, key);
      out += ':';
      append(out, element);
    }
    out += '}';
  } else {
    static_assert(Described<T>, "describe this type with BOOST_DESCRIBE_STRUCT");
    out += '{';
    bool first = true;
    boost::mp11::mp_for_each<members_of<T>>([&](auto described) {
      const auto& member = item.*described.pointer;
      if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
        if (!member) return;
      }
      constexpr const auto& opening = kOpening<decltype(described)>;
      const std::size_t comma = std::exchange(first, false) ? 1 : 0;
      out.append(opening.data() + comma, opening.size() - comma);
      append(out, member);
    });
    out += '}';
  }
}

template <class T>
std::string write(const T& item) {
  std::string out;
  append(out, item);
  return out;
}

// ---- reading -------------------------------------------------------------------------------------

std::optional<std::int64_t> as_integer(const value& from, Source source);
std::optional<double> as_number(const value& from, Source source);
std::optional<bool> as_boolean(const value& from, Source source);

template <class T>
void read(T& item, const value& from, const Place& place, Source source, Faults& faults);

// A value and where it came from; no value when there is none.
struct Found {
  const value* at = nullptr;
  Source source = Source::body;
};

// Reads the members of a described struct, each from where `find(name)` says; a missing member is a
// fault unless it is an optional, a Clamped, a JSON value or may be empty (Text and List from 0).
template <Described T, class Find>
void read_members(T& item, Find&& find, const Place& place, Faults& faults) {
  for_each_member<T>([&](std::string_view name, auto pointer) {
    auto& member = item.*pointer;
    using Member = std::remove_reference_t<decltype(member)>;
    const Found found = find(name);
    if (found.at != nullptr && !(is_optional<Member> && found.at->is_null())) {
      read(member, *found.at, Place(place, name), found.source, faults);
      return;
    }
    bool required = !is_optional<Member> && !is_clamped<Member> && !std::same_as<Member, value>;
    if constexpr (is_text<Member> || is_list<Member>) required = Member::min > 0;
    if (required) faults.add(Place(place, name).text(), "required", "This field is required.");
  });
}

template <class T>
void read(T& item, const value& from, const Place& place, Source source, Faults& faults) {
  if constexpr (std::same_as<T, value>) {
    item = from;
  } else if constexpr (std::same_as<T, object>) {
    if (from.is_object())
      item = from.get_object();
    else
      faults.add(place.text(), "type", "This must be an object.");
  } else if constexpr (is_optional<T>) {
    item.reset();
    if (from.is_null()) return;
    item.emplace();
    read(*item, from, place, source, faults);
  } else if constexpr (std::same_as<T, bool>) {
    if (auto flag = as_boolean(from, source))
      item = *flag;
    else
      faults.add(place.text(), "type", "This must be true or false.");
  } else if constexpr (std::integral<T> || is_int<T> || is_clamped<T>) {
    auto number = as_integer(from, source);
    if (!number) {
      faults.add(place.text(), "type", "This must be a whole number.");
      return;
    }
    if constexpr (std::integral<T>) {
      if (!std::in_range<T>(*number))
        faults.add(place.text(), "range", "This number is out of range.");
      else
        item = static_cast<T>(*number);
    } else if constexpr (is_clamped<T>) {
      item = std::clamp(*number, T::min, T::max);
    } else {
      if (*number < T::min)
        faults.add(place.text(), "too_small", fmt::format("This must be at least {}.", T::min));
      else if (*number > T::max)
        faults.add(place.text(), "too_large", fmt::format("This must be at most {}.", T::max));
      else
        item = *number;
    }
  } else if constexpr (std::floating_point<T>) {
    if (auto number = as_number(from, source))
      item = static_cast<T>(*number);
    else
      faults.add(place.text(), "type", "This must be a number.");
  } else if constexpr (std::derived_from<T, std::string>) {
    if (!from.is_string()) {
      faults.add(place.text(), "type", "This must be text.");
      return;
    }
    const std::string_view text = from.get_string();
    if (!text::is_utf8(text)) {
      faults.add(place.text(), "utf8", "This must be valid UTF-8.");
      return;
    }
    if constexpr (is_text<T>) {
      const std::size_t length = text::length(text);
      if (length < T::min) {
        faults.add(place.text(), "too_short", fmt::format("This must have at least {} characters.", T::min));
        return;
      }
      if (length > T::max) {
        faults.add(place.text(), "too_long", fmt::format("This must have at most {} characters.", T::max));
        return;
      }
    }
    item = T(std::string(text));
  } else if constexpr (std::same_as<T, Instant>) {
    auto when = from.is_string() ? parse_iso8601(std::string_view(from.get_string())) : std::nullopt;
    if (when)
      item = *when;
    else
      faults.add(place.text(), "time", "This must be an ISO 8601 time such as 2026-11-20T07:30:00Z.");
  } else if constexpr (DescribedEnum<T>) {
    auto found = from.is_string() ? enum_value<T>(std::string_view(from.get_string())) : std::nullopt;
    if (found)
      item = *found;
    else
      faults.add(place.text(), "not_allowed", "This must be one of: " + enum_choices<T>() + ".");
  } else if constexpr (is_vector<T> || is_list<T>) {
    array single;
    const array* elements = from.if_array();
    if (elements == nullptr && source == Source::text && from.is_string()) {
      for (auto part : text::split(std::string_view(from.get_string()), ',')) single.emplace_back(text::trim(part));
      elements = &single;
    }
    if (elements == nullptr) {
      faults.add(place.text(), "type", "This must be a list.");
      return;
    }
    if constexpr (is_list<T>) {
      if (elements->size() < T::min)
        faults.add(place.text(), "too_few", fmt::format("This must have at least {} entries.", T::min));
      if (elements->size() > T::max) {
        faults.add(place.text(), "too_many", fmt::format("This must have at most {} entries.", T::max));
        return;
      }
    }
    item.clear();
    for (std::size_t i = 0; i < elements->size() && !faults.is_full(); ++i) {
      read(item.emplace_back(), (*elements)[i], Place(place, i), source, faults);
    }
  } else if constexpr (is_map<T>) {
    if (!from.is_object()) {
      faults.add(place.text(), "type", "This must be an object.");
      return;
    }
    for (const auto& [key, element] : from.get_object()) {
      if (faults.is_full()) return;
      read(item[std::string(key)], element, Place(place, key), source, faults);
    }
  } else {
    static_assert(Described<T>, "describe this type with BOOST_DESCRIBE_STRUCT");
    if (from.is_object()) {
      auto find = [&](std::string_view name) { return Found{json::find(from.get_object(), name), source}; };
      read_members(item, find, place, faults);
    } else {
      faults.add(place.text(), "type", "This must be an object.");
    }
  }
}

// Parses and reads in one; throws Error{invalid} with every fault.
template <class T>
T from(std::string_view document) {
  T item{};
  Faults faults;
  read(item, parse(document), "", Source::body, faults);
  faults.raise();
  return item;
}

}  // namespace odeon::json
