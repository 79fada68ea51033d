#include "products/briefings/account.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {

void Account::mount(http::Api& api) {
  http::mount(api, subscription_status, &Account::subscription, *this);
  http::mount(api, list_voices, &Account::voices, *this);
  http::mount(api, choose_voice, &Account::choose, *this);
}

Task<SubscriptionReply> Account::subscription(http::Caller caller) {
  const std::string product(kProduct);
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, product);
  const billing::Plan& plan = *entitled.plan;
  const auto meters = co_await allowances_.all(caller.user_id, product);
  auto counted = [&meters](std::string_view meter) {
    const auto found = std::ranges::find(meters, meter, &billing::Allowance::meter);
    return found->used + found->reserved;
  };
  co_return SubscriptionReply{.tier = plan.name,
                              .status = entitled.status,
                              .expires_at = entitled.expires_at,
                              .cancel_at_period_end = entitled.cancel_at_period_end,
                              .usage = {.briefings_today = counted("briefings"),
                                        .briefings_limit = plan.limit("briefings_per_day"),
                                        .stocks_used = counted("stocks"),
                                        .stocks_limit = plan.limit("stocks")},
                              .features = {.personalized_news = plan.has("personalized_news"),
                                           .portfolio_tracking = plan.has("portfolio_tracking"),
                                           .unlimited_history = plan.limit("history_days") == billing::kUnlimited,
                                           .api_access = plan.has("api_access"),
                                           .priority_generation = plan.has("priority_generation")},
                              .upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url};
}

Task<Voices> Account::voices(http::Caller caller) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  std::string chosen = co_await store_.voice_of(caller.user_id);
  if (chosen.empty() || !voices_.allows(*entitled.plan, chosen)) chosen = voices_.standard(*entitled.plan);
  const auto all = voices_.all();
  Voices reply;
  for (const auto& voice : all)
    reply.voices.push_back({.name = voice.name,
                            .language = voice.language,
                            .class_ = std::string(voice_class(voice, all)),
                            .available = voices_.allows(*entitled.plan, voice.name),
                            .chosen = voice.name == chosen});
  co_return reply;
}

Task<Voices> Account::choose(http::Caller caller, ChooseVoice request) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  if (!voices_.allows(*entitled.plan, request.voice)) throw voice_not_allowed(subscriptions_.plans_of(kProduct));
  co_await store_.choose_voice(caller.user_id, std::string(request.voice), clock_.now());
  co_return co_await voices(std::move(caller));
}

}  // namespace odeon::briefings
