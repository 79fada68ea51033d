// Reads tables of a TOML document strictly, and collects what is wrong with it: file, line, path and why.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <toml.hpp>
#include <vector>

namespace odeon::ai {

class TomlReader {
 public:
  // Both throw Error{invalid, code}.
  static toml::value parsed(std::string_view document, const std::string& file_name, const std::string& code);
  void raise(const std::string& code) const;

  explicit TomlReader(std::string file_name) : file_(std::move(file_name)) {}

  void wrong(const toml::value& at, const std::string& path, std::string_view fault);
  // Any other key is a fault, and so is what is no table.
  void only(const toml::value& table, const std::string& path, std::span<const std::string_view> known);
  // A key that must be there. Not empty.
  std::string text(const toml::value& table, const std::string& path, const std::string& key);
  // Keys that may be missing.
  std::int64_t whole(const toml::value& table, const std::string& path, const std::string& key, std::int64_t most);
  bool flag(const toml::value& table, const std::string& path, const std::string& key, bool otherwise);
  // One text, or a list of them.
  std::vector<std::string> texts(const toml::value& table, const std::string& path, const std::string& key);
  // A decimal number or a text that is one, "0.075", in billionths: exactly what is written.
  std::optional<std::int64_t> billionths(const toml::value& table, const std::string& path, const std::string& key,
                                         std::int64_t most);

 private:
  std::string file_;
  std::vector<std::string> faults_;
};

}  // namespace odeon::ai
