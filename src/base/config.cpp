#include "base/config.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/toml_reader.hpp"

namespace odeon {

struct Config::File {
  toml::table root;
  std::string name;
  Environment environment;
  std::set<std::string> read;
  std::vector<std::string> faults;

  const toml::node* find(std::string_view key) {
    read.insert(std::string(key));
    const toml::node* at = &root;
    for (auto part : text::split(key, '.'))
      if (at = TomlReader::find(*at, part); at == nullptr) break;
    return at;
  }

  std::optional<std::string> variable(const std::string& variable_name) {
    auto value = variable_name.empty() ? std::nullopt : environment(variable_name);
    return value && value->empty() ? std::nullopt : value;
  }

  void wrong(std::string_view key, const toml::node& value, std::string_view fault) {
    faults.push_back(fmt::format("{}:{}: {}: {}", name, line_of(value), key, fault));
  }

  void unread(const toml::table& at, const std::string& path, std::vector<std::string>& out) const {
    for (const auto& [key, value] : at) {
      const std::string full = path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str());
      if (read.contains(full)) continue;
      if (value.is_table())
        unread(*value.as_table(), full, out);
      else
        out.push_back(fmt::format("{}:{}: {}: no such setting", name, line_of(value), full));
    }
  }
};

Config::Environment Config::process_environment(bool read_dotenv) {
  std::map<std::string, std::string> file;
  if (read_dotenv) {
    std::ifstream dotenv(".env");
    for (std::string line; std::getline(dotenv, line);) {
      const auto trimmed = text::trim(line);
      const auto equals = trimmed.find('=');
      if (trimmed.empty() || trimmed.front() == '#' || equals == std::string_view::npos) continue;
      auto value = text::trim(trimmed.substr(equals + 1));
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        value = value.substr(1, value.size() - 2);
      file[std::string(text::trim(trimmed.substr(0, equals)))] = std::string(value);
    }
  }
  return [file = std::move(file)](const std::string& name) -> std::optional<std::string> {
    if (const char* value = std::getenv(name.c_str())) return value;
    if (auto found = file.find(name); found != file.end()) return found->second;
    return std::nullopt;
  };
}

Config::Config(std::string_view toml_text, std::string file_name, Environment environment)
    : file_(std::make_unique<File>()) {
  file_->root = parse_toml(toml_text, file_name, "CONFIG");
  file_->name = std::move(file_name);
  file_->environment = std::move(environment);
}

Config::~Config() = default;

std::optional<std::string> Config::optional_text(std::string_view key, const std::string& variable) {
  const toml::node* value = file_->find(key);
  if (auto set = file_->variable(variable)) return set;
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->as_string()->get();
  file_->wrong(key, *value, "must be text in quotes");
  return std::nullopt;
}

std::string Config::text(std::string_view key, const std::string& variable, std::string fallback) {
  return optional_text(key, variable).value_or(std::move(fallback));
}

std::int64_t Config::integer(std::string_view key, const std::string& variable, std::int64_t fallback, std::int64_t min,
                             std::int64_t max) {
  const toml::node* value = file_->find(key);
  std::int64_t number = fallback;
  if (auto set = file_->variable(variable)) {
    const auto [end, fault] = std::from_chars(set->data(), set->data() + set->size(), number);
    if (fault != std::errc() || end != set->data() + set->size() || number < min || number > max) {
      reject(key, variable, fmt::format("must be a whole number from {} to {}", min, max));
      return fallback;
    }
  } else if (value != nullptr) {
    const auto* whole = value->as_integer();
    if (!whole || whole->get() < min || whole->get() > max) {
      file_->wrong(key, *value, fmt::format("must be a whole number from {} to {}", min, max));
      return fallback;
    }
    number = whole->get();
  }
  return number;
}

double Config::number(std::string_view key, const std::string& variable, double fallback, double min, double max) {
  const toml::node* value = file_->find(key);
  double number = fallback;
  bool fine = true;
  if (auto set = file_->variable(variable)) {
    const auto [end, fault] = std::from_chars(set->data(), set->data() + set->size(), number);
    fine = fault == std::errc() && end == set->data() + set->size();
  } else if (value != nullptr && value->is_integer()) {
    number = static_cast<double>(value->as_integer()->get());
  } else if (value != nullptr) {
    fine = value->is_floating_point();
    if (fine) number = value->as_floating_point()->get();
  }
  if (fine && number >= min && number <= max) return number;
  reject(key, variable, fmt::format("must be a number from {} to {}", min, max));
  return fallback;
}

bool Config::flag(std::string_view key, const std::string& variable, bool fallback) {
  const toml::node* value = file_->find(key);
  if (auto set = file_->variable(variable)) {
    if (*set == "true" || *set == "1") return true;
    if (*set == "false" || *set == "0") return false;
    reject(key, variable, "must be true or false");
  } else if (value != nullptr) {
    if (value->is_boolean()) return value->as_boolean()->get();
    file_->wrong(key, *value, "must be true or false");
  }
  return fallback;
}

std::vector<std::string> Config::list(std::string_view key, const std::string& variable,
                                      std::vector<std::string> fallback) {
  const toml::node* value = file_->find(key);
  std::vector<std::string> out;
  if (auto set = file_->variable(variable)) {
    for (auto part : text::split(*set, ','))
      if (auto item = text::trim(part); !item.empty()) out.emplace_back(item);
    return out;
  }
  if (value == nullptr) return fallback;
  if (!value->is_array()) {
    file_->wrong(key, *value, "must be a list of texts in quotes");
    return fallback;
  }
  for (const auto& item : *value->as_array()) {
    if (item.is_string())
      out.push_back(item.as_string()->get());
    else
      file_->wrong(key, item, "must be text in quotes");
  }
  return out;
}

void Config::reject(std::string_view key, const std::string& variable, std::string fault) {
  const toml::node* value = file_->find(key);
  if (file_->variable(variable))
    file_->faults.push_back(fmt::format("{} (environment): {}", variable, fault));
  else if (value != nullptr)
    file_->wrong(key, *value, fault);
  else
    file_->faults.push_back(fmt::format("{}: {}", key, fault));
}

std::vector<std::string> Config::faults() const {
  auto out = file_->faults;
  file_->unread(file_->root, "", out);
  return out;
}

}  // namespace odeon
