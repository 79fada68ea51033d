// A chat that remembers: its jobs run when a test says so, and its model of vectors is the test's.
#pragma once

#include "products/chat/house_test.hpp"

namespace odeon::chat {

// Vectors by what a text is about: one place for each of `subjects`.
struct PlayedEmbedding {
  std::string name;
  std::vector<std::string> subjects;
  std::optional<Error> fault;
  std::vector<ai::EmbeddingRequest> asked;
};

class PlayedEmbeddingModel final : public ai::EmbeddingModel {
 public:
  explicit PlayedEmbeddingModel(std::shared_ptr<PlayedEmbedding> play) : play_(std::move(play)) {}
  std::string name() const override { return play_->name; }
  Task<ai::Embeddings> embed(ai::EmbeddingRequest request) override {
    const auto play = play_;
    play->asked.push_back(request);
    co_await sleep_on_loop(std::chrono::seconds(0));
    if (play->fault) throw *play->fault;
    ai::Embeddings made{.model = play->name, .usage = {.input_tokens = 10}};
    for (const auto& text : request.texts) {
      auto& vector = made.vectors.emplace_back(std::vector<float>{0.01F});
      for (const auto& subject : play->subjects) vector.push_back(text.contains(subject) ? 1 : 0);
    }
    co_return made;
  }

 private:
  std::shared_ptr<PlayedEmbedding> play_;
};

struct MemoryHouse : ChatHouse {
  using ChatHouse::ChatHouse;
  // What else works, while it is learnt.
  virtual void install_more(jobs::Worker&) {}
  std::shared_ptr<PlayedEmbedding> embedding(std::string name, std::vector<std::string> subjects) {
    auto play = std::make_shared<PlayedEmbedding>(
        PlayedEmbedding{.name = std::move(name), .subjects = std::move(subjects), .fault = {}, .asked = {}});
    gateway.add(std::make_unique<PlayedEmbeddingModel>(play));
    return play;
  }
  // Lets all that waits be learnt; returns how many jobs failed for good.
  std::size_t learn() {
    return run_task(with_timeout(std::chrono::seconds(60), [](MemoryHouse& house) -> Task<std::size_t> {
      jobs::Worker worker{house.queue, house.clock, house.log, house.metrics, {}};
      house.remembering.install(worker);
      house.index.install(worker);
      house.install_more(worker);
      co_await worker.start();
      for (;;) {
        const auto waiting = co_await house.database->query<std::string>(
            "SELECT id FROM jobs WHERE state NOT IN ('completed', 'failed', 'cancelled') AND kind LIKE 'chat.%'");
        if (waiting.empty()) break;
        for (const auto& id : waiting)
          co_await house.queue.watch(id, [&house](this auto, const jobs::Progress& progress) -> Task<bool> {
            // Its pause before the next attempt is not ours.
            if (progress.state == jobs::State::scheduled) house.clock.advance(std::chrono::hours(1));
            co_return true;
          });
      }
      co_await worker.stop();
      co_return (co_await house.queue.failed(10)).size();
    }(*this)));
  }
  // Somebody says something, and it is learnt. The conversation.
  std::string say(const std::string& token, const std::string& what, const std::string& conversation = "") {
    json::object question{{"text", what}};
    if (!conversation.empty()) question["conversation_id"] = conversation;
    const auto reply = ask(token, question);
    EXPECT_EQ(reply.status, 200) << reply.body;
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(learn(), 0U);
    return text(reply.at("conversation_id"));
  }
  json::array known(const std::string& token, const std::string& query = "") {
    const auto reply = get("/api/memories" + query, token);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.at("memories").as_array();
  }
  // The texts, the newest first.
  std::string facts(const std::string& token, const std::string& query = "") {
    std::string all;
    for (const auto& memory : known(token, query)) all += (all.empty() ? "" : " | ") + text(memory.at("text"));
    return all;
  }
  // What the model was told beside the rules; empty: nothing.
  static std::string told_to(const ai::TextRequest& request) {
    std::string all;
    for (std::size_t i = 1; i < request.messages.size(); ++i)
      if (request.messages[i].role == ai::MessageRole::system) all += request.messages[i].text();
    return all.substr(all.rfind('\n') + 1);
  }
  int choose(const std::string& token, json::object choice) {
    return static_cast<int>(call(http::Method::put, "/api/memory/policy", std::move(choice), token).status);
  }
};

}  // namespace odeon::chat
