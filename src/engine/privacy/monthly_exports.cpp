#include "engine/privacy/monthly_exports.hpp"

#include <charconv>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/privacy/store.hpp"

namespace odeon::privacy {
namespace {

constexpr std::int64_t kOfferedAtOnce = 500;

std::string signature_of(std::string_view secret, std::string_view user_id, std::string_view product,
                         std::string_view until) {
  return crypto::to_base64url(
      crypto::hmac_sha256(secret, fmt::format("odeon export 1\n{}\n{}\n{}", product, user_id, until)));
}

std::string seconds_of(Instant until) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(until.time_since_epoch()).count());
}

}  // namespace

MonthlyExports::MonthlyExports(database::Database& database, std::string secret, const Clock& clock)
    : database_(database), secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("exports by mail need a secret of at least 32 bytes");
}

void MonthlyExports::install(jobs::Worker& worker) {
  worker.handle<OfferExports>(
      [this](this auto, OfferExports, jobs::Job&) -> Task<void> { static_cast<void>(co_await offer()); });
  worker.schedule("privacy.offer_exports", jobs::Cron("0 5 1 * *"), OfferExports{});
}

std::string MonthlyExports::token_of(std::string_view user_id, std::string_view product, Instant until) const {
  const std::string seconds = seconds_of(until);
  return fmt::format("{}.{}.{}", user_id, seconds, signature_of(secret_, user_id, product, seconds));
}

std::optional<std::string> MonthlyExports::whose(std::string_view token, std::string_view product) const {
  const auto parts = text::split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const std::string_view user_id = parts[0], until = parts[1];
  if (!crypto::equal(signature_of(secret_, user_id, product, until), parts[2])) return std::nullopt;
  std::int64_t seconds = 0;
  std::from_chars(until.data(), until.data() + until.size(), seconds);
  if (clock_.now() > Instant(std::chrono::seconds(seconds))) return std::nullopt;
  return std::string(user_id);
}

Task<std::int64_t> MonthlyExports::offer() {
  const Instant now = clock_.now(), until = now + kExportOffered;
  const std::string month = to_iso8601(now).substr(0, 7);
  std::int64_t offered = 0;
  std::string after;
  for (;;) {
    const auto agreed = co_await store::agreed_to(database_, std::string(kMonthlyExport), after, kOfferedAtOnce);
    for (const auto& one : agreed) {
      auto transaction = co_await database_.begin(database::Isolation::statement);
      co_await offer_(*transaction, {.user_id = one.user_id,
                                     .product = one.product,
                                     .token = token_of(one.user_id, one.product, until),
                                     .key = crypto::to_base64url(crypto::hmac_sha256(
                                         secret_, fmt::format("{}\n{}\n{}", month, one.product, one.user_id)))});
      co_await transaction->commit();
      after = one.id;
      ++offered;
    }
    if (std::ssize(agreed) < kOfferedAtOnce) co_return offered;
  }
}

}  // namespace odeon::privacy
