#include "engine/database/migrations.hpp"

#include <set>

#include "base/crypto.hpp"

namespace odeon::database {
namespace {

struct Applied {
  std::string module;
  std::int64_t number = 0;
  std::string checksum;
};
BOOST_DESCRIBE_STRUCT(Applied, (), (module, number, checksum))

using Known = std::map<std::pair<std::string, std::int64_t>, std::string>;

void check_numbers(const std::vector<Migration>& migrations) {
  std::map<std::string, int> last;
  for (const auto& step : migrations) {
    if (step.number != ++last[step.module])
      throw std::logic_error(fmt::format("migration {} {} is out of order", step.module, step.number));
  }
}

Error refused(std::string_view module, std::int64_t number, std::string_view why) {
  return Error(Fault::internal, "MIGRATION", "The database does not fit this version of Odeon.")
      .with_detail(fmt::format("migration {} {} {}", module, number, why));
}

std::string checksum(const Migration& step) {
  return crypto::sha256_hex(step.sql);
}

Task<Known> applied(Executor& executor) {
  Known known;
  auto rows = co_await executor.query<Applied>("SELECT module, number, checksum FROM odeon_migrations");
  for (auto& row : rows) known[{row.module, row.number}] = std::move(row.checksum);
  co_return known;
}

void check_applied(const Known& known, const std::vector<Migration>& migrations) {
  std::set<std::string> modules;
  std::map<std::pair<std::string, std::int64_t>, std::string> ours;
  for (const auto& step : migrations) {
    modules.insert(step.module);
    ours[{step.module, step.number}] = checksum(step);
  }
  for (const auto& [key, sum] : known) {
    if (!modules.contains(key.first)) continue;
    const auto found = ours.find(key);
    if (found == ours.end()) throw refused(key.first, key.second, "is of a newer version");
    if (found->second != sum) throw refused(key.first, key.second, "was edited after it ran");
  }
}

// PostgreSQL's IF NOT EXISTS fails where two look at once.
Task<void> make_tables(Database& database) {
  auto transaction = co_await database.begin(Isolation::statement);
  if (database.engine() == Engine::postgresql)
    co_await transaction->execute("SELECT pg_advisory_xact_lock(7090371642186375009)");
  co_await transaction->execute(
      "CREATE TABLE IF NOT EXISTS odeon_migrations (module TEXT NOT NULL, number BIGINT NOT NULL, "
      "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (module, number))");
  co_await transaction->execute(
      "CREATE TABLE IF NOT EXISTS odeon_migrations_lock (id BIGINT PRIMARY KEY, turn BIGINT NOT NULL)");
  co_await transaction->execute(
      "CREATE TABLE IF NOT EXISTS odeon_changes (place BIGINT PRIMARY KEY, turn BIGINT NOT NULL)");
  co_await transaction->execute("INSERT INTO odeon_migrations_lock (id, turn) VALUES (1, 0) ON CONFLICT DO NOTHING");
  co_await transaction->commit();
}

// False if another process has run it meanwhile.
Task<bool> apply(Database& database, Migration step, Instant now) {
  auto transaction = co_await database.begin(Isolation::statement);
  // Whoever updates the row first makes others wait until this transaction ends.
  co_await transaction->execute("UPDATE odeon_migrations_lock SET turn = turn + 1 WHERE id = 1");
  const auto known = co_await applied(*transaction);
  if (known.contains({step.module, step.number})) co_return false;
  co_await transaction->script(step.sql);
  co_await transaction->execute(
      "INSERT INTO odeon_migrations (module, number, checksum, applied_at) VALUES ($1, $2, $3, $4)", step.module,
      step.number, checksum(step), now);
  co_await transaction->commit();
  co_return true;
}

}  // namespace

Task<int> migrate(Database& database, std::vector<Migration> migrations, const Clock& clock) {
  check_numbers(migrations);
  co_await make_tables(database);
  const auto known = co_await applied(database);
  check_applied(known, migrations);
  int ran = 0;
  for (const auto& step : migrations) {
    if (known.contains({step.module, step.number})) continue;
    if (co_await apply(database, step, clock.now())) ++ran;
  }
  co_return ran;
}

}  // namespace odeon::database
