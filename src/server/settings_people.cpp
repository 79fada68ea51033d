// Who vouches for people: Supabase, providers of OAuth, issuers of ID tokens.
#include "server/read_settings.hpp"

namespace odeon::server {
namespace {

constexpr std::size_t kShortestSecret = 32;  // RFC 7518 §3.2

std::string upper_and(std::string_view provider, std::string_view rest) {
  return upper(fmt::format("{}_{}", provider, rest));
}

// A provider is on when it has a client id; then it must have what else it takes.
void read_oauth(Config& config, Settings& settings, const std::string& name) {
  const std::string table = "oauth." + name;
  identity::OAuthProvider provider{.name = name};
  provider.client_id = config.text(table + ".client_id", upper_and(name, "CLIENT_ID"), "");
  provider.issuer = web_address(config, table + ".issuer", upper_and(name, "ISSUER"), "");
  if (name == "apple") {
    provider.team_id = config.text(table + ".team_id", "APPLE_TEAM_ID", "");
    provider.key_id = config.text(table + ".key_id", "APPLE_SIGN_IN_KEY_ID", "");
    provider.private_key_pem = config.text(table + ".private_key", "APPLE_SIGN_IN_PRIVATE_KEY", "");
  } else {
    provider.client_secret = config.text(table + ".client_secret", upper_and(name, "CLIENT_SECRET"), "");
  }
  if (provider.client_id.empty()) return;
  const bool complete = name == "apple"
                            ? !provider.team_id.empty() && !provider.key_id.empty() && !provider.private_key_pem.empty()
                            : !provider.client_secret.empty();
  if (complete)
    settings.oauth.push_back(std::move(provider));
  else
    config.reject(table + ".client_id", upper_and(name, "CLIENT_ID"),
                  name == "apple" ? "needs APPLE_TEAM_ID, APPLE_SIGN_IN_KEY_ID and APPLE_SIGN_IN_PRIVATE_KEY beside it"
                                  : "needs a client secret beside it");
}

void read_id_issuers(Config& config, Settings& settings) {
  const std::string audience = config.text("identity.oidc_audience", "OIDC_AUDIENCE", "");
  if (const auto project = config.text("identity.firebase_project", "FIREBASE_PROJECT_ID", ""); !project.empty()) {
    auto firebase = identity::IdIssuer::firebase(project);
    firebase.keys_address =
        web_address(config, "identity.firebase_keys", "FIREBASE_KEYS_URL", std::move(firebase.keys_address));
    settings.id_issuers.push_back(std::move(firebase));
  }
  if (auto clerk = web_address(config, "identity.clerk_issuer", "CLERK_ISSUER", ""); !clerk.empty()) {
    auto issuer = identity::IdIssuer::clerk(std::move(clerk));
    issuer.audience = audience;
    settings.id_issuers.push_back(std::move(issuer));
  }
  if (auto issuer = web_address(config, "identity.oidc_issuer", "OIDC_ISSUER", ""); !issuer.empty()) {
    if (audience.empty())
      config.reject("identity.oidc_audience", "OIDC_AUDIENCE", "must name whom the tokens of OIDC_ISSUER are made for");
    else
      settings.id_issuers.push_back(identity::IdIssuer::openid(std::move(issuer), audience));
  }
}

}  // namespace

void read_people(Config& config, Settings& settings) {
  settings.password_memory =
      static_cast<std::size_t>(config.integer("identity.password_memory_mb", "PASSWORD_MEMORY_MB", 19, 8, 1024)) << 20;
  settings.supabase_url = web_address(config, "identity.supabase_url", "SUPABASE_URL", "");
  settings.supabase_jwt_secret = config.text("identity.supabase_jwt_secret", "SUPABASE_JWT_SECRET", "");
  if (!settings.supabase_jwt_secret.empty() && settings.supabase_jwt_secret.size() < kShortestSecret)
    config.reject("identity.supabase_jwt_secret", "SUPABASE_JWT_SECRET", "must have at least 32 characters");
  for (const auto* name : {"google", "github", "apple", "twitch", "discord", "facebook"})
    read_oauth(config, settings, name);
  read_id_issuers(config, settings);
}

}  // namespace odeon::server
