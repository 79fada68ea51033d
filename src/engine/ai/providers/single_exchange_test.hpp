// One question to a provider that answers with bytes of a test's own, complete or not.
#pragma once

#include "engine/http/client.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {

struct SeenRequest {
  std::string head, body;
};

// What the Task `call(client, clock, base_url)` comes to when a server reads `size` bytes of a body and then sends
// `answer`.
template <class Call>
auto exchanged(std::size_t size, std::string answer, Call call, SeenRequest* seen = nullptr) {
  using Result = std::invoke_result_t<Call&, http::Client&, const Clock&, std::string>::value_type;
  auto play = [](std::size_t size, std::string answer, Call& call, SeenRequest* seen) -> Task<Result> {
    odeon::testing::RawServer server(co_await asio::this_coro::executor);
    server.on_connection(
        {odeon::testing::read_head(), odeon::testing::read_bytes(size), odeon::testing::send(std::move(answer))});
    http::Client client({});
    odeon::testing::FakeClock clock;
    auto outcome = co_await settle(call(client, clock, server.url("")));
    if (seen != nullptr) *seen = {server.heads().at(0), server.bodies().at(0)};
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
    co_return std::move(*outcome);
  };
  return run_task(play(size, std::move(answer), call, seen));
}

}  // namespace odeon::ai
