// How much of a meter an account has used, and the one act that cannot overshoot:
//
//   auto held = co_await quotas.reserve(*tx, {.user_id = u, .product = "briefings", .meter = "briefings",
//                                             .period = Period::day, .limit = plan.limit("briefings_per_day")});
//   if (!held) …                              // the limit is reached
//   co_await queue.enqueue(*tx, Make{id, *held});
//   co_await tx->commit();                    // held if, and only if, the work was asked for
//
// and then, in the transaction that ends the work, settle (it succeeded) or release (it did not).
#pragma once

#include <optional>
#include <string>

#include "engine/database/database.hpp"

namespace odeon::billing {

// Days and months begin at midnight UTC.
enum class Period { day, month, always };
Instant start_of(Period period, Instant when);
// When the next one begins; nothing for `always`.
std::optional<Instant> end_of(Period period, Instant when);

struct Hold {
  std::string user_id;
  std::string product;
  std::string meter;
  Period period = Period::day;
  std::int64_t limit = 0;   // −1: none
  std::int64_t amount = 1;  // > 0
};

struct Usage {
  std::int64_t used = 0;      // settled
  std::int64_t reserved = 0;  // by work under way
};
BOOST_DESCRIBE_STRUCT(Usage, (), (used, reserved))

class Quotas {
 public:
  Quotas(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // The reservation's id; nothing if it would exceed the limit. However many ask at once, on however many
  // nodes, used and reserved together never exceed it.
  Task<std::optional<std::string>> reserve(database::Transaction& transaction, Hold hold);
  // Counts what was reserved as used, or `amount` of it where less was. False if the reservation had ended
  // before or is unknown: then nothing changed.
  Task<bool> settle(database::Transaction& transaction, std::string reservation,
                    std::optional<std::int64_t> amount = {});
  // Gives it back. False as above.
  Task<bool> release(database::Transaction& transaction, std::string reservation);

  // Deletes reservations that were made before `before` and have ended. Returns how many.
  Task<std::int64_t> prune(Instant before);

  // Of the present period.
  Task<Usage> usage(std::string user_id, std::string product, std::string meter, Period period);

 private:
  Task<bool> end(database::Transaction& transaction, std::string reservation, std::string state,
                 std::optional<std::int64_t> used);

  database::Database& database_;
  const Clock& clock_;
};

}  // namespace odeon::billing
