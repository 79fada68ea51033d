#include "engine/identity/oauth_providers.hpp"

#include <algorithm>
#include <array>

namespace odeon::identity {
namespace {

constexpr std::string_view kGraph = "https://graph.facebook.com", kDiscord = "https://discord.com";

// Sources: developers.google.com/identity/openid-connect, developer.apple.com/documentation/signinwithapplerestapi,
// dev.twitch.tv/docs/authentication/getting-tokens-oidc, docs.github.com/apps/oauth-apps,
// discord.com/developers/docs/topics/oauth2, developers.facebook.com/docs/facebook-login.
constexpr std::array kKinds{
    OAuthKind{.name = "google",
              .issuer = "https://accounts.google.com",
              .other_name = "accounts.google.com",
              .has_id_tokens = true,
              .scopes = "openid email profile",
              .lasting = "access_type=offline&prompt=consent",
              .wrong_code = "invalid_grant"},
    OAuthKind{.name = "apple",
              .issuer = "https://appleid.apple.com",
              .other_name = "https://account.apple.com",
              .has_id_tokens = true,
              .scopes = "openid email name",
              .parameters = "response_mode=form_post",
              .posts_back = true,
              .signs_secret = true,
              .wrong_code = "invalid_grant"},
    OAuthKind{.name = "twitch",
              .issuer = "https://id.twitch.tv/oauth2",
              .has_id_tokens = true,
              .scopes = "openid user:read:email",
              // claims={"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}
              .parameters = "claims=%7B%22id_token%22%3A%7B%22email%22%3Anull%2C%22email_verified%22%3Anull%2C"
                            "%22picture%22%3Anull%2C%22preferred_username%22%3Anull%7D%7D",
              .wrong_code = "Invalid authorization code"},
    OAuthKind{
        .name = "github",
        .issuer = "https://github.com",
        .scopes = "read:user user:email",
        .wrong_code = "bad_verification_code",
        .authorize = {"https://github.com", "/login/oauth/authorize"},
        .token = {"https://github.com", "/login/oauth/access_token"},
        .profile = {"https://api.github.com", "/user", "/api/v3"},
        .mails = {"https://api.github.com", "/user/emails", "/api/v3"},
        .members = {.id = "id", .name = "name", .other_name = "login", .picture = "avatar_url"},
    },
    OAuthKind{.name = "discord",
              .issuer = kDiscord,
              .scopes = "identify email",
              .wrong_code = "invalid_grant",
              .authorize = {kDiscord, "/oauth2/authorize"},
              .token = {kDiscord, "/api/oauth2/token"},
              .profile = {kDiscord, "/api/v10/users/@me"},
              .members = {.id = "id",
                          .name = "global_name",
                          .other_name = "username",
                          .mail = "email",
                          .mail_verified = "verified",
                          .picture = "avatar",
                          .picture_address = "https://cdn.discordapp.com/avatars/{0}/{1}.png"}},
    OAuthKind{
        .name = "facebook",
        .issuer = "https://www.facebook.com",
        .scopes = "public_profile email",
        .wrong_code = "100",
        .authorize = {"https://www.facebook.com", "/v23.0/dialog/oauth"},
        .token = {kGraph, "/v23.0/oauth/access_token"},
        .profile = {kGraph, "/v23.0/me?fields=id,name,email,picture"},
        .wants_secret_proof = true,
        .members = {.id = "id", .name = "name", .mail = "email", .picture = "picture.data.url"},
    },
};

}  // namespace

std::string OAuthPlace::address(std::string_view own_server) const {
  if (own_server.empty()) return std::string(base).append(path);
  return std::string(own_server).append(under).append(path);
}

std::span<const OAuthKind> oauth_kinds() {
  return kKinds;
}

const OAuthKind* oauth_kind(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &OAuthKind::name);
  return found == kKinds.end() ? nullptr : found;
}

}  // namespace odeon::identity
