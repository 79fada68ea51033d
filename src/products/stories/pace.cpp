#include "products/stories/pace.hpp"

#include "base/error.hpp"

namespace odeon::stories {

Task<void> Pace::take(std::string what, http::Caller caller, std::int64_t limit) {
  const auto verdict = co_await coordination_.take("stories." + what + ':' + caller.user_id, {limit, http::per_hour});
  if (caller.rate != nullptr)
    *caller.rate = {verdict.allowed, verdict.limit, verdict.remaining, verdict.reset, verdict.retry_after};
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "RATE_LIMITED", fmt::format("That is {} in an hour. Please wait a little.", limit))
        .with_retry_after(verdict.retry_after);
}

}  // namespace odeon::stories
