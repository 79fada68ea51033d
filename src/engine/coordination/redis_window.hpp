// Sliding-window counters that nodes share, counted by a script at the server.
#pragma once

#include <optional>

#include "engine/coordination/coordination.hpp"
#include "engine/coordination/redis_wire.hpp"

namespace odeon::coordination::redis {

// One call of the script: as commands, and back from its reply.
class Counting {
 public:
  Counting(std::string_view prefix, std::string_view key, Limit limit, Instant now);

  std::string by_digest() const;  // answered by NOSCRIPT if the server does not know the script
  std::string by_text() const;
  std::string back() const;  // counts one less instead
  // Nothing if the reply is not the script's.
  std::optional<Verdict> verdict(const Reply& reply) const;

 private:
  std::string with(std::string_view verb, std::string_view script) const;

  Limit limit_;
  Instant now_;
  std::int64_t index_ = 0;  // of the window that `now_` is in
  std::string key_;
  std::vector<std::string> arguments_;
};

}  // namespace odeon::coordination::redis
