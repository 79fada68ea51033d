#include "products/studio/ways_in.hpp"

#include "engine/http/binding.hpp"

namespace odeon::studio {
namespace {

constexpr http::Rate kMails{30, http::per_hour}, kProofs{120, http::per_hour};

constexpr Endpoint<identity::MailAddress, identity::Done> forgot_password{
    {.method = Method::post,
     .path = "/api/v1/auth/forgot-password",
     .summary = "Send a code and a link to set a new password",
     .description = "Answers alike whether or not there is such a person.",
     .rate = kMails}};
constexpr Endpoint<identity::NewPassword, identity::Done> reset_password{
    {.method = Method::post,
     .path = "/api/v1/auth/reset-password",
     .summary = "Set a new password, by the token of the mail's link or by its code",
     .rate = kProofs}};
constexpr Endpoint<identity::ProveMail, identity::Done> verify_email{
    {.method = Method::post,
     .path = "/api/v1/auth/verify-email",
     .summary = "Prove one's address, by the token of the mail's link or by its code",
     .rate = kProofs}};
constexpr Endpoint<identity::MailAddress, identity::Done> resend_verification{
    {.method = Method::post,
     .path = "/api/v1/auth/resend-verification",
     .summary = "Send the mail that proves an address once more",
     .rate = kMails}};

constexpr Endpoint<Nothing, identity::OAuthProviders> oauth_providers{
    {.method = Method::get, .path = "/api/v1/auth/oauth", .summary = "By whom people can sign in"}};
constexpr Endpoint<identity::OAuthStart, WithHeaders<identity::OAuthStartReply>> oauth_start{
    {.method = Method::post,
     .path = "/api/v1/auth/oauth/{provider}",
     .summary = "Where to send the browser to sign in by a provider",
     .rate = kProofs}};
constexpr Endpoint<identity::OAuthReturn, http::SeeOther> oauth_callback{
    {.method = Method::get,
     .path = "/api/v1/auth/oauth/{provider}/callback",
     .summary = "Where the provider sends the browser back",
     .rate = kProofs,
     .cookie = "oauth_binding"}};
constexpr Endpoint<http::Raw<"Cookie">, http::SeeOther> apple_callback{{.method = Method::post,
                                                                        .path = "/api/v1/auth/oauth/apple/callback",
                                                                        .summary = "Where Apple sends the browser back",
                                                                        .rate = kProofs}};

}  // namespace

void mount(http::Api& api, identity::MailEndpoints& mails, identity::OAuthEndpoints& oauth) {
  using identity::MailEndpoints;
  using identity::OAuthEndpoints;
  mails.mount_pages(api);
  http::mount(api, forgot_password, &MailEndpoints::forgot, mails);
  http::mount(api, reset_password, &MailEndpoints::reset, mails);
  http::mount(api, verify_email, &MailEndpoints::verify, mails);
  http::mount(api, resend_verification, &MailEndpoints::resend, mails);
  oauth.mount_page(api);
  http::mount(api, oauth_providers, &OAuthEndpoints::providers, oauth);
  http::mount(api, oauth_start, &OAuthEndpoints::start, oauth);
  http::mount(api, oauth_callback, &OAuthEndpoints::come_back, oauth);
  http::mount(api, apple_callback, &OAuthEndpoints::come_back_by_post, oauth);
}

}  // namespace odeon::studio
