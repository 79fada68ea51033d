// Signing in to a product by others, for browsers: where to go, and what to do with who comes back. The same in every
// product; what differs is where its callbacks are and whether its tokens are cookies.
#pragma once

#include "base/fields.hpp"
#include "engine/http/router.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/oauth.hpp"
#include "engine/identity/session_cookies.hpp"

namespace odeon::identity {

struct OAuthStart {
  std::string provider;
  std::optional<Text<1, 500>> return_to;  // left out: the app
};
BOOST_DESCRIBE_STRUCT(OAuthStart, (), (provider, return_to))

struct OAuthStartReply {
  std::string authorization_url;  // where to send the browser
};
BOOST_DESCRIBE_STRUCT(OAuthStartReply, (), (authorization_url))

struct OAuthReturn {
  std::string provider;
  Text<0, 4096> code;
  Text<0, 512> state;
  Text<0, 100> error;
  Text<0, 500> iss;
  std::optional<Text<1, 200>> oauth_binding;
};
BOOST_DESCRIBE_STRUCT(OAuthReturn, (), (provider, code, state, error, iss, oauth_binding))

struct OAuthProviders {
  std::vector<std::string> providers;
};
BOOST_DESCRIBE_STRUCT(OAuthProviders, (), (providers))

struct OAuthPolicy {
  std::string_view callbacks = "/api/auth/oauth";  // that folder of the product has PROVIDER/callback
  std::string app_url;                             // where people come back to, empty: a page of ours
  std::vector<std::string> origins;                // of other places that they may come back to
};

// Thread-safe; what it is given outlives it.
class OAuthEndpoints {
 public:
  OAuthEndpoints(OAuth& oauth, Door& door, Sessions& sessions, const SessionCookies& cookies, const Clock& clock,
                 OAuthPolicy policy)
      : oauth_(oauth), door_(door), sessions_(sessions), cookies_(cookies), clock_(clock), policy_(std::move(policy)) {}

  // What a product does for everybody who comes in; before first use.
  void on_admitted(std::function<Task<void>(Account account)> call) { on_admitted_ = std::move(call); }

  Task<OAuthProviders> providers();
  Task<http::WithHeaders<OAuthStartReply>> start(http::Caller caller, OAuthStart request);
  // Leads to the app: with cookies, or with the tokens in the fragment of the address, which no server sees.
  Task<http::SeeOther> come_back(http::Caller caller, OAuthReturn request);
  // Apple's way back.
  Task<http::SeeOther> come_back_by_post(http::Caller caller, http::Raw<"Cookie"> request);
  Task<http::Content> done();

  // At /api/auth/oauth.
  void mount(http::Api& api);
  void mount_page(http::Api& api);

 private:
  std::string return_address(const http::Caller& caller, const OAuthStart& request) const;
  http::SeeOther turned_away(std::exception_ptr failure) const;
  Task<http::SeeOther> admit(http::Caller caller, OAuth::Callback callback);

  OAuth& oauth_;
  Door& door_;
  Sessions& sessions_;
  const SessionCookies& cookies_;
  const Clock& clock_;
  OAuthPolicy policy_;
  std::function<Task<void>(Account)> on_admitted_;
};

}  // namespace odeon::identity
