#include "engine/identity/proofs.hpp"

#include <cstring>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/identity/store_proofs.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::uint32_t kCodes = 1'000'000;
constexpr coordination::Limit kOneAMinute{1, std::chrono::seconds(60)};

// Every code alike likely: numbers beyond the last whole million are drawn again.
std::string new_code() {
  constexpr std::uint32_t whole = std::numeric_limits<std::uint32_t>::max() / kCodes * kCodes;
  std::uint32_t number = whole;
  while (number >= whole) std::memcpy(&number, crypto::random_bytes(sizeof number).data(), sizeof number);
  return fmt::format("{:06}", number % kCodes);
}

std::chrono::seconds lifetime_of(Purpose purpose) {
  return purpose == Purpose::verify ? Proofs::verify_lifetime : Proofs::recover_lifetime;
}

}  // namespace

Proofs::Proofs(database::Database& database, coordination::Coordination& coordination, std::string secret,
               const Clock& clock)
    : database_(database), coordination_(coordination), secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("codes need a secret of at least 32 bytes");
}

std::string Proofs::hash_of_code(std::string_view mail, Purpose purpose, std::string_view code) const {
  return crypto::to_hex(crypto::hmac_sha256(secret_, fmt::format("{}\n{}\n{}", json::enum_name(purpose), mail, code)));
}

Task<void> Proofs::guard(std::string_view mail, Purpose purpose) {
  const auto key = fmt::format("identity.proof|{}|{}", json::enum_name(purpose), crypto::sha256_hex(mail));
  const auto verdict = co_await coordination_.take(key, kOneAMinute);
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "MAIL_SENT_JUST_NOW", "A mail was sent just now. Look for it, or ask again later.")
        .with_retry_after(verdict.retry_after);
}

Task<void> Proofs::send(Account account, Purpose purpose, std::string product) {
  co_await guard(*account.mail, purpose);
  const Instant now = clock_.now();
  ProofLetter letter{.account_id = account.id,
                     .mail = *account.mail,
                     .product = std::move(product),
                     .purpose = purpose,
                     .token = crypto::to_base64url(crypto::random_bytes(kTokenBytes)),
                     .code = new_code(),
                     .expires_at = now + lifetime_of(purpose)};
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::keep_proof(*transaction, {.token_hash = crypto::sha256_hex(letter.token),
                                            .code_hash = hash_of_code(letter.mail, purpose, letter.code),
                                            .account_id = letter.account_id,
                                            .mail = letter.mail,
                                            .purpose = purpose,
                                            .sent_at = now,
                                            .expires_at = letter.expires_at});
  co_await courier_(*transaction, std::move(letter));
  co_await transaction->commit();
}

Task<void> Proofs::pretend(std::string mail, Purpose purpose) {
  co_await guard(mail, purpose);
  const Instant now = clock_.now();
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::keep_proof(*transaction, {.token_hash = crypto::sha256_hex(crypto::random_bytes(kTokenBytes)),
                                            .code_hash = crypto::sha256_hex(crypto::random_bytes(kTokenBytes)),
                                            .mail = crypto::sha256_hex(mail),
                                            .purpose = purpose,
                                            .sent_at = now,
                                            .expires_at = now});
  co_await transaction->commit();
}

Task<std::optional<Proven>> Proofs::use(std::string token) {
  return store::use_proof(database_, crypto::sha256_hex(token), clock_.now());
}

Task<std::optional<Proven>> Proofs::use_code(std::string mail, Purpose purpose, std::string code) {
  const auto hash = hash_of_code(mail, purpose, code);
  co_return co_await store::use_code(database_, std::move(mail), purpose, hash, clock_.now(), max_wrong_codes);
}

Task<std::int64_t> Proofs::prune() {
  return store::prune_proofs(database_, clock_.now());
}

}  // namespace odeon::identity
