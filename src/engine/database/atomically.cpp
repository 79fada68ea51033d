#include "engine/database/atomically.hpp"

namespace odeon::database::detail {

Task<void> run_whole(Database& database, Isolation isolation, WholeTransactions::Body body, Durability durability) {
  if (auto* driver = dynamic_cast<WholeTransactions*>(&database))
    co_return co_await driver->run_whole(std::move(body), durability);
  const auto tx = co_await database.begin(isolation);
  if (durability == Durability::soon) co_await tx->execute("SET LOCAL synchronous_commit TO OFF");
  if (co_await body(*tx)) co_await tx->commit();
}

}  // namespace odeon::database::detail
