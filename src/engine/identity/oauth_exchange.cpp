// What OAuth asks of providers: the code for tokens, and who somebody is.
#include "base/crypto.hpp"
#include "engine/identity/oauth.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kMaxTokens = 256 * 1024;
constexpr std::chrono::seconds kSecretLife{300};

// The left half of the hash that goes with our algorithms, which is SHA-256 for all of them.
std::string half_hash(std::string_view token) {
  return crypto::to_base64url(crypto::sha256(token).substr(0, 16));
}

}  // namespace

// Apple's is a token that its key signs, under the id that Apple gave the key.
std::string OAuth::secret_for(const Provider& to) const {
  if (!to.key) return to.settings.client_secret;
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch();
  const json::object header{{"alg", json::enum_name(to.key->algorithm())}, {"kid", to.settings.key_id}};
  const json::object claims{{"iss", to.settings.team_id},
                            {"iat", now.count()},
                            {"exp", (now + kSecretLife).count()},
                            {"aud", to.issuer},
                            {"sub", to.settings.client_id}};
  const std::string body = crypto::to_base64url(json::write(header)) + "." + crypto::to_base64url(json::write(claims));
  return body + "." + crypto::to_base64url(to.key->sign(body));
}

// Addresses and faults of the client may repeat what was sent: only their codes are told.
Task<http::JsonAnswer> OAuth::ask(http::ClientRequest request) {
  request.headers.add("Accept", "application/json");
  request.headers.add("User-Agent", "odeon");  // GitHub answers nobody without a name
  auto answer = co_await settle(http::call_json(client_, std::move(request), kMaxTokens, options_.time));
  try {
    if (!answer) std::rethrow_exception(answer.error());
  } catch (const Error& error) {
    if (error.fault == Fault::timeout || error.fault == Fault::unavailable) throw oauth::provider_away(error.code);
    throw oauth::provider_fault(error.code);
  }
  co_return std::move(*answer);
}

Task<json::object> OAuth::exchange(const Provider& with, std::string code, std::string redirect_uri,
                                   std::string verifier) {
  http::ClientRequest request{.method = http::Method::post};
  request.url = with.open ? (co_await with.open->endpoints())->token : with.kind.token.address(with.own_server);
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = oauth::encode_form({{"grant_type", "authorization_code"},
                                     {"code", code},
                                     {"redirect_uri", redirect_uri},
                                     {"client_id", with.settings.client_id},
                                     {"client_secret", secret_for(with)},
                                     {"code_verifier", verifier}});
  auto answer = co_await ask(std::move(request));
  co_return oauth::object_of(oauth::good(std::move(answer), with.kind.wrong_code, clock_.now()));
}

Task<json::object> OAuth::claims_of(const Provider& by, std::string id_token, std::string access) {
  auto token = jwt::read(id_token);
  co_await by.open->check(token, by.settings.client_id);
  if ((has_several_audiences(token.claims) || token.claims.contains("azp")) &&
      jwt::text_claim(token.claims, "azp") != by.settings.client_id)
    throw jwt::invalid_token("made for another party");
  if (token.claims.contains("at_hash") && jwt::text_claim(token.claims, "at_hash") != half_hash(access))
    throw jwt::invalid_token("made for another access token");
  co_return std::move(token.claims);
}

Task<OutsideProfile> OAuth::profile_by_id_token(const Provider& by, std::string id_token, std::string access,
                                                std::string nonce) {
  const auto claims = co_await settle(claims_of(by, std::move(id_token), std::move(access)));
  try {
    if (!claims) std::rethrow_exception(claims.error());
  } catch (const Error& error) {
    // It is the provider that gave it, not the client.
    if (error.fault == Fault::unauthenticated) throw oauth::provider_fault("its ID token: " + error.detail);
    throw;
  }
  // Somebody else's code may have been slipped in.
  if (!crypto::equal(jwt::text_claim(*claims, "nonce"), nonce)) throw oauth::start_again("another nonce");
  co_return profile_of(*claims, by.issuer);
}

Task<OutsideProfile> OAuth::profile_by_api(const Provider& by, std::string access) {
  auto answer = oauth::good(co_await call_api(by, by.kind.profile, access), "", clock_.now());
  auto profile = oauth::profile_of_api(oauth::object_of(std::move(answer)), by.kind.members, by.issuer);
  if (by.kind.mails.exists()) {
    profile.person.mail = co_await primary_mail(by, std::move(access));
    profile.person.mail_verified = profile.person.mail.has_value();
  }
  co_return profile;
}

Task<std::optional<std::string>> OAuth::primary_mail(const Provider& by, std::string access) {
  auto answer = co_await call_api(by, by.kind.mails, std::move(access));
  // The person did not let us see them.
  if (answer.status == 403 || answer.status == 404) co_return std::nullopt;
  co_return oauth::primary_mail(oauth::good(std::move(answer), "", clock_.now()));
}

Task<http::JsonAnswer> OAuth::call_api(const Provider& at, const OAuthPlace& place, std::string access) {
  http::ClientRequest request{.url = place.address(at.own_server)};
  request.headers.add("Authorization", "Bearer " + access);
  if (at.kind.wants_secret_proof)
    request.url += "&appsecret_proof=" + crypto::to_hex(crypto::hmac_sha256(at.settings.client_secret, access));
  co_return co_await ask(std::move(request));
}

}  // namespace odeon::identity
