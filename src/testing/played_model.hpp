// A model of text that plays a part: it says what a test wants, read by read, and fails where it should.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/ai/text_stream.hpp"

namespace odeon::testing {

// What it does by one question.
struct PlayedPart {
  std::vector<ai::TextEvents> reads;  // one after the other
  std::optional<Error> refusal;       // instead of beginning
  std::optional<Error> fault;         // after the reads
  bool hangs = false;                 // after the reads; else there is nothing more
};

// What models do, always the same or by the question, and what they were asked. Models may write to it on several
// threads; a test reads and changes it while they rest.
struct Play : PlayedPart {
  std::function<PlayedPart(const ai::TextRequest&)> by_question;
  std::function<void()> meanwhile;  // before each read
  std::int64_t room_to_think = 0;   // tokens
  std::mutex mutex;
  std::vector<ai::TextRequest> asked;
  std::atomic<int> opened = 0, open = 0;  // streams
};

class PlayedStream final : public ai::TextStream {
 public:
  PlayedStream(PlayedPart part, std::shared_ptr<Play> play) : part_(std::move(part)), play_(std::move(play)) {
    ++play_->opened;
    ++play_->open;
  }
  ~PlayedStream() override { --play_->open; }
  Task<ai::TextEvents> next() override {
    co_await sleep_on_loop(std::chrono::seconds(0));
    if (play_->meanwhile) play_->meanwhile();
    if (at_ < part_.reads.size()) co_return part_.reads[at_++];
    if (part_.fault) throw *part_.fault;
    if (part_.hangs) co_await sleep_on_loop(std::chrono::hours(1));
    co_return ai::TextEvents{};
  }

 private:
  const PlayedPart part_;
  const std::shared_ptr<Play> play_;
  std::size_t at_ = 0;
};

class PlayedModel final : public ai::TextModel {
 public:
  PlayedModel(std::string name, std::shared_ptr<Play> play) : name_(std::move(name)), play_(std::move(play)) {}
  std::string name() const override { return name_; }
  Task<ai::TextReply> complete(const ai::TextRequest& request, TraceContext place) override {
    const auto events = co_await stream(request, place);
    co_return co_await ai::collect(*events);
  }
  Task<std::unique_ptr<ai::TextStream>> stream(const ai::TextRequest& request, TraceContext) override {
    const auto play = play_;
    PlayedPart part = play->by_question ? play->by_question(request) : *play;
    {
      const std::lock_guard lock(play->mutex);
      play->asked.push_back(request);
    }
    co_await sleep_on_loop(std::chrono::seconds(0));
    if (part.refusal) throw *part.refusal;
    co_return std::make_unique<PlayedStream>(std::move(part), play);
  }

  std::int64_t room_to_think(const ai::TextRequest&) const override { return play_->room_to_think; }

 private:
  const std::string name_;
  const std::shared_ptr<Play> play_;
};

inline ai::TextEvents says(std::string text) {
  return {ai::TextDelta{std::move(text)}};
}

}  // namespace odeon::testing
