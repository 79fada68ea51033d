// A model behind a server that a test scripts, asked as OpenAI's.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/openai_chat.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/remote_text.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai::openai_fixture {

using namespace std::chrono_literals;
using odeon::testing::http_answer;
using odeon::testing::RawScript;
using odeon::testing::RawServer;

inline constexpr const char* kKey = "sk-proj-topsecret";
inline const OpenAiChat kDialect;

inline TextRequest question() {
  return {.task = "t",
          .messages = {{MessageRole::system, "Be brief."}, {MessageRole::user, "What moved? \"AAPL\"\n"}},
          .max_tokens = 200,
          .temperature = 0.5};
}

inline std::string ok_json(const std::string& body) {
  return http_answer("200 OK", "application/json", body);
}
inline RawScript sends(std::string bytes) {
  return {odeon::testing::send(std::move(bytes))};
}

struct Exchange {
  std::vector<std::string> heads, bodies;
};
struct Patience {
  std::chrono::milliseconds limit = 1h, first_byte = 1h, silence = 1h;
};

// What `use(model)` comes to when a server plays `answer` after a request of `request_size` bytes.
template <class Result>
Result with_model(RawScript answer, std::size_t request_size, Patience patience,
                  std::function<Task<Result>(RemoteText&)> use, Exchange* seen = nullptr) {
  auto play = [](RawScript answer, std::size_t size, Patience patience, std::function<Task<Result>(RemoteText&)> use,
                 Exchange* seen) -> Task<Result> {
    RawServer server(co_await asio::this_coro::executor);
    RawScript script{odeon::testing::read_head(), odeon::testing::read_bytes(size)};
    script.insert(script.end(), answer.begin(), answer.end());
    server.on_connection(std::move(script));
    http::Client client({.idle_time = patience.silence});
    odeon::testing::FakeClock clock;
    RemoteText model(client, clock,
                     std::make_shared<Provider>(Provider{.name = "local",
                                                         .base_url = server.url("/v1/"),
                                                         .dialect = &kDialect,
                                                         .credentials = bearer(kKey),
                                                         .limit = patience.limit,
                                                         .first_byte = patience.first_byte}),
                     ModelTraits{.id = "small"});
    auto outcome = co_await settle(use(model));
    if (seen != nullptr) *seen = {server.heads(), server.bodies()};
    co_await server.stop();
    if (!outcome) std::rethrow_exception(outcome.error());
    co_return std::move(*outcome);
  };
  return run_task(play(std::move(answer), request_size, patience, std::move(use), seen));
}

struct Failure {
  Error error{Fault::internal, "", "it answered"};
  Usage usage;
};
inline Failure failure_in(std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const FailedAfterUse& error) {
    return {error, error.usage};
  } catch (const Error& error) {
    return {error, {}};
  }
}
template <class Call>
Failure failure_of(Call call) {
  try {
    call();
  } catch (const Error&) {
    return failure_in(std::current_exception());
  }
  return {};
}

}  // namespace odeon::ai::openai_fixture
