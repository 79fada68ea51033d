#include "engine/identity/outside.hpp"

#include "engine/identity/oauth_issuer.hpp"

namespace odeon::identity {
namespace {

constexpr std::string_view kAudience = "authenticated";

bool says_verified(const json::object& claims) {
  const auto* flag = claims.if_contains("email_verified");
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

bool mail_is_verified(const json::object& claims) {
  const auto* app = claims.if_contains("app_metadata");
  return says_verified(claims) || (app != nullptr && app->is_object() && says_verified(app->get_object()));
}

}  // namespace

OutsideTokens::OutsideTokens(SupabaseProject project, Fetch fetch, coordination::Coordination& coordination,
                             const Clock& clock, Log& log)
    : project_(std::move(project)), clock_(clock) {
  if (project_.jwt_secret) secret_ = KeySet({Key::secret(*project_.jwt_secret)});
  if (!project_.url) return;
  issuer_ = without_slash(*project_.url) + "/auth/v1";
  remote_.emplace(*issuer_ + "/.well-known/jwks.json", std::move(fetch), coordination, clock, log);
}

Task<OutsideTokens::Claims> OutsideTokens::check(jwt::Token token) {
  co_await check_signature(token);
  Claims claims{.expires_at = jwt::expiry(token)};
  claims.person = {.issuer = token.issuer,
                   .subject = std::string(jwt::text_claim(token.claims, "sub")),
                   .mail_verified = mail_is_verified(token.claims)};
  if (const auto mail = jwt::text_claim(token.claims, "email"); !mail.empty()) claims.person.mail = mail;
  co_return claims;
}

Task<void> OutsideTokens::check_signature(const jwt::Token& token) {
  const jwt::Expected expected{.issuer = issuer_, .audience = std::string(kAudience)};
  // Secrets verify HS256 and nothing else does; a public key can never be used as one.
  if (token.algorithm == Algorithm::HS256) {
    jwt::check(token, secret_, expected, clock_.now());
    co_return;
  }
  if (!remote_ || token.issuer != *issuer_) throw jwt::invalid_token("nobody knows its issuer");
  const auto keys = co_await remote_->keys_for(token.algorithm, token.key_id);
  jwt::check(token, *keys, expected, clock_.now());
}

}  // namespace odeon::identity
