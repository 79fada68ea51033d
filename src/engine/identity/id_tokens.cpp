#include "engine/identity/id_tokens.hpp"

namespace odeon::identity {
namespace {

constexpr const char* kFirebaseKeys =
    "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";
constexpr std::size_t kMaxFirebaseSubject = 128;

void check_firebase(const json::object& claims, Instant now, std::chrono::seconds leeway) {
  if (jwt::text_claim(claims, "sub").size() > kMaxFirebaseSubject) throw jwt::invalid_token("a long subject");
  const auto* signed_in = claims.if_contains("auth_time");
  const auto seconds = signed_in != nullptr ? json::as_integer(*signed_in, json::Source::body) : std::nullopt;
  const auto latest = std::chrono::floor<std::chrono::seconds>(now + leeway).time_since_epoch().count();
  if (!seconds || *seconds < 0 || *seconds > latest) throw jwt::invalid_token("signed in at no time");
}

// With one audience the party may be an app's own id beside its server's, as Google has it.
void check_parties(const json::object& claims, const IdIssuer& rules) {
  const auto party = jwt::text_claim(claims, "azp");
  const bool must_be_known = has_several_audiences(claims) || (!rules.parties.empty() && !party.empty());
  if (!must_be_known || (party == rules.audience && rules.parties.empty())) return;
  if (std::ranges::find(rules.parties, party) == rules.parties.end()) throw jwt::invalid_token("another party's");
}

}  // namespace

IdIssuer IdIssuer::firebase(std::string project) {
  return {.kind = Kind::firebase,
          .issuer = "https://securetoken.google.com/" + project,
          .audience = project,
          .keys_address = kFirebaseKeys};
}

IdIssuer IdIssuer::clerk(std::string issuer) {
  issuer = without_slash(std::move(issuer));
  return {.kind = Kind::clerk, .issuer = issuer, .keys_address = issuer + "/.well-known/jwks.json"};
}

IdIssuer IdIssuer::openid(std::string issuer, std::string audience) {
  return {.kind = Kind::openid, .issuer = without_slash(std::move(issuer)), .audience = std::move(audience)};
}

IdTokens::IdTokens(std::vector<IdIssuer> issuers, Fetch fetch, coordination::Coordination& coordination,
                   const Clock& clock, Log& log)
    : clock_(clock) {
  for (auto& rules : issuers) {
    if (rules.audience.empty() && rules.kind != IdIssuer::Kind::clerk)
      throw Error(Fault::invalid, "NO_AUDIENCE", "ID tokens of " + rules.issuer + " need an audience.");
    Issuer made;
    if (rules.kind == IdIssuer::Kind::openid)
      made.open = std::make_unique<OAuthIssuer>(rules.issuer, "", fetch, coordination, clock, log);
    else
      made.keys = std::make_unique<RemoteKeys>(rules.keys_address, fetch, coordination, clock, log);
    made.rules = std::move(rules);
    issuers_.push_back(std::move(made));
  }
}

Task<IdTokens::Claims> IdTokens::check(std::string text) {
  auto token = jwt::read(text);
  auto is_by = [&](const Issuer& one) {
    return one.open ? one.open->is_called(token.issuer) : one.rules.issuer == token.issuer;
  };
  const auto of = std::ranges::find_if(issuers_, is_by);
  if (of == issuers_.end()) throw jwt::invalid_token("nobody knows its issuer");
  co_await check_signature(*of, token);
  check_parties(token.claims, of->rules);
  if (of->rules.kind == IdIssuer::Kind::firebase) check_firebase(token.claims, clock_.now(), jwt::Expected{}.leeway);
  // Clerk's session of someone who has yet to do something, such as to choose an organisation.
  if (of->rules.kind == IdIssuer::Kind::clerk && jwt::text_claim(token.claims, "sts") == "pending")
    throw jwt::invalid_token("a session that is pending");
  auto profile = profile_of(token.claims, of->rules.issuer);
  co_return Claims{.person = std::move(profile.person),
                   .name = std::move(profile.name),
                   .picture = std::move(profile.picture),
                   .expires_at = jwt::expiry(token)};
}

Task<void> IdTokens::check_signature(const Issuer& of, jwt::Token token) {
  if (of.open) co_return co_await of.open->check(std::move(token), of.rules.audience);
  // A published key is no secret: whoever signs by one as if it were is a forger.
  if (token.algorithm == Algorithm::HS256) throw jwt::invalid_token("a secret's signature");
  const auto keys = co_await of.keys->keys_for(token.algorithm, token.key_id);
  jwt::Expected expected{.issuer = of.rules.issuer};
  // Clerk gives tokens to other applications as well, and those name them.
  const bool may_name_none = of.rules.kind == IdIssuer::Kind::clerk;
  if (!may_name_none || (!of.rules.audience.empty() && token.claims.contains("aud")))
    expected.audience = of.rules.audience;
  jwt::check(token, *keys, expected, clock_.now());
}

}  // namespace odeon::identity
