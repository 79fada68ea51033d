#include "products/podcasts/people.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/podcasts/payment.hpp"

namespace odeon::podcasts {
namespace {

constexpr double kBytesInGb = 1'000'000'000;
constexpr std::int64_t kSecondsInMinute = 60;

}  // namespace

void People::mount(http::Api& api) {
  http::mount(api, register_user, &People::sign_up, *this);
  http::mount(api, login, &People::sign_in, *this);
  http::mount(api, refresh, &People::renew, *this);
  http::mount(api, logout, &People::sign_out, *this);
  http::mount(api, me, &People::who, *this);
}

Task<User> People::user_of(identity::Account account) {
  const std::string product(kProduct);
  const auto entitled = co_await subscriptions_.entitlement(account.id, product);
  const auto recorded = co_await allowances_.of(account.id, product, "recording");
  const auto storage = co_await allowances_.of(account.id, product, "storage");
  co_return User{.id = account.id,
                 .email = account.mail.value_or(""),
                 .full_name = or_null(identity::name_of(account)),
                 .email_verified = account.mail_verified_at.has_value(),
                 .subscription_tier = entitled.plan->name,
                 .subscription_status = status_of(entitled),
                 .subscription_end_date = or_null(entitled.expires_at),
                 .storage_used_gb = static_cast<double>(storage.used) / kBytesInGb,
                 .recording_minutes_used = recorded.used / kSecondsInMinute,
                 .recording_minutes_limit =
                     recorded.limit == billing::kUnlimited ? recorded.limit : recorded.limit / kSecondsInMinute,
                 .created_at = account.created_at,
                 .last_login = or_null(account.signed_in_at)};
}

Task<WithHeaders<SessionReply>> People::reply(identity::SignedIn in, unsigned status) {
  WithHeaders<SessionReply> reply{.value = {.user = co_await user_of(std::move(in.account)),
                                            .access_token = std::move(in.tokens.access_token),
                                            .refresh_token = std::move(in.tokens.refresh_token),
                                            .expires_in = in.tokens.expires_in},
                                  .status = status};
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<WithHeaders<SessionReply>> People::sign_up(http::Caller caller, RegisterRequest request) {
  json::object metadata;
  if (!request.full_name.empty()) metadata["name"] = std::string(request.full_name);
  auto in = co_await door_.sign_up({.mail = request.email,
                                    .password = request.password,
                                    .metadata = std::move(metadata),
                                    .address = caller.address});
  co_return co_await reply(std::move(in), 201);
}

Task<WithHeaders<SessionReply>> People::sign_in(http::Caller caller, LoginRequest request) {
  auto in = co_await door_.sign_in(request.email, request.password, caller.address);
  co_return co_await reply(std::move(in), 200);
}

Task<WithHeaders<SessionReply>> People::renew(RefreshRequest request) {
  auto in = co_await door_.refresh(request.refresh_token);
  co_return co_await reply(std::move(in), 200);
}

Task<Success> People::sign_out(http::Caller caller) {
  co_await door_.sign_out(caller.session_id);
  co_return Success{};
}

Task<UserReply> People::who(http::Caller caller) {
  auto account = co_await door_.account_of(caller.user_id);
  co_return UserReply{co_await user_of(std::move(account))};
}

}  // namespace odeon::podcasts
