// The official SDKs of OpenAI and Anthropic, and a scanner of their APIs, against a server of ours over a real socket;
// and what goes on there when somebody leaves.
#include "engine/http/client.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "products/chat/apis/api_house_test.hpp"

namespace odeon::chat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Listening : ::testing::Test, ApiHouse {
  Listening() {
    port = listener.start();
    loops.start();
  }
  ~Listening() override {
    run_task(listener.stop(milliseconds(0)));
    run_task(gateway.stop());
    close();
  }

  std::uint16_t port = 0;
  Loops loops{1};
  http::Server listener{
      {.address = "127.0.0.1", .port = 0},
      loops,
      http::pipeline({http::request_ids()}, [this](http::Request& request) { return server.router.handle(request); }),
      log,
      metrics};
};

struct OfficialClients : Listening {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/products/chat/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/chat"; }
  int run(const std::string& script) {
    return std::system(
        fmt::format("node {}/{} http://127.0.0.1:{} {} {} {}", installed(), script, port, key, poor_key, broke_key)
            .c_str());
  }
};

TEST_F(OfficialClients, OpenAis) {
  EXPECT_EQ(run("openai.mjs"), 0);
}

TEST_F(OfficialClients, OpenAisWhereItIsNotTalk) {
  EXPECT_EQ(run("openai_media.mjs"), 0);
}

TEST_F(OfficialClients, Anthropics) {
  EXPECT_EQ(run("anthropic.mjs"), 0);
}

// A scanner of APIs that call themselves compatible with OpenAI's; a warning is a failure here.
TEST_F(OfficialClients, CompatCanary) {
  const auto command = fmt::format(
      "{}/node_modules/.bin/compatcanary scan --base-url http://127.0.0.1:{}/chat/v1 --model small --profile chat "
      "--api-key {} --format json --fail-on any",
      installed(), port, key);
  std::string report;
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  for (int c; (c = std::fgetc(output.get())) != EOF;) report += static_cast<char>(c);
  const auto summary = json::parse(report).at("summary");
  EXPECT_EQ(summary.at("passes"), 5) << report;
  EXPECT_EQ(summary.at("total"), 5) << report;
}

// Asks for an answer without an end, at one of the two APIs.
Task<http::ClientResponse> ask_for_ever(http::Client& client, std::uint16_t port, std::string key, std::string path) {
  http::ClientRequest request{.method = http::Method::post, .url = fmt::format("http://127.0.0.1:{}{}", port, path)};
  request.headers.set("Authorization", "Bearer " + key);
  request.headers.set("Content-Type", "application/json");
  request.body = R"({"model":"small","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"forever"}]})";
  co_return co_await client.send(std::move(request));
}

Task<std::string> first_read(http::ClientResponse& response) {
  std::string bytes(4096, '\0');
  bytes.resize(co_await response.body->read(bytes));
  co_return bytes;
}

TEST_F(Listening, WhoLeavesEndsTheCall) {
  run_task([](Listening& self) -> Task<void> {
    http::Client client{http::ClientOptions{}};
    auto answer = co_await ask_for_ever(client, self.port, self.key, "/chat/v1/chat/completions");
    EXPECT_TRUE((co_await first_read(answer)).contains("Once "));
    EXPECT_EQ(self.cast->open, 1);
  }(*this));
  // Else it would wait for the answer's end.
  run_task(with_timeout(seconds(30), listener.stop(std::chrono::hours(1))));
  EXPECT_EQ(cast->open, 0);
}

TEST_F(Listening, WhoStaysHearsThatTheServerStops) {
  const auto rest_of = [](Listening& self, std::string path) -> Task<std::string> {
    http::Client client{http::ClientOptions{}};
    auto answer = co_await ask_for_ever(client, self.port, self.key, path);
    std::string all = co_await first_read(answer);
    std::vector<Task<void>> both;
    both.push_back(self.listener.stop(milliseconds(0)));
    both.push_back([](http::ClientResponse& answer, std::string& all) -> Task<void> {
      all += co_await read_all(*answer.body, 1 << 20);
    }(answer, all));
    co_await all_of(std::move(both));
    co_return all;
  };
  const auto told = run_task(rest_of(*this, "/chat/v1/chat/completions"));
  EXPECT_TRUE(told.contains("\"server_stopping\"")) << told;
  EXPECT_FALSE(told.contains("[DONE]"));
  EXPECT_EQ(cast->open, 0);
}

}  // namespace
}  // namespace odeon::chat
