#include "engine/http/client_connect.hpp"

#include "engine/http/client_errors.hpp"

namespace odeon::http::client {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using Endpoints = std::vector<tcp::endpoint>;

constexpr std::chrono::milliseconds kHeadStart{250};

[[noreturn]] void throw_cancelled() {
  throw boost::system::system_error(asio::error::operation_aborted);
}

// A lookup runs on a thread of the resolver and cannot be stopped there; whoever gives up leaves it
// behind, so its state is shared with it.
struct Lookup {
  Lookup(asio::any_io_executor executor, SteadyClock::time_point due) : resolver(executor), done(executor, due) {}
  tcp::resolver resolver;
  asio::steady_timer done;
  bool ended = false;
  error_code failure;
  Endpoints found;
};

Task<Endpoints> look_up(std::string host, std::uint16_t port, SteadyClock::time_point due) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return Endpoints{{address, port}};

  auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor, due);
  lookup->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                 [lookup](error_code failure, tcp::resolver::results_type results) {
                                   lookup->ended = true;
                                   lookup->failure = failure;
                                   lookup->found.assign(results.begin(), results.end());
                                   lookup->done.cancel();
                                 });
  error_code woken;
  co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!lookup->ended) {
    lookup->resolver.cancel();
    if (woken) throw_cancelled();
    throw timed_out(fmt::format("looking up {}", host));
  }
  if (lookup->failure || lookup->found.empty())
    throw unreachable("DNS_FAILED", fmt::format("looking up {}: {}", host, lookup->failure.message()));
  co_return std::move(lookup->found);
}

bool is_allowed(const AddressFilter& may_connect, const tcp::endpoint& endpoint) {
  if (!may_connect) return true;
  const auto address = endpoint.address();
  return address.is_v4() ? may_connect(address.to_v4().to_bytes()) : may_connect(address.to_v6().to_bytes());
}

Endpoints allowed(Endpoints found, const AddressFilter& may_connect) {
  std::erase_if(found, [&](const tcp::endpoint& endpoint) { return !is_allowed(may_connect, endpoint); });
  if (found.empty())
    throw Error(Fault::forbidden, "ADDRESS_NOT_ALLOWED", "The address leads to where no connection is allowed.");
  return found;
}

// IPv6 and IPv4 by turns, beginning with the resolver's first choice.
Endpoints by_turns(const Endpoints& found) {
  Endpoints first, second, ordered;
  for (const tcp::endpoint& endpoint : found)
    (endpoint.protocol() == found.front().protocol() ? first : second).push_back(endpoint);
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) ordered.push_back(first[i]);
    if (i < second.size()) ordered.push_back(second[i]);
  }
  return ordered;
}

struct Race {
  explicit Race(asio::any_io_executor executor) : wake(std::move(executor)) {}
  asio::steady_timer wake;
  std::deque<tcp::socket> sockets;
  std::size_t failed = 0;
  std::optional<std::size_t> winner;
  error_code last_failure;
};

void start(std::shared_ptr<Race> race, tcp::endpoint endpoint) {
  const std::size_t index = race->sockets.size();
  race->sockets.emplace_back(race->wake.get_executor());
  race->sockets.back().async_connect(endpoint, [race, index](error_code failure) {
    if (failure) {
      ++race->failed;
      race->last_failure = failure;
    } else if (!race->winner) {
      race->winner = index;
    }
    race->wake.cancel();
  });
}

// However the race ends, nobody else goes on connecting.
struct CloseAll {
  Race& race;
  ~CloseAll() {
    error_code ignored;
    for (auto& socket : race.sockets) socket.close(ignored);
  }
};

}  // namespace

Task<tcp::socket> connect(std::string host, std::uint16_t port, SteadyClock::time_point due,
                          const AddressFilter& may_connect) {
  const Endpoints endpoints = by_turns(allowed(co_await look_up(host, port, due), may_connect));
  auto race = std::make_shared<Race>(co_await asio::this_coro::executor);
  CloseAll close_all{*race};
  for (;;) {
    const std::size_t started = race->sockets.size(), failed = race->failed;
    if (started < endpoints.size()) start(race, endpoints[started]);
    const bool more = race->sockets.size() < endpoints.size();
    race->wake.expires_at(more ? std::min(due, SteadyClock::now() + kHeadStart) : due);
    error_code woken;
    co_await race->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (race->winner) break;
    if (race->failed == endpoints.size())
      throw unreachable("CONNECT_FAILED", fmt::format("{}:{}: {}", host, port, race->last_failure.message()));
    if (woken && race->failed == failed) throw_cancelled();
    if (SteadyClock::now() >= due) throw timed_out(fmt::format("connecting to {}:{}", host, port));
  }
  tcp::socket socket = std::move(race->sockets[*race->winner]);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true);
  co_return socket;
}

}  // namespace odeon::http::client
