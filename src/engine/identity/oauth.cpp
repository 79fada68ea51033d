#include "engine/identity/oauth.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/identity/oauth_store.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kSecretBytes = 32, kMaxReturn = 2048, kMaxCode = 4096, kMaxState = 128;

std::string new_secret() {
  return crypto::to_base64url(crypto::random_bytes(kSecretBytes));
}
std::string scopes_of(const OAuthKind& kind, const std::vector<std::string>& more) {
  std::vector<std::string> all;
  for (const auto scope : text::split(kind.scopes, ' ')) all.emplace_back(scope);
  for (const auto& scope : more)
    if (std::ranges::find(all, scope) == all.end()) all.push_back(scope);
  return text::join(all, " ");
}

[[noreturn]] void lack(const OAuthProvider& of, std::string_view what) {
  throw Error(Fault::invalid, "OAUTH_SETTINGS", fmt::format("Signing in by {} needs {}.", of.name, what));
}

Key signing_key(const OAuthProvider& of) {
  if (of.team_id.empty() || of.key_id.empty()) lack(of, "a team id and a key id");
  // In one line of an environment variable the ends of lines are often written so.
  auto key = Key::from_pem(text::replace_all(of.private_key_pem, "\\n", "\n"));
  if (key.algorithm() != Algorithm::ES256) lack(of, "a key on P-256");
  return key;
}

}  // namespace

OAuth::OAuth(database::Database& database, std::vector<OAuthProvider> providers, http::Client& client,
             coordination::Coordination& coordination, const Clock& clock, Log& log, OAuthOptions options)
    : database_(database), client_(client), clock_(clock), options_(options) {
  for (auto& settings : providers) {
    const auto* kind = oauth_kind(settings.name);
    if (kind == nullptr) lack(settings, "a name that is known");
    if (settings.client_id.empty()) lack(settings, "a client id");
    Provider made{.kind = *kind, .settings = settings, .own_server = without_slash(settings.issuer)};
    if (made.own_server == kind->issuer) made.own_server.clear();
    made.issuer = made.own_server.empty() ? std::string(kind->issuer) : made.own_server;
    if (kind->signs_secret)
      made.key = signing_key(settings);
    else if (settings.client_secret.empty())
      lack(settings, "a client secret");
    if (kind->has_id_tokens)
      made.open = std::make_unique<OAuthIssuer>(made.issuer, std::string(kind->other_name), fetch_by(client),
                                                coordination, clock, log);
    if (!providers_.emplace(settings.name, std::move(made)).second) lack(settings, "to be named once");
  }
}

std::vector<std::string> OAuth::names() const {
  std::vector<std::string> names;
  for (const auto& [name, provider] : providers_) names.push_back(name);
  return names;
}

const OAuth::Provider& OAuth::provider(std::string_view name) const {
  const auto found = providers_.find(name);
  if (found == providers_.end())
    throw Error(Fault::not_found, "OAUTH_PROVIDER_UNKNOWN", "There is no such way of signing in.");
  return found->second;
}

Task<OAuth::Started> OAuth::start(Start start) {
  const Provider& to = provider(start.provider);
  if (start.return_to.size() > kMaxReturn)
    throw Error(Fault::invalid, "INVALID_RETURN", "The address to return to is too long.");
  std::string url = to.open ? (co_await to.open->endpoints())->authorize : to.kind.authorize.address(to.own_server);

  Started started{.binding = new_secret(), .comes_back_by_post = to.kind.posts_back};
  const std::string state = new_secret(), verifier = new_secret(), nonce = new_secret();
  url += url.contains('?') ? '&' : '?';
  url += oauth::encode_form({{"response_type", "code"},
                             {"client_id", to.settings.client_id},
                             {"redirect_uri", start.redirect_uri},
                             {"scope", scopes_of(to.kind, start.more_scopes)},
                             {"state", state},
                             {"code_challenge", crypto::to_base64url(crypto::sha256(verifier))},
                             {"code_challenge_method", "S256"}});
  if (to.kind.has_id_tokens) url.append("&nonce=").append(nonce);
  if (!to.kind.parameters.empty()) url.append("&").append(to.kind.parameters);
  if (!start.more_scopes.empty() && !to.kind.lasting.empty()) url.append("&").append(to.kind.lasting);
  started.url = std::move(url);

  co_await store::keep_state(
      database_,
      {.state_hash = crypto::sha256_hex(state),
       .binding_hash = crypto::sha256_hex(started.binding),
       .provider = to.settings.name,
       .product = start.product},
      {.redirect_uri = start.redirect_uri, .verifier = verifier, .nonce = nonce, .return_to = start.return_to},
      clock_.now() + lifetime);
  co_return started;
}

Task<OAuth::Finished> OAuth::finish(Callback callback) {
  const Provider& by = provider(callback.provider);
  if (callback.state.size() > kMaxState || callback.binding.size() > kMaxState || callback.code.size() > kMaxCode)
    throw oauth::start_again("longer than anything of ours");
  const auto begun = co_await store::use_state(database_,
                                               {.state_hash = crypto::sha256_hex(callback.state),
                                                .binding_hash = crypto::sha256_hex(callback.binding),
                                                .provider = by.settings.name,
                                                .product = callback.product},
                                               clock_.now());
  if (!begun) throw oauth::start_again("no such state");
  if (!callback.issuer.empty() && callback.issuer != by.issuer && !(by.open && by.open->is_called(callback.issuer)))
    throw oauth::start_again("another issuer came back");
  if (!callback.error.empty()) throw oauth::refusal(callback.error);
  if (callback.code.empty()) throw oauth::start_again("no code");

  const auto answer = co_await exchange(by, callback.code, begun->redirect_uri, begun->verifier);
  Finished finished{.return_to = begun->return_to, .tokens = oauth::tokens_of(answer, clock_.now())};
  auto profile =
      by.open ? co_await profile_by_id_token(by, oauth::id_token_of(answer), finished.tokens.access, begun->nonce)
              : co_await profile_by_api(by, finished.tokens.access);
  finished.person = std::move(profile.person);
  finished.name = std::move(profile.name);
  finished.picture = std::move(profile.picture);
  if (by.kind.posts_back && finished.name.empty()) finished.name = oauth::name_of_form(callback.user);
  co_return finished;
}

Task<std::int64_t> OAuth::prune() {
  return store::prune_states(database_, clock_.now());
}

}  // namespace odeon::identity
