#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// 1 and 2 nano-dollars a token in batches, twice as much otherwise.
constexpr std::string_view kTwoOffers = R"(
[[model]]
name = "brief"
window = 100_000
price = { input = "0.002", output = "0.004" }
offer = [{ provider = "a", id = "one", batch = 50 }, { provider = "b", id = "one", batch = 50 }]
)";

class Ledger final : public Meter {
 public:
  Task<void> record(Metered call) override {
    if (call.usage.anything()) calls.push_back(std::move(call));
    co_return;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const auto& call : calls)
      lines.push_back(fmt::format("{} {} {} {} {}", call.payer.user_id, call.task, call.model, call.cost,
                                  call.succeeded ? "ok" : "failed"));
    return lines;
  }
  std::vector<Metered> calls;
};

// A reservation ends once.
class PurseByName final : public Budgets {
 public:
  Task<std::string> reserve(Payer payer, NanoUsd most) override {
    if (payer.user_id == "broke") throw Error(Fault::payment_required, "daily_budget_exceeded", "used up");
    std::string id = "r" + std::to_string(++next_);
    held.emplace(id, most);
    co_return id;
  }
  Task<void> settle(std::string id, NanoUsd cost) override {
    if (held.erase(id) == 1) spent += cost;
    co_return;
  }
  std::map<std::string, NanoUsd> held;
  NanoUsd spent = 0;

 private:
  int next_ = 0;
};

// A provider with a memory of its own, as providers have.
struct Upstream {
  std::vector<std::vector<TextRequest>> batches;
  std::optional<Fault> fault;
  bool ended = false;
  int looks = 0, cancels = 0;
};
class Batcher final : public BatchModel {
 public:
  Batcher(std::string name, std::shared_ptr<Upstream> upstream) : name_(std::move(name)), upstream_(upstream) {}
  std::string name() const override { return name_; }
  Task<std::string> submit(std::vector<TextRequest> requests) override {
    if (upstream_->fault) throw Error(*upstream_->fault, "SCRIPTED", "It failed.");
    upstream_->batches.push_back(std::move(requests));
    co_return std::to_string(upstream_->batches.size() - 1);
  }
  // "echo …", and a failure of what asks for one, after use.
  Task<BatchLook> look(BatchTicket ticket) override {
    ++upstream_->looks;
    if (upstream_->fault) throw Error(*upstream_->fault, "SCRIPTED", "It failed.");
    if (!upstream_->ended) co_return BatchLook{.ended = 1, .answers = {}};
    const auto& asked = upstream_->batches.at(std::stoul(ticket.id));
    EXPECT_EQ(asked.size(), ticket.entries.size());
    std::vector<BatchAnswer> answers;
    for (const auto& request : asked) {
      const std::string text = request.messages.front().text();
      const Usage used{.input_tokens = 10, .output_tokens = 5};
      if (text == "fail")
        answers.emplace_back(std::unexpected(FailedAfterUse(Error(Fault::upstream, "SCRIPTED", "No."), used)));
      else if (text == "expire")
        answers.emplace_back(std::unexpected(FailedAfterUse(Error(Fault::timeout, kBatchExpired, "No."), {})));
      else
        answers.emplace_back(TextReply::of("echo " + text, "", used));
    }
    co_return BatchLook{.ended = asked.size(), .answers = std::move(answers)};
  }
  Task<void> cancel(std::string) override {
    ++upstream_->cancels;
    co_return;
  }

 private:
  std::string name_;
  std::shared_ptr<Upstream> upstream_;
};

TextRequest ask(std::string text, std::string user = "anna") {
  return {.task = "chat.summary",
          .messages = {{MessageRole::user, std::move(text)}},
          .max_tokens = 100,
          .payer = {.user_id = std::move(user), .product = "chat", .tier = "pro"}};
}

class GatewayBatchTest : public ::testing::Test {
 protected:
  std::unique_ptr<Gateway> start() {
    auto gateway = std::make_unique<Gateway>(
        clock, log, metrics, ledger, GatewayOptions{.catalogue = Catalogue::from_toml(kTwoOffers), .budgets = &purse});
    gateway->add(std::make_unique<Batcher>("a/one", a));
    gateway->add(std::make_unique<Batcher>("b/one", b));
    return gateway;
  }
  // In the words of a job's payload.
  std::string submit(std::vector<TextRequest> requests) {
    return json::write(run_task(gateway->submit_batch(std::move(requests))));
  }
  BatchLook collect(const std::string& ticket) {
    return run_task(gateway->collect_batch(json::from<BatchTicket>(ticket)));
  }
  template <class Call>
  static Error error_of(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "NO_ERROR", "It went well.");
  }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  Ledger ledger;
  PurseByName purse;
  std::shared_ptr<Upstream> a = std::make_shared<Upstream>(), b = std::make_shared<Upstream>();
  std::unique_ptr<Gateway> gateway = start();
};

std::vector<std::string> said(const BatchLook& look) {
  std::vector<std::string> texts;
  for (const auto& answer : *look.answers)
    texts.push_back(answer ? answer->model + ": " + answer->text() : answer.error().code);
  return texts;
}

TEST_F(GatewayBatchTest, IsPaidAtItsPriceByWhoeverAskedAcrossARestart) {
  const auto ticket = submit({ask("one"), ask("two", "ben"), ask("fail"), ask("expire", "ben"), ask("three", "")});
  // Two of Anna's, two of Ben's, and nobody's, of which nothing is held. 100 tokens of answer at 2 each.
  ASSERT_EQ(purse.held.size(), 2U);
  EXPECT_GT(purse.held.at("r1"), 2 * 200);
  EXPECT_LT(purse.held.at("r1"), 2 * 400);

  gateway = start();
  auto look = collect(ticket);
  EXPECT_FALSE(look.answers);
  EXPECT_EQ(look.ended, 1U);
  EXPECT_TRUE(ledger.calls.empty());
  EXPECT_EQ(purse.held.size(), 2U);

  a->ended = true;
  look = collect(ticket);
  EXPECT_THAT(said(look),
              ElementsAre("a/one: echo one", "a/one: echo two", "SCRIPTED", kBatchExpired, "a/one: echo three"));
  // 10 × 1 + 5 × 2
  EXPECT_THAT(ledger.lines(), ElementsAre("anna chat.summary a/one 20 ok", "ben chat.summary a/one 20 ok",
                                          "anna chat.summary a/one 20 failed", " chat.summary a/one 20 ok"));
  EXPECT_TRUE(purse.held.empty());
  EXPECT_EQ(purse.spent, 60);
  EXPECT_TRUE(b->batches.empty());
}

TEST_F(GatewayBatchTest, CollectedTwiceIsPaidOnce) {
  const auto ticket = submit({ask("one"), ask("two")});
  a->ended = true;
  collect(ticket);
  collect(ticket);
  EXPECT_EQ(purse.spent, 40);
  // The books tell them by their names.
  std::multiset<std::string> ids;
  for (const auto& call : ledger.calls) ids.insert(call.id);
  ASSERT_EQ(ids.size(), 4U);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 2U);
  EXPECT_EQ(ids.count(""), 0U);
  // Another batch has other names.
  collect(submit({ask("one")}));
  EXPECT_EQ(ids.count(ledger.calls.back().id), 0U);
}

TEST_F(GatewayBatchTest, WhoHasNothingLeftIsLeftOut) {
  const auto ticket = submit({ask("one", "broke"), ask("two"), ask("three", "broke")});
  ASSERT_EQ(a->batches.at(0).size(), 1U);
  a->ended = true;
  const auto look = collect(ticket);
  EXPECT_THAT(said(look), ElementsAre("daily_budget_exceeded", "a/one: echo two", "daily_budget_exceeded"));
  EXPECT_EQ(look.answers->front().error().fault, Fault::payment_required);
  EXPECT_EQ(purse.spent, 20);

  const Error none = error_of([&] { submit({ask("one", "broke")}); });
  EXPECT_EQ(none.fault, Fault::payment_required);
  EXPECT_EQ(a->batches.size(), 1U);
}

TEST_F(GatewayBatchTest, WhatCannotBeHandedOverGoesToTheNextOrIsHeldNoMore) {
  a->fault = Fault::rate_limited;
  const auto ticket = json::from<BatchTicket>(submit({ask("one")}));
  EXPECT_EQ(ticket.model, "b/one");
  EXPECT_EQ(purse.held.size(), 1U);

  b->fault = Fault::unavailable;
  EXPECT_EQ(error_of([&] { submit({ask("one"), ask("two", "ben")}); }).fault, Fault::unavailable);
  EXPECT_EQ(purse.held.size(), 1U);
  EXPECT_EQ(purse.spent, 0);

  auto insists = ask("one");
  insists.models = {"b/one"};
  EXPECT_EQ(error_of([&] { submit({insists}); }).code, "SCRIPTED");
  insists.models = {"c/one"};
  EXPECT_EQ(error_of([&] { submit({insists}); }).code, "AI_UNAVAILABLE");
}

TEST_F(GatewayBatchTest, IsAskedForWhereItIs) {
  auto wanted = ask("one");
  wanted.models = {"b/one", "brief"};
  const auto ticket = submit({wanted});
  EXPECT_EQ(b->batches.size(), 1U);

  b->fault = Fault::unauthenticated;
  const Error error = error_of([&] { collect(ticket); });
  EXPECT_EQ(error.fault, Fault::upstream);
  EXPECT_EQ(error.code, "SCRIPTED");
  EXPECT_EQ(a->looks, 0);
  EXPECT_EQ(purse.held.size(), 1U);

  auto away = json::from<BatchTicket>(ticket);
  away.model = "c/one";
  EXPECT_EQ(error_of([&] { run_task(gateway->collect_batch(away)); }).code, "BATCH_MODEL_AWAY");
}

TEST_F(GatewayBatchTest, AProviderThatFailsIsLeftAloneForAWhile) {
  const auto ticket = submit({ask("one")});
  a->fault = Fault::upstream;
  std::string code;
  while (a->looks < 100 && code != "MODEL_RESTING") code = error_of([&] { collect(ticket); }).code;
  EXPECT_EQ(code, "MODEL_RESTING");
  EXPECT_THAT(metrics.text(), HasSubstr("outcome=\"resting\""));
}

TEST_F(GatewayBatchTest, IsCancelledAndStillCollected) {
  const auto ticket = submit({ask("one")});
  run_task(gateway->cancel_batch(json::from<BatchTicket>(ticket)));
  EXPECT_EQ(a->cancels, 1);
  a->ended = true;
  EXPECT_THAT(said(collect(ticket)), ElementsAre("a/one: echo one"));
  EXPECT_THAT(metrics.text(), HasSubstr("odeon_ai_batch_answers_total"));
}

TEST_F(GatewayBatchTest, WhatNobodyCollectsIsHeldNoMore) {
  const auto ticket = json::from<BatchTicket>(submit({ask("one"), ask("two", "ben")}));
  run_task(gateway->release_batch(ticket));
  EXPECT_TRUE(purse.held.empty());
  EXPECT_EQ(purse.spent, 0);
}

TEST_F(GatewayBatchTest, RefusesWhatIsNoBatch) {
  EXPECT_EQ(error_of([&] { submit({}); }).fault, Fault::invalid);
  EXPECT_EQ(error_of([&] { submit(std::vector(kMostInBatch + 1, ask("one"))); }).fault, Fault::invalid);
  for (const std::int64_t payer : {-1, 1}) {
    auto forged = json::from<BatchTicket>(submit({ask("one")}));
    forged.entries.front().payer = payer;
    EXPECT_EQ(error_of([&] { run_task(gateway->collect_batch(forged)); }).code, "BAD_TICKET");
  }
}

TEST(Batch, IsLookedAfterSoonAndThenSeldom) {
  const odeon::testing::FakeClock clock;
  const BatchTicket ticket{.submitted_at = clock.now()};
  const std::vector<std::pair<Micros, std::chrono::seconds>> cases{{0s, 1min},    {-1h, 1min}, {8min, 1min},
                                                                   {40min, 5min}, {4h, 30min}, {24h, 30min}};
  for (const auto& [after, wait] : cases) EXPECT_EQ(until_next_look(ticket, clock.now() + after), wait);
}

}  // namespace
}  // namespace odeon::ai
