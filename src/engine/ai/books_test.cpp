// Books that keep nobody waiting: what can be written down at once is, and nothing of it is asked for otherwise.
#include "engine/ai/books.hpp"

#include <gtest/gtest.h>

#include "testing/clock.hpp"
#include "testing/played_model.hpp"

namespace odeon::ai {
namespace {

struct QuickBooks final : Meter, Budgets {
  class Hold final : public Held {
   public:
    Hold(QuickBooks& books, NanoUsd most) : books_(books), most_(most) { books_.held += most_; }
    Task<void> settle(NanoUsd) override {
      ADD_FAILURE() << "it can be settled at once";
      co_return;
    }
    bool settle_now(NanoUsd cost) override {
      books_.held -= most_;
      books_.spent.push_back(cost);
      return true;
    }

   private:
    QuickBooks& books_;
    const NanoUsd most_;
  };

  Task<void> record(Metered) override {
    ADD_FAILURE() << "it can be recorded at once";
    co_return;
  }
  bool record_now(Metered& call) override {
    calls.push_back(std::move(call));
    return true;
  }
  Task<std::unique_ptr<Held>> hold(Payer, NanoUsd most) override { co_return std::make_unique<Hold>(*this, most); }
  Task<std::string> reserve(Payer, NanoUsd) override { co_return ""; }
  Task<void> settle(std::string, NanoUsd) override { co_return; }

  std::vector<Metered> calls;
  std::vector<NanoUsd> spent;
  NanoUsd held = 0;
};

constexpr const char* kPriced = R"(
[[model]]
name = "small"
price = { input = 1, output = 10 }
offer = [{ provider = "a", id = "one" }]
)";

struct BooksAtOnce : ::testing::Test {
  BooksAtOnce() { gateway.add(std::make_unique<odeon::testing::PlayedModel>("a/one", play)); }
  static TextRequest question() {
    return {.task = "chat.reply",
            .messages = {{MessageRole::user, "Hello?"}},
            .max_tokens = 100,
            .payer = {.user_id = "u1", .product = "chat", .tier = "pro"}};
  }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  QuickBooks books;
  std::shared_ptr<odeon::testing::Play> play = std::make_shared<odeon::testing::Play>();
  Gateway gateway{clock, log, metrics, books, {.catalogue = Catalogue::from_toml(kPriced), .budgets = &books}};
};

TEST_F(BooksAtOnce, AreClosedWithTheAnswer) {
  play->reads = {odeon::testing::says("Hi."),
                 {Finished{.finish = Finish::stop, .usage = {.input_tokens = 10, .output_tokens = 4}}}};
  EXPECT_EQ(run_task(gateway.text(question())).text(), "Hi.");
  ASSERT_EQ(books.calls.size(), 1U);
  EXPECT_EQ(books.calls[0].payer.user_id, "u1");
  EXPECT_EQ(books.calls[0].cost, 50'000);
  EXPECT_EQ(books.spent, (std::vector<NanoUsd>{50'000}));
  EXPECT_EQ(books.held, 0);
}

TEST_F(BooksAtOnce, AreClosedWhereNobodyAnswers) {
  play->refusal = Error(Fault::upstream, "SCRIPTED", "It failed.");
  EXPECT_THROW(run_task(gateway.text(question())), Error);
  EXPECT_TRUE(books.calls.empty());
  EXPECT_EQ(books.spent, (std::vector<NanoUsd>{0}));
  EXPECT_EQ(books.held, 0);
}

TEST_F(BooksAtOnce, AreClosedWhereTheCallerLeavesInTheMiddle) {
  play->reads = {odeon::testing::says("Once upon a time")};
  play->hangs = true;
  const auto leave = [](Gateway& gateway) -> Task<void> {
    auto reply = co_await gateway.stream(question());
    static_cast<void>(co_await reply.events->next());
  };
  run_task(leave(gateway));
  run_task(gateway.stop());
  ASSERT_EQ(books.calls.size(), 1U);
  EXPECT_FALSE(books.calls[0].succeeded);
  EXPECT_EQ(books.calls[0].usage.output_tokens, 4);
  EXPECT_EQ(books.spent, (std::vector<NanoUsd>{books.calls[0].cost}));
  EXPECT_EQ(books.held, 0);
}

}  // namespace
}  // namespace odeon::ai
