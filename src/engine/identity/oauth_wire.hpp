// What providers say, read: token endpoints (RFC 6749 §5), profiles, addresses of mail. Whatever is not as it should
// be is Error{upstream, "OAUTH_PROVIDER_FAULT"}, whose detail holds no token, code or secret.
#pragma once

#include "engine/http/json_call.hpp"
#include "engine/identity/id_tokens_claims.hpp"
#include "engine/identity/oauth_providers.hpp"

namespace odeon::identity {

// What a provider lets us do for somebody.
struct OAuthTokens {
  std::string access;
  std::string refresh;                // empty: there is none
  std::optional<Instant> expires_at;  // of `access`; nothing: it was not said
  std::vector<std::string> scopes;    // as granted; empty: those that were asked for
};

namespace oauth {

using Form = std::vector<std::pair<std::string, std::string>>;
std::string encode_form(const Form& form);

json::object object_of(json::value answer);
// What was answered, if that is a success of which there is a value. Throws Error{unavailable} for a provider that is
// away or busy, Error{invalid, "OAUTH_STATE_INVALID"} if it calls the fault `wrong_code`.
json::value good(http::JsonAnswer answer, std::string_view wrong_code, Instant now);

OAuthTokens tokens_of(const json::object& answer, Instant now);
std::string id_token_of(const json::object& answer);
OutsideProfile profile_of_api(const json::object& profile, const OAuthMembers& members, std::string issuer);
// The one that is primary and verified.
std::optional<std::string> primary_mail(const json::value& mails);
// What Apple's form has in `user`, at the first consent only; nobody has signed it.
std::string name_of_form(std::string_view user);

// What a provider said instead of a code.
Error refusal(std::string_view error);
// Somebody who cannot be let in by what they came with: they must start again. Always the same to them.
Error start_again(std::string detail);
Error provider_fault(std::string detail);
Error provider_away(std::string detail);

}  // namespace oauth
}  // namespace odeon::identity
