#define TOML_IMPLEMENTATION
#include "base/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon {
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

toml::table parse_toml(std::string_view document, const std::string& file_name, std::string code) {
  try {
    return toml::parse(document, file_name);
  } catch (const toml::parse_error& fault) {
    throw Error(Fault::invalid, std::move(code),
                fmt::format("{}:{}: {}", file_name, fault.source().begin.line, fault.description()));
  }
}

unsigned line_of(const toml::node& node) {
  return std::max(node.source().begin.line, 1U);
}

TomlReader::TomlReader(std::string_view document, std::string file_name, std::string code)
    : file_(std::move(file_name)), code_(std::move(code)), root_(parse_toml(document, file_, code_)) {}

void TomlReader::raise() const {
  if (!faults_.empty()) throw Error(Fault::invalid, code_, text::join(faults_, "\n"));
}

void TomlReader::wrong(const toml::node& at, const std::string& path, std::string_view fault) {
  faults_.push_back(fmt::format("{}:{}: {}: {}", file_, line_of(at), path, fault));
}

const toml::node* TomlReader::find(const toml::node& table, std::string_view key) {
  return table.is_table() ? table.as_table()->get(key) : nullptr;
}

void TomlReader::only(const toml::node& table, const std::string& path, std::initializer_list<std::string_view> known) {
  if (!table.is_table()) return wrong(table, path, "must be a table");
  for (const auto& [key, value] : *table.as_table())
    if (std::ranges::find(known, key.str()) == known.end())
      wrong(value, fmt::format("{}.{}", path, key.str()), "no such setting");
}

std::string TomlReader::text(const toml::node& table, const std::string& path, std::string_view key) {
  if (const auto* value = find(table, key); value && value->is_string() && !value->as_string()->get().empty())
    return value->as_string()->get();
  wrong(table, path, fmt::format("{} must be a text", key));
  return {};
}

std::int64_t TomlReader::whole(const toml::node& table, const std::string& path, std::string_view key,
                               std::int64_t least, std::int64_t most) {
  const auto* value = find(table, key);
  return value == nullptr ? 0 : number(*value, fmt::format("{}.{}", path, key), least, most);
}

std::int64_t TomlReader::number(const toml::node& value, const std::string& path, std::int64_t least,
                                std::int64_t most) {
  if (const auto* whole = value.as_integer(); whole && whole->get() >= least && whole->get() <= most)
    return whole->get();
  wrong(value, path, fmt::format("must be a whole number from {} to {}", least, most));
  return 0;
}

bool TomlReader::flag(const toml::node& table, const std::string& path, std::string_view key, bool otherwise) {
  const auto* value = find(table, key);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->as_boolean()->get();
  wrong(*value, fmt::format("{}.{}", path, key), "must be true or false");
  return otherwise;
}

std::vector<std::string> TomlReader::texts(const toml::node& table, const std::string& path, std::string_view key) {
  std::vector<std::string> all;
  const auto* values = find(table, key);
  if (values == nullptr) return all;
  const auto take = [&](const toml::node& value) {
    if (value.is_string() && !value.as_string()->get().empty())
      all.push_back(value.as_string()->get());
    else
      wrong(value, fmt::format("{}.{}", path, key), "must be a list of texts");
  };
  if (values->is_array())
    for (const auto& value : *values->as_array()) take(value);
  else
    take(*values);
  return all;
}

std::optional<std::int64_t> TomlReader::billionths(const toml::node& table, const std::string& path,
                                                   std::string_view key, std::int64_t most) {
  const auto* value = find(table, key);
  if (value == nullptr) return {};
  std::optional<std::int64_t> number;
  if (value->is_string()) number = decimal(value->as_string()->get(), most);
  if (value->is_integer()) number = decimal(std::to_string(value->as_integer()->get()), most);
  if (value->is_floating_point()) number = decimal(written(value->as_floating_point()->get()), most);
  if (!number)
    wrong(*value, fmt::format("{}.{}", path, key),
          fmt::format("must be a number from 0 to {} with at most nine decimals", most / 1'000'000'000));
  return number;
}

void TomlReader::each(const toml::node& table, const std::string& path, std::string_view key, const Named& with) {
  const auto* tables = find(table, key);
  if (tables == nullptr) return;
  if (!tables->is_table()) return wrong(*tables, fmt::format("{}.{}", path, key), "must be a table");
  for (const auto& [name, inner] : *tables->as_table()) {
    const std::string at = fmt::format("{}.{}.{}", path, key, name.str());
    if (inner.is_table())
      with(*inner.as_table(), std::string(name.str()), at);
    else
      wrong(inner, at, "must be a table");
  }
}

}  // namespace odeon
