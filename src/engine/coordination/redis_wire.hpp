// What is said to Redis and what it says: RESP 2 (redis.io, "Redis serialization protocol").
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace odeon::coordination::redis {

struct Reply {
  enum class Kind { nil, text, integer, error, list };
  Kind kind = Kind::nil;
  std::string text;  // of an error too: its code, a space, and a sentence
  std::int64_t integer = 0;
  std::vector<Reply> list;

  bool is_text() const { return kind == Kind::text; }
  bool is_error() const { return kind == Kind::error; }
  bool is_error(std::string_view code) const;
  bool operator==(const Reply&) const = default;
};

// One command as it goes over the wire.
std::string command(std::initializer_list<std::string_view> parts);
std::string command(const std::vector<std::string>& parts);

// Replies from a stream in any slices.
class ReplyReader {
 public:
  ReplyReader();
  // The next complete reply, or nothing yet. Throws Error{upstream} for what is no reply, or for one beyond
  // 64 MiB or of more than 65 536 parts; after that it is of no use.
  std::optional<Reply> next();
  void feed(std::string_view bytes);

 private:
  std::shared_ptr<redisReader> reader_;
};

}  // namespace odeon::coordination::redis
