#include "engine/identity/mail_endpoints.hpp"

#include "engine/http/binding.hpp"
#include "engine/identity/embedded.hpp"

namespace odeon::identity {
namespace {

using http::Endpoint;
using http::Method;
using http::Nothing;

constexpr http::Rate kMails{30, http::per_hour}, kProofs{120, http::per_hour};

constexpr Endpoint<MailAddress, Done> forgot_endpoint{
    {.method = Method::post,
     .path = "/api/auth/forgot-password",
     .summary = "Send a code and a link to set a new password",
     .description = "Answers alike whether or not there is such a person.",
     .rate = kMails}};
constexpr Endpoint<NewPassword, Done> reset_endpoint{
    {.method = Method::post,
     .path = "/api/auth/reset-password",
     .summary = "Set a new password, by the token of the mail's link or by its code",
     .description = "Every earlier session ends. A password that is too weak leaves token and code good.",
     .rate = kProofs}};
constexpr Endpoint<ProveMail, Done> verify_endpoint{
    {.method = Method::post,
     .path = "/api/auth/verify-email",
     .summary = "Prove one's address, by the token of the mail's link or by its code",
     .rate = kProofs}};
constexpr Endpoint<MailAddress, Done> resend_endpoint{{.method = Method::post,
                                                       .path = "/api/auth/resend-verification",
                                                       .summary = "Send the mail that proves an address once more",
                                                       .rate = kMails}};
constexpr Endpoint<Nothing, http::Content> page_endpoint{
    {.method = Method::get,
     .path = "/auth/confirm",
     .summary = "What a mail's link leads to: a page with a button, which does it"}};
constexpr Endpoint<Nothing, http::Content> style_endpoint{
    {.method = Method::get, .path = "/auth/confirm.css", .summary = "Its style"}};
constexpr Endpoint<Nothing, http::Content> script_endpoint{
    {.method = Method::get, .path = "/auth/confirm.js", .summary = "Its script"}};
constexpr Endpoint<ProveMail, Done> page_verify_endpoint{
    {.method = Method::post, .path = "/auth/verify-email", .summary = "What its button does", .rate = kProofs}};
constexpr Endpoint<NewPassword, Done> page_reset_endpoint{
    {.method = Method::post, .path = "/auth/reset-password", .summary = "What its button does", .rate = kProofs}};

}  // namespace

void MailEndpoints::mount_pages(http::Api& api) {
  http::mount(api, page_endpoint, &MailEndpoints::page, *this);
  http::mount(api, style_endpoint, &MailEndpoints::style, *this);
  http::mount(api, script_endpoint, &MailEndpoints::script, *this);
  http::mount(api, page_verify_endpoint, &MailEndpoints::verify, *this);
  http::mount(api, page_reset_endpoint, &MailEndpoints::reset, *this);
}

void MailEndpoints::mount(http::Api& api) {
  mount_pages(api);
  http::mount(api, forgot_endpoint, &MailEndpoints::forgot, *this);
  http::mount(api, reset_endpoint, &MailEndpoints::reset, *this);
  http::mount(api, verify_endpoint, &MailEndpoints::verify, *this);
  http::mount(api, resend_endpoint, &MailEndpoints::resend, *this);
}

Task<Done> MailEndpoints::forgot(MailAddress request) {
  co_await door_.send_mail(request.email, Purpose::recover);
  co_return Done{};
}

Task<Done> MailEndpoints::resend(MailAddress request) {
  co_await door_.send_mail(request.email, Purpose::verify);
  co_return Done{};
}

Task<Done> MailEndpoints::verify(ProveMail request) {
  co_await door_.verify({request.token, request.email, request.code});
  co_return Done{};
}

Task<Done> MailEndpoints::reset(NewPassword request) {
  co_await door_.reset_password({request.token, request.email, request.code}, request.password);
  co_return Done{};
}

// The page's address holds a secret.
Task<http::Content> MailEndpoints::page() {
  http::Content page{.type = "text/html; charset=utf-8", .body = std::string(embedded::confirm_html)};
  page.headers.add("Cache-Control", "no-store");
  page.headers.add("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
  co_return page;
}

Task<http::Content> MailEndpoints::style() {
  co_return http::Content{.type = "text/css; charset=utf-8", .body = std::string(embedded::verify_css)};
}

Task<http::Content> MailEndpoints::script() {
  co_return http::Content{.type = "text/javascript; charset=utf-8", .body = std::string(embedded::confirm_js)};
}

}  // namespace odeon::identity
