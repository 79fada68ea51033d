// Whom credentials stand for, remembered for less than a second, so that a busy caller costs the database
// one look a second and a revocation is felt within that time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "engine/coordination/recent_table.hpp"

namespace odeon::identity {

struct Person {
  std::string account_id;
  std::string mail;     // empty if they have none
  std::string product;  // that the credentials were made for
  std::vector<std::string> scopes;
};

class Liveness {
 public:
  static constexpr Micros max_age = std::chrono::milliseconds(900);

  // What `look` found less than `max_age` before `now`, else what it finds. Nobody is not remembered.
  Task<std::optional<Person>> person(std::string key, Instant now, std::function<Task<std::optional<Person>>()> look) {
    if (auto seen = table_.find(key); seen && now - seen->at < max_age && now >= seen->at)
      co_return std::move(seen->person);
    auto person = co_await look();
    if (person)
      table_.put(std::move(key), {*person, now});
    else
      table_.forget(key);
    co_return person;
  }
  void forget(std::string_view key) { table_.forget(key); }

 private:
  struct Seen {
    Person person;
    Instant at;
  };
  coordination::RecentTable<Seen> table_{16 * 1024};
};

}  // namespace odeon::identity
