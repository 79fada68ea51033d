// What people say, read in batches by the jobs as they run in the server.
#include "products/chat/memory/learning_later.hpp"

#include "products/chat/memory/memory_test.hpp"
#include "products/chat/store_settings.hpp"

namespace odeon::chat {
namespace {

// Who takes batches, and what they make of them once they are ready.
struct PlayedBatch {
  std::vector<std::vector<ai::TextRequest>> handed;
  std::optional<Error> refusal;
  bool ready = true;
  int cancelled = 0;
  std::function<ai::BatchAnswer(const ai::TextRequest&)> answer;
};

class PlayedBatcher final : public ai::BatchModel {
 public:
  explicit PlayedBatcher(PlayedBatch& play) : play_(play) {}
  std::string name() const override { return "openai/gpt-4o-mini"; }
  Task<std::string> submit(std::vector<ai::TextRequest> requests) override {
    if (play_.refusal) throw *play_.refusal;
    play_.handed.push_back(std::move(requests));
    co_return std::to_string(play_.handed.size() - 1);
  }
  Task<ai::BatchLook> look(ai::BatchTicket ticket) override {
    if (!play_.ready) co_return ai::BatchLook{};
    std::vector<ai::BatchAnswer> answers;
    for (const auto& request : play_.handed.at(std::stoul(ticket.id))) answers.push_back(play_.answer(request));
    co_return ai::BatchLook{answers.size(), std::move(answers)};
  }
  Task<void> cancel(std::string) override {
    ++play_.cancelled;
    co_return;
  }

 private:
  PlayedBatch& play_;
};

// A document with one fact.
std::string writes(std::string_view text, int replaces = 0) {
  return json::write(json::object{
      {"facts",
       json::array{json::object{{"text", text}, {"topic", "other"}, {"confidence", 0.9}, {"replaces", replaces}}}}});
}

ai::BatchAnswer failed(Fault fault, const char* code) {
  return std::unexpected(ai::FailedAfterUse(Error(fault, code, "It was not answered."), {}));
}

struct MemoriesLearntLater : MemoryHouse {
  MemoriesLearntLater() : MemoryHouse(LearningPace::later) {
    play = model("openai/gpt-4o-mini", {says("I see."), ends()});
    gateway.add(std::make_unique<PlayedBatcher>(batch));
    // Names what it was asked about.
    batch.answer = [](const ai::TextRequest& request) {
      const auto message = json::parse(request.messages.at(1).text()).at("message");
      return ai::TextReply::of(writes("Said: " + text(message)), "", {.input_tokens = 1'000, .output_tokens = 100});
    };
    token = join();
  }
  void install_more(jobs::Worker& worker) override { later.install(worker); }
  std::string tell(const std::string& words, json::object question = {}) {
    question["text"] = words;
    const auto reply = ask(token, std::move(question));
    clock.advance(std::chrono::seconds(1));
    return text(reply.at("conversation_id"));
  }
  // As every hour.
  void gather() {
    run_task([](MemoriesLearntLater& test) -> Task<void> {
      auto tx = co_await test.database->begin();
      co_await test.queue.enqueue(*tx, GatherLessons{});
      co_await tx->commit();
    }(*this));
    EXPECT_EQ(learn(), 0U);
  }
  std::size_t asked_at_once() const {
    return static_cast<std::size_t>(std::ranges::count(play->asked, "chat.memory", &ai::TextRequest::task));
  }
  std::int64_t rows() {
    return run_task(database->find<std::int64_t>("SELECT COUNT(*) FROM chat_lessons")).value_or(0);
  }

  PlayedBatch batch;
  LearningLater later{{*database, gateway, remembering, queue, clock}};
  std::shared_ptr<Play> play;
  std::string token;
};

TEST_F(MemoriesLearntLater, AllTogetherForHalfThePrice) {
  const auto ada = token;
  tell("I live in Oslo.");
  tell("How tall is the tower?");
  token = join("bob@example.com");
  tell("I am a baker.");
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(ada), "") << "it waits";
  EXPECT_TRUE(batch.handed.empty());
  const auto before = used("spend");
  gather();
  ASSERT_EQ(batch.handed.size(), 1U);
  ASSERT_EQ(batch.handed[0].size(), 2U) << "of which one says nothing of its person";
  EXPECT_EQ(batch.handed[0][0].form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_EQ(facts(ada), "Said: I live in Oslo.");
  EXPECT_EQ(facts(token), "Said: I am a baker.");
  // 1000 tokens at 0.15 dollars a million and 100 at 0.60, halved.
  EXPECT_EQ(used("spend") - before, (1'000 * 150 + 100 * 600) / 2);
  EXPECT_EQ(asked_at_once(), 0U);
  EXPECT_EQ(rows(), 0);
  gather();
  EXPECT_EQ(batch.handed.size(), 1U) << "and nothing is left to ask";
}

TEST_F(MemoriesLearntLater, AgainstWhatTheModelWasShown) {
  tell("I eat meat.");
  gather();
  tell("I am a vegan now.");
  batch.answer = [](const ai::TextRequest&) { return ai::TextReply::of(writes("Is a vegan", 1)); };
  gather();
  ASSERT_EQ(facts(token), "Is a vegan");
  EXPECT_EQ(known(token)[0].at("replaces"), "Said: I eat meat.");
}

TEST_F(MemoriesLearntLater, AtOnceWhereNobodyTakesBatches) {
  batch.refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.");
  tell("I live in Oslo.");
  gather();
  EXPECT_EQ(asked_at_once(), 1U);
  EXPECT_EQ(facts(token), "Lives in Oslo");
  EXPECT_EQ(rows(), 0);
}

TEST_F(MemoriesLearntLater, AtOnceWhatWasNotAnswered) {
  batch.answer = [](const ai::TextRequest& request) {
    return request.messages.at(1).text().contains("Oslo") ? failed(Fault::timeout, ai::kBatchExpired)
                                                          : failed(Fault::payment_required, "daily_budget_exceeded");
  };
  tell("I live in Oslo.");
  tell("I am a baker.");
  gather();
  EXPECT_EQ(asked_at_once(), 1U) << "and not what could not be paid";
  EXPECT_EQ(facts(token), "Lives in Oslo");
  EXPECT_EQ(rows(), 0);
}

TEST_F(MemoriesLearntLater, AtOnceAfterTwoDaysWithoutAnAnswer) {
  batch.ready = false;
  const auto before = clock.now();
  tell("I live in Oslo.");
  gather();
  EXPECT_GE(clock.now() - before, std::chrono::hours(48));
  EXPECT_EQ(asked_at_once(), 1U);
  EXPECT_EQ(facts(token), "Lives in Oslo");
  EXPECT_EQ(batch.cancelled, 1) << "nobody waits for it any more";
}

TEST_F(MemoriesLearntLater, OnceHoweverOftenTheAnswersAreCollected) {
  tell("I live in Oslo.");
  gather();
  const auto before = known(token);
  const auto spent = used("spend");
  const auto payload =
      run_task(database->find<std::string>("SELECT payload FROM jobs WHERE kind = 'chat.collect_lessons'"));
  run_task([](MemoriesLearntLater& test, CollectLessons again) -> Task<void> {
    auto tx = co_await test.database->begin();
    co_await test.queue.enqueue(*tx, std::move(again));
    co_await tx->commit();
  }(*this, json::from<CollectLessons>(payload.value())));
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(known(token), before);
  EXPECT_EQ(used("spend"), spent);
}

TEST_F(MemoriesLearntLater, NotFromWhatIsGoneOrCannotBePaid) {
  const auto gone = tell("I live in Oslo.");
  EXPECT_EQ(call(http::Method::delete_, "/api/conversations/" + gone, nullptr, token).status, 204);
  gather();
  tell("I am a baker.");
  ASSERT_TRUE(use(ids.at("ada@example.com"), "spend", 10'000'000'000 - used("spend")));
  gather();
  EXPECT_TRUE(batch.handed.empty()) << "nobody is asked";
  EXPECT_EQ(facts(token), "");
  EXPECT_EQ(rows(), 0);
}

// What is paid for is kept, also where nothing is left by then.
TEST_F(MemoriesLearntLater, AlsoWhenTheBudgetIsGoneMeanwhile) {
  batch.answer = [](const ai::TextRequest&) {
    return ai::TextReply::of(writes("Lives in Oslo"), "", {.input_tokens = 200'000'000});  // at 0.075 dollars a million
  };
  tell("I live in Oslo.");
  gather();
  EXPECT_EQ(run_task(asking.budget_left(ids.at("ada@example.com"))), 0);
  EXPECT_EQ(facts(token), "Lives in Oslo");
}

TEST_F(MemoriesLearntLater, NotFromWhatIsToBeForgotten) {
  tell("I live in Oslo.");
  EXPECT_EQ(call(http::Method::delete_, "/api/memories", nullptr, token).status, 204);
  EXPECT_EQ(rows(), 0);
  gather();
  EXPECT_TRUE(batch.handed.empty());
  EXPECT_EQ(facts(token), "");
}

TEST_F(MemoriesLearntLater, NotFromWhoIsForgotten) {
  tell("I live in Oslo.");
  EXPECT_EQ(rows(), 1);
  testing::KeptArchive archive;
  run_task(ChatData(*database, storage).tell(ids.at("ada@example.com"), "", archive));
  const auto told = json::parse(archive.documents.at("chat/memories.json"));
  ASSERT_EQ(told.at("lessons").as_array().size(), 1U) << "it is told of what is still to be learnt";
  EXPECT_TRUE(told.at("lessons").at(0).as_object().contains("question_id"));
  run_task([](MemoriesLearntLater& test) -> Task<void> {
    auto tx = co_await test.database->begin();
    static_cast<void>(co_await store::forget(*tx, test.ids.at("ada@example.com")));
    co_await tx->commit();
  }(*this));
  EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace odeon::chat
