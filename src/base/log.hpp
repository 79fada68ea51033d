// Structured logs: one JSON object a line, to standard error, written by a thread of its own within a few
// milliseconds. When standard error is not read, lines are left out, and later a line says how many.
// Never logged: secrets, tokens, mail addresses, prompts, request bodies.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace odeon {

class Log {
 public:
  enum class Level { debug, info, warning, error, off };
  struct Field {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double, bool> value;
    Field(std::string_view k, std::string_view v) : key(k), value(v) {}
    Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, bool v) : key(k), value(v) {}
    Field(std::string_view k, double v) : key(k), value(v) {}
    template <class T>
      requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
    Field(std::string_view k, T v) : key(k), value(static_cast<std::int64_t>(v)) {}
  };
  using Fields = std::initializer_list<Field>;

  explicit Log(Level level = Level::info);
  ~Log();  // writes out what is queued

  // Thread-safe, never blocks on the output. `event` is a short stable name: "job.failed".
  void write(Level level, std::string_view event, Fields fields = {});
  void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }
  bool wants(Level level) const { return level >= level_; }

 private:
  class Sink;
  Level level_;
  std::unique_ptr<Sink> sink_;
};

}  // namespace odeon
