#include "engine/identity/remote_keys.hpp"

#include "base/error.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kMaxDocument = 256 * 1024;
constexpr std::chrono::seconds kFetchTime{5};
constexpr Micros kAskKeysEvery = std::chrono::minutes(1), kAskEveryAtFirst = std::chrono::seconds(5);
constexpr Micros kKeepKeysFor = std::chrono::minutes(10);
// For the nodes that ask in the same moment.
constexpr std::chrono::milliseconds kShareKeysFor{5'000};

Task<std::string> get(http::Client& client, std::string url) {
  http::ClientRequest request{.url = url};
  request.headers.add("Accept", "application/json");
  auto response = co_await client.send(std::move(request));
  if (response.status != 200)
    throw Error(Fault::upstream, "KEYS_NOT_SERVED", "The issuer's keys cannot be read.")
        .with_detail(fmt::format("status {}", response.status));
  co_return co_await read_all(*response.body, kMaxDocument);
}

}  // namespace

Fetch fetch_by(http::Client& client) {
  return [&client](this auto, std::string url) { return with_timeout(kFetchTime, get(client, std::move(url))); };
}

RemoteKeys::RemoteKeys(std::string url, Fetch fetch, coordination::Coordination& coordination, const Clock& clock,
                       Log& log)
    : url_(std::move(url)), fetch_(std::move(fetch)), coordination_(coordination), clock_(clock), log_(log) {}

Task<std::shared_ptr<const KeySet>> RemoteKeys::keys_for(Algorithm algorithm, std::string id) {
  if (should_ask(algorithm, id)) co_await ask();
  std::lock_guard lock(mutex_);
  if (!state_.keys)
    throw Error(Fault::unavailable, "ISSUER_UNREACHABLE", "Sign-ins cannot be checked just now. Try again soon.")
        .with_retry_after(std::chrono::seconds(5));
  co_return state_.keys;
}

bool RemoteKeys::should_ask(Algorithm algorithm, const std::string& id) const {
  const Instant now = clock_.now();
  std::lock_guard lock(mutex_);
  const bool known = state_.keys && state_.keys->knows(algorithm, id);
  if (known && now - state_.fetched_at < kKeepKeysFor) return false;
  // Whoever comes while someone asks waits for that answer, unless what is known will do.
  if (state_.fetching > 0) return !known;
  return !state_.tried_at || now - *state_.tried_at >= (state_.keys ? kAskKeysEvery : kAskEveryAtFirst);
}

Task<void> RemoteKeys::ask() {
  const Instant now = clock_.now();
  {
    std::lock_guard lock(mutex_);
    ++state_.fetching;
    state_.tried_at = now;
  }
  // A client that leaves must not keep the others from the answer, nor use up the minute.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto fetch = [&fetch = fetch_, url = url_](this auto) { return fetch(url); };
  const auto document = co_await settle(cached_or(coordination_, "identity.jwks|" + url_, kShareKeysFor, fetch));
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  std::exception_ptr failure;
  std::shared_ptr<const KeySet> keys;
  try {
    if (!document) std::rethrow_exception(document.error());
    keys = std::make_shared<const KeySet>(KeySet::from_jwks(*document));
  } catch (...) {
    failure = std::current_exception();
  }
  {
    std::lock_guard lock(mutex_);
    --state_.fetching;
    if (keys) {
      state_.keys = keys;
      state_.fetched_at = now;
    }
  }
  if (failure) log_.warning("identity.issuer_unreachable", {{"reason", describe(failure)}});
}

}  // namespace odeon::identity
