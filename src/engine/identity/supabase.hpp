// The part of Supabase's Auth REST API (GoTrue) that its client libraries use to sign people up, in and out,
// under auth/v1: an app built on @supabase/supabase-js works unchanged. Answers are GoTrue's bare bodies,
// failures its {code, error_code, msg}; the `apikey` header is accepted and not looked at.
//
// Where the two rules meet: a taken mail at sign-up is 409, as in all of Odeon, with GoTrue's error code
// (`user_already_exists`), which is what the client's error carries; a wrong password is GoTrue's 400. Mail
// counts as confirmed for clients at once (autoconfirm), which is not taken for a proof anywhere.
#pragma once

#include <memory>

#include "engine/http/format.hpp"
#include "engine/http/router.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/identity.hpp"
#include "engine/identity/proofs.hpp"
#include "engine/identity/supabase_types.hpp"

namespace odeon::identity {

struct SupabaseOptions {
  std::string product = "briefings";  // that sessions from here are for
  std::size_t min_password = 6;       // characters, as GoTrue has it
};

class SupabaseApi {
 public:
  SupabaseApi(Accounts& accounts, Sessions& sessions, AccessTokens& access, Proofs& proofs, SupabaseOptions options)
      : accounts_(accounts),
        sessions_(sessions),
        access_(access),
        proofs_(proofs),
        door_(accounts, sessions, proofs, {.product = options.product, .min_password = options.min_password}),
        options_(std::move(options)) {}

  // The API named `kSupabaseApi`, in GoTrue's format, with every endpoint mounted; this outlives it.
  std::unique_ptr<http::Api> api();

  Task<http::WithHeaders<supabase::Session>> sign_up(http::Caller caller, supabase::SignUp request);
  Task<http::WithHeaders<supabase::Session>> token(http::Caller caller, supabase::TokenRequest request);
  Task<http::WithHeaders<supabase::User>> user(http::Caller caller);
  Task<http::WithHeaders<supabase::User>> change_user(http::Caller caller, supabase::ChangeUser request);
  Task<supabase::MailAccepted> recover(supabase::MailRequest request);
  Task<supabase::MailAccepted> resend(supabase::MailRequest request);
  Task<http::WithHeaders<supabase::Session>> verify(supabase::VerifyRequest request);
  Task<http::Content> verify_page();
  Task<http::Content> verify_style();
  Task<http::Content> verify_script();
  Task<http::NoContent> logout(http::Caller caller, supabase::Logout request);
  Task<supabase::Settings> settings();
  Task<supabase::Health> health();
  Task<http::Content> jwks();

 private:
  Task<http::WithHeaders<supabase::Session>> by_password(http::Caller caller, supabase::TokenRequest request);
  Task<http::WithHeaders<supabase::Session>> by_refresh_token(supabase::TokenRequest request);
  void check_password(const std::string& password) const;
  Task<Account> account_of(std::string id);

  Accounts& accounts_;
  Sessions& sessions_;
  AccessTokens& access_;
  Proofs& proofs_;
  Door door_;
  SupabaseOptions options_;
};

// How GoTrue writes its answers.
std::unique_ptr<http::Format> supabase_format();

}  // namespace odeon::identity
