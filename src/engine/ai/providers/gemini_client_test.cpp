// The answers that our tests know Gemini by, read by Google's own JavaScript client: it must understand them as we do.
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/ai/providers/gemini.hpp"
#include "engine/ai/providers/gemini_answers_test.hpp"
#include "engine/http/server.hpp"
#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

namespace answers = gemini_answers;
using json::array;
using json::object;

// Gemini, that answers each model with the answer of its name.
class GeminiServer {
 public:
  GeminiServer() {
    port = server_.start();
    loops_.start();
  }
  ~GeminiServer() { run_task(server_.stop(std::chrono::milliseconds(0))); }
  std::uint16_t port = 0;

 private:
  static Task<http::Response> answer(http::Request& request) {
    co_await read_all(*request.body, 1 << 20);
    const std::string_view path = request.path, models = "/v1beta/models/";
    const auto colon = path.find(':');
    http::Response response{.status = 404};
    if (!path.starts_with(models) || colon == std::string_view::npos) co_return response;
    const auto& recorded = answers::of(std::string(path.substr(models.size(), colon - models.size())));
    const bool streamed = path.substr(colon) == ":streamGenerateContent";
    response.status = 200;
    response.body = streamed ? answers::stream_of(recorded.frames) : recorded.whole;
    response.headers.add("Content-Type", streamed ? "text/event-stream" : "application/json; charset=UTF-8");
    co_return response;
  }

  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

// What we read, in the words of gemini.mjs.
object gemini_understood(const TextReply& reply) {
  std::string thoughts;
  array calls, signatures;
  const auto sign = [&](const std::string& signature) {
    if (!signature.empty()) signatures.emplace_back(signature.substr(signature.find(':') + 1));
  };
  for (const auto& part : reply.message.parts) {
    if (const auto* thought = std::get_if<Reasoning>(&part)) {
      thoughts += thought->text;
      sign(thought->signature);
    }
    if (const auto* call = std::get_if<ToolCall>(&part)) {
      calls.emplace_back(object{{"name", call->name}, {"args", json::parse(call->arguments)}});
      sign(call->signature);
    }
  }
  return {{"text", reply.text()},
          {"thoughts", thoughts},
          {"calls", std::move(calls)},
          {"signatures", std::move(signatures)},
          {"id", reply.id},
          {"prompt", reply.usage.input_tokens},
          {"cached", reply.usage.cached_tokens},
          {"answer", reply.usage.output_tokens - reply.usage.reasoning_tokens},
          {"reasoning", reply.usage.reasoning_tokens}};
}

Finish finish_of(const object& read) {
  if (!read.at("blocked").is_null()) return Finish::declined;
  if (!read.at("calls").as_array().empty()) return Finish::tool_calls;
  const auto& reason = read.at("finish").as_string();
  return reason == "STOP" ? Finish::stop : reason == "MAX_TOKENS" ? Finish::length : Finish::declined;
}

TEST(GeminiClient, ReadsTheAnswersAsWeDo) {
  const std::string installed = ODEON_BUILD_DIR "/npm/strangers_google";
  ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR
                                          "/src/engine/ai/providers/strangers_google " +
                         installed)
                            .c_str()),
            0);
  const GeminiServer server;
  const testing::ScratchFolder folder;
  const auto recorded = answers::all();
  std::string command = fmt::format("node {}/gemini.mjs http://127.0.0.1:{}", installed, server.port);
  for (const auto& each : recorded) command += " " + each.name;
  ASSERT_EQ(std::system((command + " > " + folder / "read.json").c_str()), 0);
  std::ifstream file(folder / "read.json");
  const auto all = json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_array();
  ASSERT_EQ(all.size(), 2 * recorded.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& from = recorded[i / 2];
    const auto ours = Gemini::studio().read(from.whole, "gemini");
    auto theirs = all[i].as_object();
    EXPECT_EQ(ours.finish, finish_of(theirs)) << from.name;
    theirs.erase("finish");
    theirs.erase("blocked");
    auto expected = gemini_understood(ours);
    if (from.name == "withheld") expected["prompt"] = 9;  // what tools brought is counted apart there
    EXPECT_EQ(theirs, expected) << from.name << (i % 2 == 0 ? " at once" : " as a stream");
  }
}

}  // namespace
}  // namespace odeon::ai
