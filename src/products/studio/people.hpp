// Who uses studio: signing up, in and out, with tokens and with cookies.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/identity/session_cookies.hpp"
#include "products/studio/studio.hpp"

namespace odeon::studio {

class People {
 public:
  People(identity::Door& door, const identity::SessionCookies& cookies, billing::Subscriptions& subscriptions,
         billing::Allowances& allowances, const Clock& clock)
      : door_(door), cookies_(cookies), subscriptions_(subscriptions), allowances_(allowances), clock_(clock) {}

  Task<WithHeaders<SessionReply>> sign_up(http::Caller caller, SignupRequest request);
  Task<WithHeaders<SessionReply>> sign_in(http::Caller caller, LoginRequest request);
  Task<WithHeaders<SessionReply>> renew(http::Caller caller, RefreshRequest request);
  Task<WithHeaders<Success>> sign_out(http::Caller caller);
  Task<User> who(http::Caller caller);

  void mount(http::Api& api);

 private:
  Task<WithHeaders<SessionReply>> reply(http::Caller caller, identity::SignedIn in, unsigned status);
  Task<User> user_of(identity::Account account);

  identity::Door& door_;
  const identity::SessionCookies& cookies_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  const Clock& clock_;
};

}  // namespace odeon::studio
