#include "products/stories/people.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"

namespace odeon::stories {
namespace {

NewUser user_of(const identity::Account& account) {
  return {user_id_of(account.id), account.mail.value_or(""), or_null(identity::name_of(account))};
}

NewSession session_of(const identity::SessionTokens& tokens) {
  return {tokens.access_token, tokens.expires_at};
}

template <class T>
WithHeaders<T> private_answer(T value, unsigned status) {
  WithHeaders<T> answer{.value = std::move(value), .status = status};
  answer.headers.add("Cache-Control", "no-store");
  return answer;
}

}  // namespace

std::string user_id_of(std::string_view account_id) {
  return "user_" + text::replace_all(std::string(account_id), "-", "");
}

void People::mount(http::Api& api) {
  http::mount(api, signup, &People::sign_up, *this);
  http::mount(api, login, &People::sign_in, *this);
  http::mount(api, logout, &People::sign_out, *this);
  http::mount(api, session, &People::who, *this);
  http::mount(api, stories::profile, &People::profile, *this);
  http::mount(api, change_profile, &People::change, *this);
}

Task<WithHeaders<SignupReply>> People::sign_up(http::Caller caller, SignupRequest request) {
  json::object metadata;
  if (!request.name.empty()) metadata["name"] = std::string(request.name);
  const auto in = co_await rooms_.door.sign_up({.mail = request.email,
                                                .password = request.password,
                                                .metadata = std::move(metadata),
                                                .address = caller.address});
  co_return private_answer(SignupReply{user_of(in.account), session_of(in.tokens)}, 201);
}

Task<WithHeaders<LoginReply>> People::sign_in(http::Caller caller, LoginRequest request) {
  const auto in = co_await rooms_.door.sign_in(request.email, request.password, caller.address);
  const auto stories = co_await rooms_.allowances.of(in.account.id, std::string(kProduct), "stories");
  const auto user = user_of(in.account);
  co_return private_answer(LoginReply{.user = {.id = user.id,
                                               .email = user.email,
                                               .name = user.name,
                                               .subscriptionTier = stories.plan->name,
                                               .monthlyStoriesUsed = stories.used,
                                               .monthlyStoriesLimit = stories.limit},
                                      .session = session_of(in.tokens)},
                           200);
}

Task<Success> People::sign_out(http::Caller caller) {
  co_await rooms_.door.sign_out(caller.session_id);
  co_return Success{};
}

Task<SessionReply> People::who(http::Caller caller) {
  const auto account = co_await rooms_.door.account_of(caller.user_id);
  const auto entitled = co_await rooms_.subscriptions.entitlement(account.id, std::string(kProduct));
  const auto preferences = co_await store::preferences(rooms_.database, account.id);
  const auto end = co_await rooms_.sessions.end_of(caller.session_id);
  const auto user = user_of(account);
  co_return SessionReply{.user = {.id = user.id,
                                  .email = user.email,
                                  .name = user.name,
                                  .preferredLanguage = preferences.value_or(store::Preferences{}).language,
                                  .subscriptionTier = entitled.plan->name},
                         .session = {end.value_or(rooms_.clock.now())}};
}

Task<ProfileReply> People::profile(http::Caller caller) {
  const std::string product(kProduct);
  const auto account = co_await rooms_.door.account_of(caller.user_id);
  const auto entitled = co_await rooms_.subscriptions.entitlement(account.id, product);
  const auto stories = co_await rooms_.allowances.of(account.id, product, "stories");
  const auto preferences = (co_await store::preferences(rooms_.database, account.id)).value_or(store::Preferences{});
  const auto user = user_of(account);
  co_return ProfileReply{{.id = user.id,
                          .email = user.email,
                          .name = user.name,
                          .preferredLanguage = preferences.language,
                          .themePreference = preferences.theme,
                          .subscriptionTier = entitled.plan->name,
                          .subscriptionExpiry = or_null(entitled.expires_at),
                          .monthlyStoriesUsed = stories.used,
                          .monthlyStoriesLimit = stories.limit,
                          .createdAt = account.created_at,
                          .updatedAt = std::max(account.updated_at, preferences.updated_at),
                          .lastSeenAt = rooms_.clock.now()}};
}

Task<ProfileReply> People::change(http::Caller caller, ProfileChange request) {
  if (request.name)
    co_await rooms_.accounts.change(caller.user_id, {.metadata = {{"name", std::string(*request.name)}}});
  if (request.preferredLanguage || request.themePreference) {
    auto preferences = (co_await store::preferences(rooms_.database, caller.user_id)).value_or(store::Preferences{});
    preferences.language = request.preferredLanguage.value_or(preferences.language);
    preferences.theme = request.themePreference.value_or(preferences.theme);
    preferences.updated_at = rooms_.clock.now();
    co_await store::prefer(rooms_.database, caller.user_id, preferences);
  }
  co_return co_await profile(std::move(caller));
}

}  // namespace odeon::stories
