// Who uses chat: signing up, in and out, by password or by the ID token of somebody whom we trust.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/identity/id_tokens.hpp"
#include "engine/privacy/audit.hpp"
#include "engine/privacy/consents.hpp"
#include "products/chat/chat.hpp"

namespace odeon::chat {

// What the body of a VerifyRequest may say, as a SignupRequest does; what is left out is not decided.
struct Verification {
  std::optional<bool> consent, voice_consent;
  std::optional<Text<1, 60>> terms_version;
};
BOOST_DESCRIBE_STRUCT(Verification, (), (consent, voice_consent, terms_version))

class People {
 public:
  struct Rooms {
    database::Database& database;
    identity::Door& door;
    identity::IdTokens& id_tokens;
    billing::Subscriptions& subscriptions;
    privacy::Consents& consents;
    privacy::Audit& audit;
  };
  explicit People(Rooms rooms) : rooms_(rooms) {}

  Task<WithHeaders<SessionReply>> verify(VerifyRequest request);
  Task<WithHeaders<SessionReply>> sign_up(http::Caller caller, SignupRequest request);
  Task<WithHeaders<SessionReply>> sign_in(http::Caller caller, LoginRequest request);
  Task<WithHeaders<SessionReply>> renew(RefreshRequest request);
  Task<Success> sign_out(http::Caller caller);
  Task<UserReply> who(http::Caller caller);

  // Whoever comes here for the first time, from another product too, begins with the trial.
  Task<void> begin(identity::Account account);

  void mount(http::Api& api);

 private:
  Task<WithHeaders<SessionReply>> welcome(identity::SignedIn in, unsigned status);
  Task<WithHeaders<SessionReply>> reply(identity::SignedIn in, unsigned status);
  Task<User> user_of(identity::Account account);
  // What is not said of a purpose is not decided.
  struct Decisions {
    std::optional<bool> terms, voice;
    std::string wording;
  };
  Task<void> decide(std::string user_id, Decisions decisions);
  Task<void> agree(database::Transaction& transaction, std::string user_id, std::string purpose, bool granted,
                   std::string wording);

  Rooms rooms_;
};

}  // namespace odeon::chat
