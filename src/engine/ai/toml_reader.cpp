#include "engine/ai/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kDecimals = 9;

// "12", "0.075": digits, and at most nine more behind a point.
std::optional<std::int64_t> decimal(std::string_view text, std::int64_t most) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view rest = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(whole) || (point != std::string_view::npos && !digits(rest)) || rest.size() > kDecimals) return {};
  std::string all(whole);
  all += rest;
  all.append(kDecimals - rest.size(), '0');
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(all.data(), all.data() + all.size(), number);
  if (fault != std::errc() || number > most) return {};
  return number;
}

// As it was written: the shortest text that means the same double, which for up to 15 digits is what stood there.
std::string written(double number) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed).ptr;
  return {buffer.data(), end};
}

}  // namespace

toml::value TomlReader::parsed(std::string_view document, const std::string& file_name, const std::string& code) {
  std::istringstream stream{std::string(document)};
  try {
    return toml::parse(stream, file_name);
  } catch (const toml::exception& fault) {
    throw Error(Fault::invalid, code, fmt::format("{}: {}", file_name, fault.what()));
  }
}

void TomlReader::raise(const std::string& code) const {
  if (!faults_.empty()) throw Error(Fault::invalid, code, text::join(faults_, "\n"));
}

void TomlReader::wrong(const toml::value& at, const std::string& path, std::string_view fault) {
  faults_.push_back(fmt::format("{}:{}: {}: {}", file_, at.location().line(), path, fault));
}

void TomlReader::only(const toml::value& table, const std::string& path, std::span<const std::string_view> known) {
  if (!table.is_table()) return wrong(table, path, "must be a table");
  for (const auto& [key, value] : table.as_table())
    if (std::ranges::find(known, key) == known.end()) wrong(value, path + "." + key, "no such setting");
}

std::string TomlReader::text(const toml::value& table, const std::string& path, const std::string& key) {
  if (table.is_table() && table.contains(key) && table.at(key).is_string() && !table.at(key).as_string().str.empty())
    return table.at(key).as_string().str;
  wrong(table, path, key + " must be a text");
  return {};
}

std::int64_t TomlReader::whole(const toml::value& table, const std::string& path, const std::string& key,
                               std::int64_t most) {
  if (!table.is_table() || !table.contains(key)) return 0;
  const toml::value& value = table.at(key);
  if (value.is_integer() && value.as_integer() > 0 && value.as_integer() <= most) return value.as_integer();
  wrong(value, path + "." + key, fmt::format("must be a whole number from 1 to {}", most));
  return 0;
}

bool TomlReader::flag(const toml::value& table, const std::string& path, const std::string& key, bool otherwise) {
  if (!table.is_table() || !table.contains(key)) return otherwise;
  if (table.at(key).is_boolean()) return table.at(key).as_boolean();
  wrong(table.at(key), path + "." + key, "must be true or false");
  return otherwise;
}

std::vector<std::string> TomlReader::texts(const toml::value& table, const std::string& path, const std::string& key) {
  std::vector<std::string> all;
  if (!table.is_table() || !table.contains(key)) return all;
  const toml::value& values = table.at(key);
  const auto take = [&](const toml::value& value) {
    if (value.is_string() && !value.as_string().str.empty())
      all.push_back(value.as_string().str);
    else
      wrong(value, path + "." + key, "must be a list of texts");
  };
  if (values.is_array())
    for (const auto& value : values.as_array()) take(value);
  else
    take(values);
  return all;
}

std::optional<std::int64_t> TomlReader::billionths(const toml::value& table, const std::string& path,
                                                   const std::string& key, std::int64_t most) {
  if (!table.is_table() || !table.contains(key)) return {};
  const toml::value& value = table.at(key);
  std::optional<std::int64_t> number;
  if (value.is_string()) number = decimal(value.as_string().str, most);
  if (value.is_integer()) number = decimal(std::to_string(value.as_integer()), most);
  if (value.is_floating()) number = decimal(written(value.as_floating()), most);
  if (!number)
    wrong(value, path + "." + key,
          fmt::format("must be a number from 0 to {} with at most nine decimals", most / 1'000'000'000));
  return number;
}

}  // namespace odeon::ai
