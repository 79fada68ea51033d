// Who uses stories: signing up, in and out, and what they prefer.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/stories/store.hpp"
#include "products/stories/stories.hpp"

namespace odeon::stories {

class People {
 public:
  struct Rooms {
    database::Database& database;
    identity::Door& door;
    identity::Accounts& accounts;
    identity::Sessions& sessions;
    billing::Subscriptions& subscriptions;
    billing::Allowances& allowances;
    const Clock& clock;
  };
  explicit People(Rooms rooms) : rooms_(rooms) {}

  Task<WithHeaders<SignupReply>> sign_up(http::Caller caller, SignupRequest request);
  Task<WithHeaders<LoginReply>> sign_in(http::Caller caller, LoginRequest request);
  Task<Success> sign_out(http::Caller caller);
  Task<SessionReply> who(http::Caller caller);
  Task<ProfileReply> profile(http::Caller caller);
  Task<ProfileReply> change(http::Caller caller, ProfileChange request);

  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::stories
