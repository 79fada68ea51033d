// Who uses podcasts: signing up, in and out.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {

class People {
 public:
  People(identity::Door& door, billing::Subscriptions& subscriptions, billing::Allowances& allowances)
      : door_(door), subscriptions_(subscriptions), allowances_(allowances) {}

  Task<WithHeaders<SessionReply>> sign_up(http::Caller caller, RegisterRequest request);
  Task<WithHeaders<SessionReply>> sign_in(http::Caller caller, LoginRequest request);
  Task<WithHeaders<SessionReply>> renew(RefreshRequest request);
  Task<Success> sign_out(http::Caller caller);
  Task<UserReply> who(http::Caller caller);

  void mount(http::Api& api);

 private:
  Task<WithHeaders<SessionReply>> reply(identity::SignedIn in, unsigned status);
  Task<User> user_of(identity::Account account);

  identity::Door& door_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
};

}  // namespace odeon::podcasts
