// GoTrue's requests and answers, as the client libraries write and read them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/json.hpp"
#include "engine/identity/account.hpp"
#include "engine/identity/sessions.hpp"

namespace odeon::identity::supabase {

struct SignUp {
  Text<0, 320> email;
  Text<0, 512> password;
  Text<0, 40> phone;
  std::optional<json::object> data;
};
BOOST_DESCRIBE_STRUCT(SignUp, (), (email, password, phone, data))

struct TokenRequest {
  Text<0, 40> grant_type;
  Text<0, 320> email;
  Text<0, 512> password;
  Text<0, 40> phone;
  Text<0, 512> refresh_token;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (), (grant_type, email, password, phone, refresh_token))

struct ChangeUser {
  Text<0, 320> email;
  Text<0, 512> password;
  std::optional<json::object> data;
};
BOOST_DESCRIBE_STRUCT(ChangeUser, (), (email, password, data))

// What asks for a mail: /recover, and /resend with its type.
struct MailRequest {
  Text<0, 40> type;
  Text<0, 320> email;
};
BOOST_DESCRIBE_STRUCT(MailRequest, (), (type, email))

// By the code of a mail to `email`, or by the token of its link.
struct VerifyRequest {
  Text<0, 40> type;
  Text<0, 320> email;
  Text<0, 100> token;
  Text<0, 100> token_hash;
};
BOOST_DESCRIBE_STRUCT(VerifyRequest, (), (type, email, token, token_hash))

struct Logout {
  std::optional<SignOut> scope;
};
BOOST_DESCRIBE_STRUCT(Logout, (), (scope))

struct IdentityData {
  std::string email;
  bool email_verified = false;
  bool phone_verified = false;
  std::string sub;
};
BOOST_DESCRIBE_STRUCT(IdentityData, (), (email, email_verified, phone_verified, sub))

struct UserIdentity {
  std::string identity_id, id, user_id;
  IdentityData identity_data;
  std::string provider, email;
  Instant created_at, updated_at;
  std::optional<Instant> last_sign_in_at;
};
BOOST_DESCRIBE_STRUCT(UserIdentity, (),
                      (identity_id, id, user_id, identity_data, provider, email, created_at, updated_at,
                       last_sign_in_at))

struct AppMetadata {
  std::string provider = "email";
  std::vector<std::string> providers{"email"};
};
BOOST_DESCRIBE_STRUCT(AppMetadata, (), (provider, providers))

struct User {
  std::string id, aud, role, email;
  std::optional<Instant> email_confirmed_at, confirmed_at;
  std::string phone;
  std::optional<Instant> last_sign_in_at;
  AppMetadata app_metadata;
  json::object user_metadata;
  std::vector<UserIdentity> identities;
  Instant created_at, updated_at;
  bool is_anonymous = false;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, aud, role, email, email_confirmed_at, confirmed_at, phone, last_sign_in_at, app_metadata,
                       user_metadata, identities, created_at, updated_at, is_anonymous))

struct Session {
  std::string access_token;
  std::string token_type = "bearer";
  std::int64_t expires_in = 0;  // seconds
  std::int64_t expires_at = 0;  // seconds since the Unix epoch
  std::string refresh_token;
  User user;
};
BOOST_DESCRIBE_STRUCT(Session, (), (access_token, token_type, expires_in, expires_at, refresh_token, user))

struct External {
  bool email = true;
  bool phone = false;
  bool anonymous_users = false;
};
BOOST_DESCRIBE_STRUCT(External, (), (email, phone, anonymous_users))

struct Settings {
  External external;
  bool disable_signup = false;
  bool mailer_autoconfirm = true;
  bool phone_autoconfirm = false;
  std::string sms_provider;
  bool saml_enabled = false;
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (external, disable_signup, mailer_autoconfirm, phone_autoconfirm, sms_provider, saml_enabled))

struct MailAccepted {};
BOOST_DESCRIBE_STRUCT(MailAccepted, (), ())

struct Health {
  std::string version, name, description;
};
BOOST_DESCRIBE_STRUCT(Health, (), (version, name, description))

User to_user(const Account& account);
Session to_session(const SessionTokens& tokens, const Account& account);

}  // namespace odeon::identity::supabase
