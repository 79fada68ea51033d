#include "engine/identity/oauth_store.hpp"

namespace odeon::identity::store {

Task<void> keep_state(database::Executor& executor, OAuthStateKey key, OAuthState state, Instant expires_at) {
  co_await executor.execute(
      "INSERT INTO identity_oauth_states (state_hash, binding_hash, provider, product, redirect_uri, verifier, nonce, "
      "return_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      key.state_hash, key.binding_hash, key.provider, key.product, state.redirect_uri, state.verifier, state.nonce,
      state.return_to, expires_at);
}

Task<std::optional<OAuthState>> use_state(database::Executor& executor, OAuthStateKey key, Instant now) {
  return executor.find<OAuthState>(
      "DELETE FROM identity_oauth_states WHERE state_hash = $1 AND binding_hash = $2 AND provider = $3 AND "
      "product = $4 AND expires_at > $5 RETURNING redirect_uri, verifier, nonce, return_to",
      key.state_hash, key.binding_hash, key.provider, key.product, now);
}

Task<std::int64_t> prune_states(database::Executor& executor, Instant now) {
  return executor.execute("DELETE FROM identity_oauth_states WHERE expires_at <= $1", now);
}

}  // namespace odeon::identity::store
