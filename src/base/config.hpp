// Configuration values: a TOML file overridden by environment variables. Every read names the TOML
// key ("server.port") and the variable ("ODEON_PORT"). Wrong values are collected, so that one start
// shows all of them, each with key, fault and line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odeon {

class Config {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string&)>;

  // The process environment, with `.env` of the working directory beneath it when `read_dotenv`.
  static Environment process_environment(bool read_dotenv);

  // An empty `toml` is an empty file. `file_name` is for messages. Throws Error for broken TOML.
  Config(std::string_view toml, std::string file_name, Environment environment);
  ~Config();

  std::string text(std::string_view key, const std::string& variable, std::string fallback);
  std::optional<std::string> optional_text(std::string_view key, const std::string& variable);
  std::int64_t integer(std::string_view key, const std::string& variable, std::int64_t fallback, std::int64_t min,
                       std::int64_t max);
  double number(std::string_view key, const std::string& variable, double fallback, double min, double max);
  bool flag(std::string_view key, const std::string& variable, bool fallback);
  // A TOML array of strings, or a comma-separated variable.
  std::vector<std::string> list(std::string_view key, const std::string& variable, std::vector<std::string> fallback);

  // Adds a fault that the caller found in a value read before ("must be an http or https address").
  void reject(std::string_view key, const std::string& variable, std::string fault);
  // Every fault so far, and every key of the file that nobody read (a typing error is not silent).
  std::vector<std::string> faults() const;

 private:
  struct File;
  std::unique_ptr<File> file_;
};

}  // namespace odeon
