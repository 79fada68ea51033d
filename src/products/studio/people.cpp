#include "products/studio/people.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/studio/payment.hpp"

namespace odeon::studio {
namespace {

constexpr std::size_t kLongestName = 50;

// What they call themselves, else what stands before the @.
std::string display_name_of(const identity::Account& account) {
  if (auto name = identity::name_of(account)) return std::move(*name);
  const std::string mail = account.mail.value_or("creator");
  return mail.substr(0, std::min(mail.find('@'), kLongestName));
}

std::string profile_status(const billing::Entitlement& entitled) {
  const bool paid = entitled.plan->monthly_price > 0;
  if (!paid && entitled.status == billing::SubscriptionStatus::active) return "none";
  return std::string(json::enum_name(entitled.status));
}

}  // namespace

void People::mount(http::Api& api) {
  http::mount(api, signup, &People::sign_up, *this);
  http::mount(api, login, &People::sign_in, *this);
  http::mount(api, refresh, &People::renew, *this);
  http::mount(api, logout, &People::sign_out, *this);
  http::mount(api, me, &People::who, *this);
}

Task<User> People::user_of(identity::Account account) {
  const std::string product(kProduct);
  const auto entitled = co_await subscriptions_.entitlement(account.id, product);
  const auto assets = co_await allowances_.of(account.id, product, "assets");
  const auto contract = co_await subscriptions_.contract(account.id, product);
  Nullable<std::string> customer;
  if (contract && contract->provider == kStripe) customer = contract->customer;
  co_return User{.id = account.id,
                 .email = account.mail.value_or(""),
                 .email_verified = account.mail_verified_at.has_value(),
                 .display_name = display_name_of(account),
                 .avatar_url = or_null(identity::picture_of(account)),
                 .subscription_tier = entitled.plan->name,
                 .subscription_status = profile_status(entitled),
                 .stripe_customer_id = std::move(customer),
                 .assets_generated_this_month = assets.used,
                 .created_at = account.created_at,
                 .updated_at = account.updated_at};
}

Task<WithHeaders<SessionReply>> People::reply(http::Caller caller, identity::SignedIn in, unsigned status) {
  WithHeaders<SessionReply> reply{.status = status};
  reply.headers.add("Cache-Control", "no-store");
  cookies_.give(reply.headers, in.tokens, caller.base_url, clock_.now());
  reply.value = {.user = co_await user_of(std::move(in.account)),
                 .access_token = std::move(in.tokens.access_token),
                 .refresh_token = std::move(in.tokens.refresh_token),
                 .expires_in = in.tokens.expires_in};
  co_return reply;
}

Task<WithHeaders<SessionReply>> People::sign_up(http::Caller caller, SignupRequest request) {
  json::object metadata;
  if (!request.display_name.empty()) metadata["name"] = std::string(request.display_name);
  auto in = co_await door_.sign_up({.mail = request.email,
                                    .password = request.password,
                                    .metadata = std::move(metadata),
                                    .address = caller.address});
  co_return co_await reply(std::move(caller), std::move(in), 201);
}

Task<WithHeaders<SessionReply>> People::sign_in(http::Caller caller, LoginRequest request) {
  auto in = co_await door_.sign_in(request.email, request.password, caller.address);
  co_return co_await reply(std::move(caller), std::move(in), 200);
}

Task<WithHeaders<SessionReply>> People::renew(http::Caller caller, RefreshRequest request) {
  std::string token = request.refresh_token;
  if (token.empty() && request.session_refresh) token = *request.session_refresh;
  auto in = co_await door_.refresh(std::move(token));
  co_return co_await reply(std::move(caller), std::move(in), 200);
}

Task<WithHeaders<Success>> People::sign_out(http::Caller caller) {
  co_await door_.sign_out(caller.session_id);
  WithHeaders<Success> reply;
  cookies_.take_back(reply.headers, caller.base_url);
  co_return reply;
}

Task<User> People::who(http::Caller caller) {
  auto account = co_await door_.account_of(caller.user_id);
  co_return co_await user_of(std::move(account));
}

}  // namespace odeon::studio
