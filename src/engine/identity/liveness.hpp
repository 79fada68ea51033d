// Whom credentials stand for, remembered so that a revocation is felt within a second: for that long, and longer where
// the node knows that nothing has changed since (database/changes.hpp).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "engine/coordination/recent_table.hpp"
#include "engine/database/database.hpp"

namespace odeon::identity {

struct Person {
  std::string account_id;
  std::string mail;     // empty if they have none
  std::string product;  // that the credentials were made for
  std::vector<std::string> scopes;
  std::optional<Instant> until;  // when the credentials end by themselves
};

// Thread-safe.
class Liveness {
 public:
  // After it one looks again whatever is known: what is noted at a look is right to the minute.
  static constexpr Micros max_age = std::chrono::minutes(1);

  explicit Liveness(database::Database& database) : changes_(database.changes()) {}

  // Null where nothing that still holds is remembered.
  std::shared_ptr<const Person> recall(std::string_view key, Instant now) {
    const auto seen = table_.find(key);
    if (!seen || now - seen->at >= max_age || !changes_.hold(seen->at, seen->person->account_id, now)) return nullptr;
    if (seen->person->until && now >= *seen->person->until) return nullptr;
    return seen->person;
  }

  // What a look that began at `at` has found. Nobody is not remembered.
  std::shared_ptr<const Person> remember(std::string key, Instant at, std::optional<Person> found) {
    if (!found) {
      table_.forget(key);
      return nullptr;
    }
    auto person = std::make_shared<const Person>(std::move(*found));
    table_.put(std::move(key), {person, at});
    return person;
  }
  void forget(std::string_view key) { table_.forget(key); }

 private:
  struct Seen {
    std::shared_ptr<const Person> person;
    Instant at;
  };
  const database::Changes& changes_;
  coordination::RecentTable<Seen> table_{16 * 1024};
};

}  // namespace odeon::identity
