// How long what was read may be remembered, on any number of nodes.
//
//   co_await Changes::tell(tx, account_id);                            // in the transaction that changes it
//   if (seen && database.changes().hold(seen->read, account_id, now))  // what was remembered of it
//
// Without more, what was read holds for less than `max_lag`. While a node watches, it asks several times in that time
// what was told, in one query however much is remembered; what was read before, and is of nobody that was told of,
// goes on to hold. Ids share their places, so that one that is told of may end others.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string_view>

#include "base/log.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace odeon::database {

class Database;
class Transaction;

// Thread-safe.
class Changes {
 public:
  static constexpr Micros max_lag = std::chrono::milliseconds(900);
  static constexpr Micros looked_every = std::chrono::milliseconds(300);

  // Others that tell of ids with the same place wait for the end of `tx`; one that sees a snapshot may be refused by
  // them.
  static Task<void> tell(Transaction& tx, std::string_view id);

  // Whether what a look that began at `read` found of `id` is what one would have found at some time less than
  // `max_lag` before `now`.
  bool hold(Instant read, std::string_view id, Instant now) const;

  // Looks what was told, every `looked_every`, until `stop`. Where the database does not answer, what was read holds no
  // longer than without it. All that is given outlives it; `clock` is that of who reads.
  void start(asio::any_io_executor loop, Database& database, const Clock& clock, Log& log);
  Task<void> stop();
  // Once; not while it is started.
  Task<void> look(Database& database, const Clock& clock);

 private:
  static constexpr std::size_t kPlaces = 256;
  static std::size_t place_of(std::string_view id);
  Task<void> watch(Database& database, const Clock& clock, Log& log);

  std::array<std::int64_t, kPlaces> turns_{};         // as the last look found them; its own
  std::array<std::atomic<Instant>, kPlaces> told_{};  // of what was read until then, some may not hold
  std::atomic<Instant> known_until_{Instant::min()};
  std::atomic<Instant> began_{Instant::max()};  // no look can tell of what was read before
  std::optional<TaskGroup> watching_;
};

}  // namespace odeon::database
