#include "engine/identity/supabase_types.hpp"

namespace odeon::identity::supabase {

User to_user(const Account& account) {
  User user{.id = account.id, .aud = "authenticated", .role = "authenticated", .email = account.mail.value_or("")};
  user.last_sign_in_at = account.signed_in_at;
  user.user_metadata = account.metadata;
  user.created_at = account.created_at;
  user.updated_at = account.updated_at;
  if (!account.mail) return user;
  user.email_confirmed_at = user.confirmed_at = account.created_at;
  user.identities.push_back({.identity_id = account.id,
                             .id = account.id,
                             .user_id = account.id,
                             .identity_data = {.email = *account.mail,
                                               .email_verified = account.mail_verified_at.has_value(),
                                               .sub = account.id},
                             .provider = "email",
                             .email = *account.mail,
                             .created_at = account.created_at,
                             .updated_at = account.updated_at,
                             .last_sign_in_at = account.signed_in_at});
  return user;
}

Session to_session(const SessionTokens& tokens, const Account& account) {
  return {.access_token = tokens.access_token,
          .expires_in = tokens.expires_in,
          .expires_at = std::chrono::duration_cast<std::chrono::seconds>(tokens.expires_at.time_since_epoch()).count(),
          .refresh_token = tokens.refresh_token,
          .user = to_user(account)};
}

}  // namespace odeon::identity::supabase
