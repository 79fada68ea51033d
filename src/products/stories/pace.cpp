#include "products/stories/pace.hpp"

#include "base/error.hpp"

namespace odeon::stories {
namespace {

std::string counter_of(const Cost& cost, const http::Caller& caller) {
  return fmt::format("stories.{}:{}", cost.what, caller.user_id);
}

}  // namespace

Task<void> Pace::take(std::vector<Cost> costs, http::Caller caller) {
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const auto verdict = co_await coordination_.take(counter_of(costs[i], caller), {costs[i].an_hour, http::per_hour});
    if (caller.rate != nullptr)
      *caller.rate = {verdict.allowed, verdict.limit, verdict.remaining, verdict.reset, verdict.retry_after};
    if (verdict.allowed) continue;
    const auto an_hour = costs[i].an_hour;
    costs.resize(i);
    co_await give_back(std::move(costs), std::move(caller));
    throw Error(Fault::rate_limited, "RATE_LIMITED",
                fmt::format("That is {} in an hour. Please wait a little.", an_hour))
        .with_retry_after(verdict.retry_after);
  }
}

Task<void> Pace::give_back(std::vector<Cost> costs, http::Caller caller) {
  for (const auto& cost : costs)
    co_await coordination_.give_back(counter_of(cost, caller), {cost.an_hour, http::per_hour});
}

}  // namespace odeon::stories
