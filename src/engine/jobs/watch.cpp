#include <boost/asio/experimental/awaitable_operators.hpp>

#include "engine/jobs/core.hpp"
#include "engine/jobs/queue.hpp"

namespace odeon::jobs {
namespace {

using namespace asio::experimental::awaitable_operators;

constexpr Micros kSlowPoll = std::chrono::seconds(2);

bool ended(const Progress& progress) {
  return progress.state == State::completed || progress.state == State::failed || progress.state == State::cancelled;
}

// The estimate alone is no change: it moves with the clock.
bool same(const Progress& a, const Progress& b) {
  const auto parts = [](const Progress& p) {
    return std::tie(p.state, p.percent, p.stage, p.message, p.attempt, p.error, p.queue_position);
  };
  return parts(a) == parts(b);
}

Task<void> hear(coordination::Subscription& subscription) {
  static_cast<void>(co_await subscription.next());
}

// Nothing if `failure` is a database that is away: whoever watches goes on waiting.
void rethrow_unless_away(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.fault != Fault::unavailable) throw;
  }
}

}  // namespace

Task<void> Queue::watch(std::string id, std::function<Task<bool>(const Progress&)> on_change) {
  const auto core = core_;
  // Listening comes before looking, so that no change falls between the two.
  const auto announcements = core->coordination.listen(topic_of(id));
  std::optional<Progress> shown = co_await progress(id);
  if (!shown || !co_await on_change(*shown)) co_return;
  while (!ended(*shown)) {
    co_await (hear(*announcements) || core->clock.sleep_for(kSlowPoll));
    std::optional<Progress> found;
    std::exception_ptr failure;
    try {
      found = co_await progress(id);
      if (!found) co_return;  // pruned meanwhile
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      rethrow_unless_away(failure);
      continue;
    }
    if (same(*found, *shown)) continue;
    shown = std::move(found);
    if (!co_await on_change(*shown)) co_return;
  }
}

}  // namespace odeon::jobs
