#include "engine/billing/google_play_store.hpp"

namespace odeon::billing::google_play {

Task<bool> replace(Transaction& tx, std::string token, std::string replaced_by, Instant now) {
  const auto added = co_await tx.execute(
      "INSERT INTO billing_google_replaced (token, replaced_by, replaced_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (token) DO NOTHING",
      token, replaced_by, now);
  co_return added == 1;
}

Task<bool> is_replaced(Executor& executor, std::string token) {
  const auto found =
      co_await executor.find<std::string>("SELECT replaced_by FROM billing_google_replaced WHERE token = $1", token);
  co_return found.has_value();
}

Task<std::optional<std::string>> owner_of(Executor& executor, std::string token, std::string replaced) {
  return executor.find<std::string>(
      "SELECT user_id FROM billing_contracts WHERE provider = 'google_play' AND id IN ($1, $2) "
      "ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END LIMIT 1",
      token, replaced);
}

}  // namespace odeon::billing::google_play
