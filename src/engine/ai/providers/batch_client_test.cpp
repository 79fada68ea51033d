// The providers' own JavaScript clients at the server that our tests know batches by: they must get on with it as we
// do.
#include <fstream>

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/anthropic_batch.hpp"
#include "engine/ai/providers/batch_fixture_test.hpp"
#include "engine/ai/providers/openai_batch.hpp"
#include "engine/ai/providers/openai_chat.hpp"
#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

namespace lines = batch_lines;
using json::object;

class BatchClients : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR
                                            "/src/engine/ai/providers/strangers_batch " +
                           installed)
                              .c_str()),
              0);
  }
  object clients(std::string_view act) {
    const testing::ScratchFolder folder;
    const auto command = fmt::format("node {}/batches.mjs {} {} {} {} > {}", installed, act, server.url(),
                                     BatchServer::kOpenAiKey, BatchServer::kAnthropicKey, folder / "read.json");
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(folder / "read.json");
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_object();
  }

  const std::string installed = ODEON_BUILD_DIR "/npm/strangers_batch";
  BatchServer server;
};

// What we make of a batch of three, in the words of batches.mjs.
template <class Model>
object understood(std::string base, const TextDialect& dialect, std::shared_ptr<Credentials> credentials,
                  std::string id) {
  auto provider = std::make_shared<Provider>(
      Provider{.name = "p", .base_url = std::move(base), .dialect = &dialect, .credentials = std::move(credentials)});
  const auto play = [](std::shared_ptr<Provider> provider, std::string id) -> Task<BatchLook> {
    http::Client client({});
    odeon::testing::FakeClock clock;
    Model model(client, clock, std::move(provider), ModelTraits{.id = "small"});
    co_return co_await model.look(batch_ticket(std::move(id), 3));
  };
  const auto look = run_task(play(std::move(provider), std::move(id)));
  object all;
  for (std::size_t i = 0; i < 3; ++i) all[batch_request_id(i)] = said_in(look).at(i);
  return all;
}

TEST_F(BatchClients, HandOverReadAndCancelAsWeDo) {
  EXPECT_EQ(clients("ask"), (object{{"openai", "batch_1"}, {"anthropic", "msgbatch_1"}}));
  ASSERT_EQ(server.asked().size(), 3U);
  EXPECT_EQ(server.asked()[2].first, batch_request_id(2));

  server.keep("file-out", lines::openai("request-2", lines::completion("drei \u00fc")) +
                              lines::openai("request-0", lines::completion("eins")));
  server.keep("file-err", lines::openai_unasked("request-1", "batch_expired"));
  server.keep("msgbatch_1", lines::anthropic("request-2", lines::succeeded("three \u00fc")) +
                                lines::anthropic("request-1", {{"type", "expired"}}) +
                                lines::anthropic("request-0", lines::errored("overloaded_error")));
  server.say({{"status", "expired"},
              {"output_file_id", "file-out"},
              {"error_file_id", "file-err"},
              {"processing_status", "ended"},
              {"results_url", server.url("/v1/messages/batches/msgbatch_1/results")}});
  EXPECT_EQ(clients("read"),
            (object{{"openai", {{"request-2", "drei \u00fc"}, {"request-0", "eins"}, {"request-1", "batch_expired"}}},
                    {"anthropic",
                     {{"request-2", "three \u00fc"}, {"request-1", "expired"}, {"request-0", "overloaded_error"}}}}));
  const OpenAiChat openai{openai_flavours::kOpenAi};
  EXPECT_EQ(understood<OpenAiBatch>(server.url("/v1"), openai, bearer(BatchServer::kOpenAiKey), "batch_1"),
            (object{{"request-0", "eins"}, {"request-1", kBatchExpired}, {"request-2", "drei \u00fc"}}));
  const Anthropic anthropic;
  EXPECT_EQ(understood<AnthropicBatch>(server.url(), anthropic,
                                       std::make_shared<HeaderKey>("x-api-key", "", BatchServer::kAnthropicKey),
                                       "msgbatch_1"),
            (object{{"request-0", "PROVIDER_BUSY"}, {"request-1", kBatchExpired}, {"request-2", "three \u00fc"}}));

  server.say({});
  EXPECT_EQ(clients("cancel"), (object{{"openai", "cancelling"}, {"anthropic", "canceling"}}));
}

}  // namespace
}  // namespace odeon::ai
