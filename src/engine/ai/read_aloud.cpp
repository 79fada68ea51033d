#include "engine/ai/read_aloud.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace odeon::ai {
namespace {

class Reading {
 public:
  Reading(Gateway& gateway, std::vector<std::string> sentences, ReadAloudOptions options,
          std::function<Task<void>(double)> share)
      : gateway_(gateway), sentences_(std::move(sentences)), options_(std::move(options)), share_(std::move(share)) {
    spoken_.resize(sentences_.size());
    order_.resize(sentences_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, std::greater(), [&](std::size_t i) { return sentences_[i].size(); });
  }

  Task<SpokenText> all() {
    co_await speak_missing();
    // The model that spoke last is the one that works now.
    for (auto& speech : spoken_)
      if (speech && speech->model != last_) speech.reset();
    options_.manner.model = last_;
    co_await speak_missing();
    SpokenText text{.sentences = {}, .model = last_, .voice = spoken_.empty() ? "" : spoken_.front()->voice};
    for (auto& speech : spoken_) text.sentences.push_back(std::move(*speech));
    co_return text;
  }

 private:
  Task<void> speak_missing() {
    next_ = 0;
    std::vector<Task<void>> speakers;
    for (std::size_t i = 0; i < std::min(options_.at_once, sentences_.size()); ++i) speakers.push_back(run());
    co_await all_of(std::move(speakers));
  }

  Task<void> run() {
    while (next_ < order_.size()) {
      const std::size_t at = order_[next_++];
      if (spoken_[at]) continue;
      SpeechRequest request = options_.manner;
      request.text = sentences_[at];
      auto speech = co_await gateway_.speak(std::move(request));
      last_ = speech.model;
      spoken_[at] = std::move(speech);
      if (std::exchange(sharing_, true)) continue;
      const auto done = std::ranges::count_if(spoken_, [](const auto& speech) { return speech.has_value(); });
      shared_ = std::max(shared_, static_cast<double>(done) / static_cast<double>(spoken_.size()));
      co_await share_(shared_);
      sharing_ = false;
    }
  }

  Gateway& gateway_;
  std::vector<std::string> sentences_;
  ReadAloudOptions options_;
  std::function<Task<void>(double)> share_;
  std::vector<std::size_t> order_;  // the longest first, so that nobody waits for one at the end
  std::vector<std::optional<Speech>> spoken_;
  std::string last_;
  std::size_t next_ = 0;
  double shared_ = 0;
  bool sharing_ = false;
};

}  // namespace

Task<SpokenText> read_aloud(Gateway& gateway, std::vector<std::string> sentences, ReadAloudOptions options,
                            std::function<Task<void>(double)> share) {
  Reading reading(gateway, std::move(sentences), std::move(options), std::move(share));
  co_return co_await reading.all();
}

}  // namespace odeon::ai
