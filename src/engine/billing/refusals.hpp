// That a limit is reached, remembered on this node for a moment: who keeps trying is refused without asking the
// database. It only ever says no; whether there is room is for the database to say.
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "base/time.hpp"

namespace odeon::billing {

// Why something was not reserved. In what the meter counts.
struct Refusal {
  std::string plan;
  std::string meter;
  std::int64_t limit = 0;
  std::int64_t used = 0;  // held by work under way included
  std::optional<Instant> resets_at;
  std::string upgrade_url;

  // As a product tells it: 403 with its own code, unless it says otherwise.
  Error error(std::string code, std::string message, Fault fault = Fault::forbidden) const {
    return Error(fault, std::move(code), std::move(message)).with_upgrade_url(upgrade_url);
  }
};

// Thread-safe.
class Refusals {
 public:
  // How long what happens at other nodes may go unnoticed.
  static constexpr std::chrono::seconds remembered{1};
  static constexpr std::size_t most = 65'536;  // of meters of people; more forget the others

  static std::string key(std::string_view user_id, std::string_view product, std::string_view meter);

  // Nothing where `amount` more may fit.
  std::optional<Refusal> find(const std::string& key, std::int64_t amount, Instant now) const;
  // To be had before the database is asked: what is forgotten from then on is not remembered by `keep`.
  std::uint64_t moment(const std::string& key) const;
  void keep(const std::string& key, Refusal refusal, std::uint64_t moment, Instant now);
  void forget(const std::string& key);

 private:
  struct Known {
    Refusal refusal;
    Instant from, until;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Known> known;
    std::uint64_t moment = 0;  // grows with everything forgotten
  };
  const Shard& of(const std::string& key) const { return shards_[std::hash<std::string>{}(key) % shards_.size()]; }
  Shard& of(const std::string& key) { return shards_[std::hash<std::string>{}(key) % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

}  // namespace odeon::billing
