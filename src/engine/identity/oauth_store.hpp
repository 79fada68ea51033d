// SQL of sign-ins by others.
#pragma once

#include "base/json.hpp"
#include "engine/database/database.hpp"

namespace odeon::identity::store {

// What is remembered of someone who was sent to a provider.
struct OAuthState {
  std::string redirect_uri;
  std::string verifier;
  std::string nonce;
  std::string return_to;
};
BOOST_DESCRIBE_STRUCT(OAuthState, (), (redirect_uri, verifier, nonce, return_to))

// By what they are known when they come back.
struct OAuthStateKey {
  std::string state_hash;
  std::string binding_hash;
  std::string provider;
  std::string product;
};

Task<void> keep_state(database::Executor& executor, OAuthStateKey key, OAuthState state, Instant expires_at);
// Once; nothing if any part of the key is another. Whoever has only the state cannot use it up.
Task<std::optional<OAuthState>> use_state(database::Executor& executor, OAuthStateKey key, Instant now);
Task<std::int64_t> prune_states(database::Executor& executor, Instant now);

}  // namespace odeon::identity::store
