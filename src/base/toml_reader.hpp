// Reads tables of a TOML document strictly, and collects what is wrong with it: file, line, path and why.
#pragma once

// Compiled once, in toml_reader.cpp. What version 3.3 asserts of a document it also checks; but "[[[" breaks an
// assertion, and where there are none it lets the compiler assume them.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odeon {

// Throws Error{invalid, code}.
toml::table parse_toml(std::string_view document, const std::string& file_name, std::string code);
// Of the file, from 1.
unsigned line_of(const toml::node& node);

class TomlReader {
 public:
  // Throws Error{invalid, code} for what is no TOML.
  TomlReader(std::string_view document, std::string file_name, std::string code);
  // Throws Error{invalid, code} if anything was wrong, with a line for each.
  void raise() const;

  const toml::table& root() const { return root_; }

  void wrong(const toml::node& at, const std::string& path, std::string_view fault);
  // Nothing if there is no such key, or no table.
  static const toml::node* find(const toml::node& table, std::string_view key);
  // Any other key is a fault, and so is what is no table.
  void only(const toml::node& table, const std::string& path, std::initializer_list<std::string_view> known);

  // A key that must be there. Not empty.
  std::string text(const toml::node& table, const std::string& path, std::string_view key);
  // Keys that may be missing: nothing, then, or zero, or false.
  std::int64_t whole(const toml::node& table, const std::string& path, std::string_view key, std::int64_t least,
                     std::int64_t most);
  bool flag(const toml::node& table, const std::string& path, std::string_view key, bool otherwise = false);
  // One text, or a list of them. None is empty.
  std::vector<std::string> texts(const toml::node& table, const std::string& path, std::string_view key);
  // A decimal number or a text that is one, "0.075", in billionths: exactly what is written.
  std::optional<std::int64_t> billionths(const toml::node& table, const std::string& path, std::string_view key,
                                         std::int64_t most);
  // Each table in the table `key`, with its name and path.
  using Named = std::function<void(const toml::table& inner, const std::string& name, const std::string& path)>;
  void each(const toml::node& table, const std::string& path, std::string_view key, const Named& with);

  std::int64_t number(const toml::node& value, const std::string& path, std::int64_t least, std::int64_t most);

 private:
  std::string file_, code_;
  toml::table root_;
  std::vector<std::string> faults_;
};

}  // namespace odeon
