// All SQL of meters: what is used of them, and what is held by work under way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::billing::store {

using database::Executor;
using database::Transaction;

// One period of a meter.
struct Count {
  std::string user_id;
  std::string product;
  std::string meter;
  Instant period_start;
};

struct Hold {
  std::string id;
  Count of;
  std::int64_t amount = 1;
  std::int64_t plan_limit = 0;  // −1: none
  bool overage = false;         // it may pass the limit
  Instant at;
  std::optional<Instant> expires_at;  // nothing: it lasts until it is ended
};

// What was used of a reservation that lasts.
struct Part {
  std::string id;
  Count of;
  std::int64_t used = 0;
  std::int64_t reserved = 0;  // so much of it is reserved no more
  Instant expires_at;         // anew
};

// What was held, and how the count stands without it.
struct Ended {
  std::string user_id;
  std::string product;
  std::string meter;
  Instant period_start;
  std::int64_t amount = 0;
  std::int64_t plan_limit = 0;
  bool overage = false;
  std::int64_t used = 0;  // of the period, now
};

struct Used {
  std::string meter;
  Instant period_start;
  std::int64_t used = 0;      // settled
  std::int64_t reserved = 0;  // by work under way
};
BOOST_DESCRIBE_STRUCT(Used, (), (meter, period_start, used, reserved))

// False, and nothing changed, if it would exceed the limit: one atomic statement, so no number of callers does. To a
// reservation that there is, it is added.
Task<bool> hold(Transaction& tx, Hold hold);
// Counts it, also where the reservation has ended before. Of who was forgotten, nothing.
Task<std::optional<Ended>> count(Transaction& tx, Part part);
// What it holds; nothing if it has ended or is unknown.
Task<std::optional<std::int64_t>> held(Executor& executor, std::string id);
// Reservations whose time is over.
Task<std::vector<std::string>> expired(Executor& executor, Instant now);
// Ends it with `used` of it (or more) used, by default what was held. Nothing if it has ended before or is unknown.
Task<std::optional<Ended>> end(Transaction& tx, std::string id, std::optional<std::int64_t> used);
// Not below zero.
Task<void> give_back(Transaction& tx, Count from, std::int64_t amount);
Task<std::optional<Used>> used(Executor& executor, Count of);
// Of all meters of a product in the periods that begin then.
Task<std::vector<Used>> used_since(Executor& executor, std::string user_id, std::string product, Instant day,
                                   Instant month, Instant cycle);

// False if somebody was told before, in this period and within a month.
Task<bool> note_warning(Transaction& tx, Count of, std::int64_t percent, Instant now);

Task<bool> has_overage(Executor& executor, std::string user_id, std::string product);
// False if it was so already.
Task<bool> turn_overage(Executor& executor, std::string user_id, std::string product, bool on, Instant now);

}  // namespace odeon::billing::store
