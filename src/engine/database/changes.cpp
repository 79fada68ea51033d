#include "engine/database/changes.hpp"

#include "engine/database/database.hpp"

namespace odeon::database {
namespace {

struct Turn {
  std::int64_t place = 0;
  std::int64_t turn = 0;
};
BOOST_DESCRIBE_STRUCT(Turn, (), (place, turn))

}  // namespace

// FNV-1a: the same on every node, whatever built it.
std::size_t Changes::place_of(std::string_view id) {
  std::uint32_t hash = 2166136261;
  for (const char byte : id) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619;
  return hash % kPlaces;
}

Task<void> Changes::tell(Transaction& tx, std::string_view id) {
  co_await tx.execute(
      "INSERT INTO odeon_changes (place, turn) VALUES ($1, 1) ON CONFLICT (place) DO UPDATE "
      "SET turn = odeon_changes.turn + 1",
      static_cast<std::int64_t>(place_of(id)));
}

bool Changes::hold(Instant read, std::string_view id, Instant now) const {
  if (now < read) return false;  // the clock was set back
  if (now - read < max_lag) return true;
  return now < known_until_.load(std::memory_order_acquire) && read > began_.load(std::memory_order_relaxed) &&
         read > told_[place_of(id)].load(std::memory_order_relaxed);
}

// What is told between two looks ends what was read until the second has its answer: whoever read meanwhile may have
// read before it.
Task<void> Changes::look(Database& database, const Clock& clock) {
  const Instant asked = clock.now();
  const auto turns = co_await database.query<Turn>("SELECT place, turn FROM odeon_changes");
  const Instant answered = clock.now();
  for (const auto& [place, turn] : turns) {
    const auto at = static_cast<std::size_t>(place) % kPlaces;
    if (turn != std::exchange(turns_[at], turn)) told_[at].store(answered, std::memory_order_relaxed);
  }
  if (began_.load(std::memory_order_relaxed) == Instant::max()) began_.store(answered, std::memory_order_relaxed);
  known_until_.store(asked + max_lag, std::memory_order_release);
}

void Changes::start(asio::any_io_executor loop, Database& database, const Clock& clock, Log& log) {
  watching_.emplace([&log](const std::string&, std::exception_ptr failure) {
    log.error("database.changes_stopped", {{"detail", describe(failure)}});
  });
  watching_->spawn(std::move(loop), "database.changes", watch(database, clock, log));
}

Task<void> Changes::stop() {
  if (watching_) co_await watching_->stop();
}

Task<void> Changes::watch(Database& database, const Clock& clock, Log& log) {
  for (bool answered = true;; co_await sleep_on_loop(looked_every)) {
    const auto looked = co_await settle(look(database, clock));
    if (!looked && is_cancellation(looked.error())) std::rethrow_exception(looked.error());
    if (!looked && answered) log.warning("database.changes_unknown", {{"detail", describe(looked.error())}});
    answered = looked.has_value();
  }
}

}  // namespace odeon::database
