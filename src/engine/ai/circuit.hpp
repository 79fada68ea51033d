// When to leave a model alone: a state machine over the instants that it is told. It opens after several
// failures in a row, or at once when the provider said how long to stay away; then it lets one probe
// through, and closes when that succeeds. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.hpp"

namespace odeon::ai {

struct CircuitRules {
  int failures = 5;                           // in a row, until it opens
  Micros rest = std::chrono::seconds(30);     // until the probe
  Micros longest = std::chrono::minutes(15);  // as much of a Retry-After is believed
};

class Circuit {
 public:
  enum class Admission { call, probe };

  explicit Circuit(CircuitRules rules = {}) : rules_(rules) {}

  // Nothing: leave the model alone. Every admitted call is ended by exactly one of the three below.
  std::optional<Admission> admit(Instant now);
  void succeeded(Admission admission);
  void failed(Admission admission, Instant now, std::optional<std::chrono::seconds> retry_after);
  // Cancelled: it says nothing about the model.
  void abandoned(Admission admission);

  bool closed() const { return !open_until_; }
  // Whether a call would be admitted.
  bool would_admit(Instant now) const { return closed() || (!probing_ && now >= *open_until_); }
  // When the next call may be admitted; `now` or earlier while closed.
  Instant next(Instant now) const;

 private:
  CircuitRules rules_;
  int failures_ = 0;
  std::optional<Instant> open_until_;
  bool probing_ = false;
};

}  // namespace odeon::ai
