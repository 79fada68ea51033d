// Learning from what people say, by the job as it runs in the server.
#include "products/chat/memory/remembering.hpp"

#include <gmock/gmock.h>

#include "products/chat/memory/memory_test.hpp"

namespace odeon::chat {
namespace {

using ::testing::HasSubstr;

struct MemoriesLearntTest : MemoryHouse {
  MemoriesLearntTest() { play = model("openai/gpt-4o-mini", {says("I see."), ends()}); }
  // What the model answers when it is asked for facts; everything else stays.
  void writes(std::string document) { play->reads = {says(std::move(document)), ends()}; }
  std::size_t lessons() const {
    return static_cast<std::size_t>(std::ranges::count(play->asked, "chat.memory", &ai::TextRequest::task));
  }
  std::shared_ptr<Play> play;
};

TEST_F(MemoriesLearntTest, FromWhatPeopleSayWithWhereAndWhen) {
  const auto token = join();
  const auto reply = ask(token, {{"text", "My name is Ada and I live in Oslo."}});
  EXPECT_EQ(reply.at("memories").as_array().size(), 0U);
  EXPECT_EQ(learn(), 0U);
  const auto memories = known(token);
  ASSERT_EQ(memories.size(), 2U);
  EXPECT_EQ(facts(token), "Lives in Oslo | Name: Ada");
  const auto& home = memories[0];
  EXPECT_EQ(home.at("topic"), "home");
  EXPECT_EQ(home.at("conversation_id"), reply.at("conversation_id"));
  EXPECT_EQ(home.at("message_id"), reply.at("user_message_id"));
  EXPECT_EQ(home.at("confidence").to_number<double>(), 0.8);
  EXPECT_EQ(home.at("scope"), "everything");
  EXPECT_EQ(home.at("created_at"), "2026-11-20T07:30:00Z");
  EXPECT_TRUE(home.at("last_used_at").is_null());
}

TEST_F(MemoriesLearntTest, AreWhatWasSaidLast) {
  const auto token = join();
  say(token, "I live in Oslo.");
  say(token, "I moved to Rome!");
  ASSERT_EQ(facts(token), "Lives in Rome");
  EXPECT_EQ(known(token)[0].at("replaces"), "Lives in Oslo");
  say(token, "Remember that I live in Rome.");
  ASSERT_EQ(facts(token), "Lives in Rome");
  EXPECT_GT(known(token)[0].at("confidence").to_number<double>(), 0.8);
  EXPECT_EQ(known(token)[0].at("updated_at"), "2026-11-20T07:30:02Z");
}

TEST_F(MemoriesLearntTest, AsAModelReadsThem) {
  const auto token = join();
  say(token, "I eat meat. Remember that I eat meat.");
  ASSERT_EQ(facts(token), "I eat meat");
  const auto paid = used("spend");
  ask(token, {{"text", "I have become a vegan."}});
  writes(R"({"facts":[{"text":"Is a vegan","topic":"other","confidence":0.9,"replaces":1}]})");
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "Is a vegan");
  EXPECT_EQ(known(token)[0].at("replaces"), "I eat meat");
  EXPECT_GT(used("spend"), paid) << "and who learns pays";
  const auto& lesson = play->asked.back();
  EXPECT_EQ(lesson.task, "chat.memory");
  EXPECT_EQ(lesson.form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_EQ(lesson.payer.user_id, ids.at("ada@example.com"));
  EXPECT_THAT(lesson.messages.at(1).text(), HasSubstr("I have become a vegan."));
}

TEST_F(MemoriesLearntTest, OnlyWhereSomethingIsToLearn) {
  const auto token = join();
  say(token, "How tall is the Eiffel tower?");
  EXPECT_EQ(lessons(), 0U) << "nobody is asked";
  say(token, "What do I do about the rain?");
  EXPECT_EQ(lessons(), 1U);
  say(token, "Remember that my password is hunter2.");
  say(token, "My card is 4111 1111 1111 1111, remember that I like it.");
  EXPECT_EQ(facts(token), "");
  ask(token, {{"text", "My name is Ada."}, {"memory", false}});
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "");
}

TEST_F(MemoriesLearntTest, OnceHoweverOftenTheJobRuns) {
  const auto token = join();
  const auto reply = ask(token, {{"text", "I live in Oslo."}});
  const std::string question = text(reply.at("user_message_id"));
  ASSERT_EQ(learn(), 0U);
  const auto before = known(token);
  // As it was before it had reported: a worker that died in between leaves it so.
  for (int again = 0; again < 2; ++again) {
    run_task([](MemoriesLearntTest& test, std::string question) -> Task<void> {
      auto tx = co_await test.database->begin();
      co_await test.queue.enqueue(*tx, Remember{test.ids.at("ada@example.com"), question});
      co_await tx->commit();
    }(*this, question));
    EXPECT_EQ(learn(), 0U);
  }
  EXPECT_EQ(known(token), before);
  EXPECT_EQ(ask(token, {{"message_id", question}}, "/api/chat/regenerate").status, 200);
  const auto asked = lessons();
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(lessons(), asked) << "asked again, it says nothing new";
}

TEST_F(MemoriesLearntTest, OnceFromSeveralAnswers) {
  model("openai/gpt-4o", {says("Yes."), ends()});
  const auto token = join("ada@example.com", "ultra");
  const json::object question{{"text", "I live in Oslo."}, {"models", json::array{"gpt-4o", "gpt-4o-mini"}}};
  EXPECT_EQ(ask(token, question, "/api/chat/multi-model").status, 200);
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "Lives in Oslo");
  EXPECT_EQ(lessons(), 1U);
  EXPECT_EQ(known(token)[0].at("confidence").to_number<double>(), 0.8);
}

TEST_F(MemoriesLearntTest, NotFromWhatIsGone) {
  const auto token = join();
  const auto reply = ask(token, {{"text", "I live in Oslo."}});
  EXPECT_EQ(
      call(http::Method::delete_, "/api/conversations/" + text(reply.at("conversation_id")), nullptr, token).status,
      204);
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "");
}

TEST_F(MemoriesLearntTest, NotWithoutTheMoneyOrThePlanButNothingFails) {
  const auto token = join();
  ask(token, {{"text", "I live in Oslo."}});
  const std::int64_t left = 10'000'000'000 - used("spend");
  ASSERT_TRUE(use(ids.at("ada@example.com"), "spend", left));
  EXPECT_EQ(learn(), 0U) << "skipped, not failed";
  EXPECT_EQ(facts(token), "");
  const auto bob = join("bob@example.com");
  ask(bob, {{"text", "I live in Rome."}});
  run_task(subscriptions.set_plan(ids.at("bob@example.com"), product, "none"));
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(bob), "");
}

TEST_F(MemoriesLearntTest, NotFromWhoAgreesNoLonger) {
  const auto vectors = embedding("openai/text-embedding-3-small", {});
  const auto token = join("ada@example.com", "ultra");
  ask(token, {{"text", "I live in Oslo."}});
  EXPECT_EQ(post("/api/memories", {{"text", "Has a cat"}}, token).status, 201);
  agree("ada@example.com", false);
  EXPECT_EQ(learn(), 0U) << "skipped, not failed";
  EXPECT_EQ(lessons(), 0U);
  EXPECT_TRUE(vectors->asked.empty());
  EXPECT_EQ(facts(token), "Has a cat");
}

TEST_F(MemoriesLearntTest, NotFromWhatWasSaidBeforeAllWasForgotten) {
  const auto token = join();
  say(token, "My name is Ada.");
  ask(token, {{"text", "I live in Oslo."}});
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(call(http::Method::delete_, "/api/memories", nullptr, token).status, 204);
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "");
  clock.advance(std::chrono::seconds(1));
  say(token, "I moved to Rome!");
  EXPECT_EQ(facts(token), "Lives in Rome");
}

// Forgotten while a model reads.
TEST_F(MemoriesLearntTest, NotWhatIsForgottenMeanwhile) {
  const auto token = join();
  const auto id = ids.at("ada@example.com");
  const auto reply = ask(token, {{"text", "I live in Oslo."}});
  auto exchange = run_task(remembering.find({id, text(reply.at("user_message_id"))}));
  ASSERT_TRUE(exchange);
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(call(http::Method::delete_, "/api/memories", nullptr, token).status, 204);
  run_task([](MemoriesLearntTest& test, Exchange exchange) -> Task<void> {
    auto tx = co_await test.database->begin();
    co_await test.remembering.keep(*tx, std::move(exchange), {{.text = "Lives in Oslo", .confidence = 0.8}}, {});
    co_await tx->commit();
  }(*this, std::move(*exchange)));
  EXPECT_EQ(facts(token), "");
}

TEST_F(MemoriesLearntTest, LeaveWhatTheirOwnerWroteOrPinned) {
  const auto token = join("ada@example.com", "ultra");
  say(token, "I live in Oslo.");
  const std::string id = text(known(token)[0].at("id"));
  const auto change = [&](json::object wish) {
    return call(http::Method::patch, "/api/memories/" + id, std::move(wish), token).status;
  };
  EXPECT_EQ(change({{"pinned", true}}), 200);
  say(token, "I moved to Rome!");
  EXPECT_EQ(facts(token), "Lives in Rome | Lives in Oslo");
  EXPECT_EQ(change({{"pinned", false}, {"text", "Lives in Oslo, mostly"}}), 200);
  clock.advance(std::chrono::seconds(1));
  say(token, "I moved to Bergen!");
  EXPECT_EQ(facts(token), "Lives in Bergen | Lives in Oslo, mostly");
}

TEST_F(MemoriesLearntTest, ByRulesWhereNoModelAnswers) {
  const auto token = join();
  ask(token, {{"text", "I live in Oslo."}});
  play->refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.");
  EXPECT_EQ(learn(), 0U);
  EXPECT_EQ(facts(token), "Lives in Oslo");
}

TEST_F(MemoriesLearntTest, PushOutTheStalestButNothingPinnedOrWritten) {
  const auto token = join("ada@example.com", "ultra");
  const auto id = ids.at("ada@example.com");
  run_task([](MemoriesLearntTest& test, std::string id) -> Task<void> {
    auto tx = co_await test.database->begin();
    for (int i = 0; i < kMostMemories; ++i)
      co_await store::add(*tx, id,
                          {.id = "memory-" + std::to_string(i),
                           .text = "Fact " + std::to_string(i),
                           .confidence = i == 1 ? 1 : 0.8,
                           .pinned = i == 0,
                           .created_at = test.clock.now() - Micros(1'000 - i),
                           .updated_at = test.clock.now() - Micros(1'000 - i)});
    co_await tx->commit();
  }(*this, id));
  EXPECT_EQ(post("/api/memories", {{"text", "One too many"}}, token).at("code"), "MEMORY_FULL");
  say(token, "I live in Oslo.");
  EXPECT_EQ(run_task(store::count_memories(*database, id)), kMostMemories);
  EXPECT_TRUE(run_task(store::memory(*database, id, "memory-0")));
  EXPECT_TRUE(run_task(store::memory(*database, id, "memory-1")));
  EXPECT_FALSE(run_task(store::memory(*database, id, "memory-2")));
  EXPECT_EQ(facts(token, "?limit=1"), "Lives in Oslo");
}

}  // namespace
}  // namespace odeon::chat
