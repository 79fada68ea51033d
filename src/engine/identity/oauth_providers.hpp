// How the providers differ, as data. What they have in common is oauth.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace odeon::identity {

// An address at a provider: `base` + `path`, or, where the operator names a server of their own, that server +
// `under` + `path`.
struct OAuthPlace {
  std::string_view base;
  std::string_view path;
  std::string_view under;

  bool exists() const { return !base.empty(); }
  // `own_server` is empty for the provider's own.
  std::string address(std::string_view own_server) const;
};

// How a provider's API names what it knows of a person; members within members by dots.
struct OAuthMembers {
  std::string_view id;
  std::string_view name;
  std::string_view other_name;  // where that is empty
  std::string_view mail;
  std::string_view mail_verified;  // empty: it vouches for no mail
  std::string_view picture;
  std::string_view picture_address;  // empty: `picture` is one; else where {0} is the id and {1} the picture
};

struct OAuthKind {
  std::string_view name;
  std::string_view issuer;      // its address; with its subject it is what accounts are linked by
  std::string_view other_name;  // that its ID tokens may have for it, or empty
  bool has_id_tokens;           // it is an OpenID provider that tells its endpoints by discovery
  std::string_view scopes;      // separated by spaces
  std::string_view parameters;  // more of the authorization request, encoded
  std::string_view lasting;     // the same, where more is asked for than to sign in: for a refresh token
  bool posts_back;              // it comes back by a form that the browser posts from its site
  bool signs_secret;            // its client secret is a token that a key of ours signs
  std::string_view wrong_code;  // how its token endpoint calls a code that is wrong, old or used
  // Of those without ID tokens.
  OAuthPlace authorize, token, profile;
  OAuthPlace mails;         // a list of {email, primary, verified}
  bool wants_secret_proof;  // calls of its API carry an HMAC of the access token by the client secret
  OAuthMembers members;
};

std::span<const OAuthKind> oauth_kinds();
const OAuthKind* oauth_kind(std::string_view name);  // null: there is none of that name

}  // namespace odeon::identity
