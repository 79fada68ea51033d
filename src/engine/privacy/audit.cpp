#include "engine/privacy/audit.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/privacy/store.hpp"

namespace odeon::privacy {
namespace {

constexpr std::int64_t kPruneAtOnce = 2'000;  // so that others can write in between

}  // namespace

Audit::Audit(database::Database& database, std::string secret, const Clock& clock)
    : database_(database), secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("the audit trail needs a secret of at least 32 bytes");
}

std::string Audit::subject_of(std::string_view user_id) const {
  return crypto::to_hex(crypto::hmac_sha256(secret_, user_id));
}

Task<void> Audit::record(database::Executor& executor, Happening happening) {
  AuditEntry entry{.id = new_uuid(clock_),
                   .product = std::move(happening.product),
                   .action = std::move(happening.action),
                   .details = std::move(happening.details),
                   .at = clock_.now()};
  co_await store::add_audit(executor, subject_of(happening.user_id), std::move(entry));
}

Task<std::vector<AuditEntry>> Audit::of(std::string user_id, std::string before, std::int64_t limit) {
  return store::audit_of(database_, subject_of(user_id), std::move(before), limit);
}

Task<std::int64_t> Audit::prune(Instant before) {
  std::int64_t pruned = 0;
  for (;;) {
    const auto some = co_await store::prune_audit(database_, before, kPruneAtOnce);
    pruned += some;
    if (some < kPruneAtOnce) co_return pruned;
  }
}

}  // namespace odeon::privacy
