// Chat behind a socket of its own, over the real HTTP client, with providers that a test makes misbehave: what somebody
// at the product's door sees, what it cost them, and what is in the log.
#pragma once

#include <unistd.h>

#include <boost/asio/use_future.hpp>

#include "engine/ai/providers/remote_text.hpp"
#include "engine/http/client.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "products/chat/apis/completions.hpp"
#include "products/chat/apis/fault_shapes_test.hpp"
#include "products/chat/house_test.hpp"
#include "testing/raw_server.hpp"

extern "C" void __sanitizer_set_report_fd(void* fd) __attribute__((weak));

namespace odeon::chat::faults {

using namespace std::chrono_literals;
using testing::RawScript;
using testing::RawServer;

enum class Door { completions, completions_streamed, messages, messages_streamed, chat, chat_streamed };
inline constexpr Door kDoors[] = {Door::completions, Door::completions_streamed,
                                  Door::messages,    Door::messages_streamed,
                                  Door::chat,        Door::chat_streamed};
inline bool streams(Door door) {
  return door == Door::completions_streamed || door == Door::messages_streamed || door == Door::chat_streamed;
}
// The chat keeps what comes while it comes, also for who wants it as one object.
inline bool asks_for_a_stream(Door door) {
  return streams(door) || door == Door::chat;
}
inline std::string name_of(Door door) {
  static constexpr const char* kNames[] = {"completions", "completions, streamed", "messages", "messages, streamed",
                                           "chat",        "chat, streamed"};
  return kNames[static_cast<int>(door)];
}

// What a client makes of what it got.
struct Seen {
  unsigned status = 0;
  std::string text;         // of the answer, as far as it came
  std::string code;         // of the error, be it the status's or the stream's
  std::string retry_after;  // of the head
  int ends = 0;             // proper ones and errors: never more than one
  bool answered = false;
  bool torn = false;  // the body broke off
  std::string body;
};

inline std::string string_at(const json::value& from, std::string_view pointer) {
  boost::system::error_code missing;
  const auto* found = from.find_pointer(pointer, missing);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

inline void read_events(Door door, Seen& seen) {
  http::EventStreamParser parser(1 << 20);
  std::string_view rest = seen.body;
  const auto end = [&](bool well, std::string code) {
    ++seen.ends;
    seen.answered = well;
    seen.code = std::move(code);
  };
  while (const auto event = parser.next(rest)) {
    if (event->data.empty()) continue;
    if (event->data == "[DONE]") {
      end(true, "");
      continue;
    }
    const auto data = json::parse(event->data);
    const bool failed = event->event == "error" || data.as_object().contains("error");
    if (door == Door::completions_streamed) {
      seen.text += string_at(data, "/choices/0/delta/content");
      if (failed) end(false, string_at(data, "/error/code"));
    } else if (door == Door::messages_streamed) {
      seen.text += string_at(data, "/delta/text");
      if (event->event == "message_stop") end(true, "");
      if (failed) end(false, string_at(data, "/error/type"));
    } else {
      if (event->event == "delta") seen.text += string_at(data, "/text");
      if (event->event == "done") end(true, "");
      if (failed) end(false, string_at(data, "/code"));
    }
  }
}

inline void read_whole(Door door, Seen& seen) {
  const auto data = json::parse(seen.body);
  seen.ends = 1;
  seen.answered = seen.status == 200;
  if (door == Door::chat || door == Door::chat_streamed) {
    seen.text = string_at(data, "/text");
    seen.code = string_at(data, "/code");
  } else if (door == Door::completions || door == Door::completions_streamed) {
    seen.text = string_at(data, "/choices/0/message/content");
    seen.code = string_at(data, "/error/code");
  } else {
    seen.text = string_at(data, "/content/0/text");
    seen.code = string_at(data, "/error/type");
  }
}

// Before everything that logs, so that it is read when that is gone. What a sanitizer reports is not held back.
struct CapturedLog {
  CapturedLog() {
    static const int report = ::dup(STDERR_FILENO);
    if (__sanitizer_set_report_fd != nullptr)
      __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(report)));
    ::testing::internal::CaptureStderr();
  }
  ~CapturedLog() {
    const auto text = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(text.contains(must_hold)) << text;
    for (const auto& secret : {kKey, kPrompt, std::string("AAPL"), std::string("Once upon")})
      EXPECT_FALSE(text.contains(secret)) << text;
  }
  std::string_view must_hold = "\"request\"";
};

struct Recorder final : ai::Meter {
  Task<void> record(ai::Metered call) override {
    calls.push_back(std::move(call));
    co_return;
  }
  std::vector<ai::Metered> calls;
};

// The same story of two sellers, of whom the second costs more.
inline constexpr const char* kStory = R"(
[[model]]
name = "story"
kind = "text"
window = 4_000
max_output = 500
price = { input = 1, output = 10 }
offer = [{ provider = "first", id = "one" }, { provider = "second", id = "two", price = { input = 2, output = 20 } }]
)";
inline constexpr const char* kFirst = "first/one";

struct Upstream {
  std::string name, id;
  const ai::TextDialect* dialect = nullptr;
  std::string url;
  std::chrono::milliseconds patience = 30s;  // of each kind
};

// The gateway and the product, new for each exchange: no circuit remembers the one before.
struct Stage {
  Stage(testing::ProductHouse& house, ai::Meter& meter, ai::Budgets& budgets, Log& log, std::vector<Upstream> upstreams)
      : client({.idle_time = upstreams.empty() ? http::ClientOptions().idle_time : upstreams.front().patience}),
        gateway(house.clock, log, metrics, meter, {.catalogue = ai::Catalogue::from_toml(kStory), .budgets = &budgets}),
        asking(*house.database, house.subscriptions, house.allowances, house.clock),
        signer(std::string(32, 's'), house.clock),
        files(storage::open_files(house.folder / "objects", house.pool, signer, house.clock)),
        attachments({*house.database, *files, signer, asking, house.clock}),
        index(*house.database, gateway, house.subscriptions, house.queue, house.clock),
        recall(*house.database, index),
        remembering({*house.database, asking, gateway, choice, index, house.queue, house.clock}),
        replies(*house.database, asking, attachments, remembering, gateway, choice, house.clock),
        router({house.key_access, limiter, uploads, house.clock}, log) {
    for (auto& one : upstreams)
      gateway.add(
          std::make_unique<ai::RemoteText>(client, house.clock,
                                           std::make_shared<ai::Provider>(ai::Provider{.name = one.name,
                                                                                       .base_url = std::move(one.url),
                                                                                       .dialect = one.dialect,
                                                                                       .credentials = ai::bearer(kKey),
                                                                                       .limit = one.patience,
                                                                                       .first_byte = one.patience,
                                                                                       .first_word = one.patience}),
                                           ai::ModelTraits{.id = one.id}));
    completions.emplace(gateway, *house.database, house.subscriptions, house.clock);
    router.add(std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>()));
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Chat", std::make_unique<http::FlatFormat>());
    completions->mount(*api);
    answers.mount(*api);
    router.add(std::move(api));
  }

  Metrics metrics;
  http::Client client;
  ai::Gateway gateway;
  ai::Routing routing{kStory, gateway.catalogue()};
  ModelChoice choice{gateway, routing};
  Asking asking;
  storage::FileSigner signer;
  std::unique_ptr<storage::Storage> files;
  Attachments attachments;
  MemoryIndex index;
  Recall recall;
  Remembering remembering;
  Replies replies;
  Answers answers{asking, attachments, recall, replies, choice};
  std::optional<Completions> completions;
  testing::FakeLimiter limiter;
  testing::FakeUploads uploads;
  http::Router router;
};

// Clients, the product and its providers live on one loop, so that what comes first is known.
struct FaultHouse : ::testing::Test, CapturedLog, testing::ProductHouse {
  FaultHouse() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}, migrations()) {
    ada = run_task(door.sign_up({.mail = "ada@example.com", .password = "Correct horse 1"})).account.id;
    run_task(subscriptions.set_plan(ada, product, "ultra"));
    key = run_task(keys.create({.account_id = ada, .product = product, .name = "program", .scopes = {"read", "write"}}))
              .secret;
    port = listener.start();
    loops.start();
  }
  ~FaultHouse() override {
    run_task(listener.stop(0ms));
    for (auto& one : stages) run_task(one->gateway.stop());
    close();
    loops.stop();
    loops.join();
  }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops.executor(0), std::move(task), asio::use_future).get();
  }

  // ---- on the loop ----

  void stage(std::vector<Upstream> upstreams) {
    stages.push_back(std::make_unique<Stage>(*this, meter, budgets, told, std::move(upstreams)));
  }

  Task<http::ClientResponse> open(http::Client& client, Door door) {
    static constexpr const char* kPaths[] = {"/v1/chat/completions", "/v1/messages", "/api/chat"};
    http::ClientRequest request{
        .method = http::Method::post,
        .url = fmt::format("http://127.0.0.1:{}/chat{}", port, kPaths[static_cast<int>(door) / 2])};
    request.headers.set("Authorization", "Bearer " + key);
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Accept", door == Door::chat ? "application/json" : "*/*");
    json::object body{{"model", "story"}};
    if (door == Door::chat || door == Door::chat_streamed)
      body["text"] = kPrompt;
    else
      body["messages"] = json::array{json::object{{"role", "user"}, {"content", kPrompt}}}, body["max_tokens"] = 100,
      body["stream"] = streams(door);
    request.body = json::write(body);
    return client.send(std::move(request));
  }
  Task<Seen> ask(Door door) {
    http::Client client{{}};
    auto response = co_await open(client, door);
    Seen seen{.status = response.status, .retry_after = std::string(response.headers.get("Retry-After"))};
    const auto body = co_await settle(read_all(*response.body, 1 << 20));
    seen.torn = !body;
    if (!body) co_return seen;
    seen.body = *body;
    if (response.headers.get("Content-Type") == "text/event-stream")
      read_events(door, seen);
    else
      read_whole(door, seen);
    co_return seen;
  }

  // Of today's budget: what was used, and what is held at the moment.
  struct Spent {
    std::int64_t used = 0, held = 0;
  };
  Task<Spent> spent() {
    const auto of = co_await allowances.of(ada, product, kSpend);
    co_return Spent{of.used, of.reserved};
  }

  Log told{Log::Level::debug};
  Recorder meter;
  HeldBudgets budgets{*database, allowances};
  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  std::string ada, key;
  Loops loops{1};
  std::vector<std::unique_ptr<Stage>> stages;
  std::uint16_t port = 0;
  http::Server listener{
      {.address = "127.0.0.1", .port = 0},
      loops,
      http::pipeline({http::log_requests(told), http::request_ids()},
                     [this](http::Request& request) { return stages.back()->router.handle(request); }),
      told,
      metrics};
};

}  // namespace odeon::chat::faults
