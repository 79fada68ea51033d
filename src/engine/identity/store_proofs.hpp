// SQL of proofs.
#pragma once

#include "engine/identity/proofs.hpp"

namespace odeon::identity::store {

struct ProofRow {
  std::string token_hash;
  std::string code_hash;
  std::string account_id;
  std::string mail;
  Purpose purpose = Purpose::verify;
  Instant sent_at;
  Instant expires_at;
};

// In place of the one before.
Task<void> keep_proof(database::Executor& executor, ProofRow row);
Task<std::optional<Proven>> use_proof(database::Executor& executor, std::string token_hash, Instant now);
// Another code counts as wrong; at `most` wrong ones no code is right any more, and the link is void as well.
Task<std::optional<Proven>> use_code(database::Database& database, std::string mail, Purpose purpose,
                                     std::string code_hash, Instant now, std::int64_t most);
Task<std::int64_t> prune_proofs(database::Executor& executor, Instant now);
Task<std::int64_t> forget_proofs(database::Executor& executor, std::string account_id);

}  // namespace odeon::identity::store
