#include "products/chat/apis/relay.hpp"

#include "products/chat/answers_test.hpp"
#include "products/chat/apis/openai_api.hpp"

namespace odeon::chat {
namespace {

using namespace std::chrono_literals;

class Client final : public http::BodyWriter {
 public:
  Task<void> write(std::string_view bytes) override {
    if (gone) throw std::runtime_error("the client is gone");
    writes.emplace_back(bytes);
    co_return;
  }
  bool gone = false;
  std::vector<std::string> writes;
};

class Reads final : public ai::TextStream {
 public:
  Reads(std::vector<ai::TextEvents> reads, bool& closed, std::exception_ptr fault = nullptr)
      : reads_(std::move(reads)), closed_(closed), fault_(std::move(fault)) {}
  ~Reads() override { closed_ = true; }
  Task<ai::TextEvents> next() override {
    if (at_ < reads_.size()) co_return reads_[at_++];
    if (fault_) std::rethrow_exception(fault_);
    if (!std::holds_alternative<ai::Finished>(reads_.back().back())) co_await sleep_on_loop(1h);
    co_return ai::TextEvents{};
  }

 private:
  std::vector<ai::TextEvents> reads_;
  bool& closed_;
  std::exception_ptr fault_;
  std::size_t at_ = 0;
};

struct Relay : ::testing::Test {
  Task<void> of(std::vector<ai::TextEvents> reads, std::exception_ptr fault = nullptr) {
    return relay({"a/one", std::make_unique<Reads>(std::move(reads), closed, std::move(fault))},
                 openai_teller(kLabel, false), client);
  }
  Client client;
  bool closed = false;
};

TEST_F(Relay, WritesOnceForEachRead) {
  run_task(of({{ai::TextDelta{"a"}, ai::TextDelta{"b"}}, {ai::TextDelta{"c"}}, {ai::TextDelta{"d"}, ai::Finished{}}}));
  ASSERT_EQ(client.writes.size(), 3U);
  EXPECT_EQ(frames_of(client.writes[0]).size(), 3U);
  EXPECT_TRUE(client.writes[2].ends_with("data: [DONE]\n\n"));
  EXPECT_TRUE(closed);
}

TEST_F(Relay, TellsWhyAnAnswerBreaksOff) {
  const Error cut(Fault::upstream, "STREAM_CUT", "It broke.");
  run_task(of({{ai::TextDelta{"a"}}}, std::make_exception_ptr(ai::FailedAfterUse(cut, {}))));
  ASSERT_EQ(client.writes.size(), 2U);
  EXPECT_TRUE(client.writes[1].contains("\"stream_cut\"")) << client.writes[1];
  EXPECT_FALSE(client.writes[1].contains("[DONE]"));
}

TEST_F(Relay, CutsWhatNobodyCanName) {
  EXPECT_THROW(run_task(of({{ai::TextDelta{"a"}}}, std::make_exception_ptr(std::runtime_error("inside")))),
               std::runtime_error);
  EXPECT_EQ(client.writes.size(), 1U);
}

TEST_F(Relay, ClosesTheCallOfAClientThatIsGone) {
  client.gone = true;
  EXPECT_THROW(run_task(of({{ai::TextDelta{"a"}}, {ai::Finished{}}})), std::runtime_error);
  EXPECT_TRUE(closed);
}

// A server that stops cancels what is being sent.
TEST_F(Relay, TellsThatTheServerStops) {
  auto stopped = [](this auto, Relay& self) -> Task<void> {
    co_await with_timeout(1ms, self.of({{ai::TextDelta{"a"}}}));
  };
  EXPECT_THROW(run_task(stopped(*this)), Error);
  ASSERT_EQ(client.writes.size(), 2U);
  EXPECT_TRUE(client.writes[1].contains("\"server_stopping\"")) << client.writes[1];
  EXPECT_TRUE(closed);
}

}  // namespace
}  // namespace odeon::chat
