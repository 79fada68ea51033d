#include "products/briefings/audio/recording.hpp"

#include <numeric>

namespace odeon::briefings {

Recording::Recording(ai::Gateway& gateway, const Script& script, const NarrationOptions& options, Share share)
    : gateway_(gateway), options_(options), share_(std::move(share)) {
  for (const auto& section : script.sections)
    for (const auto& sentence : section.sentences) sentences_.push_back(&sentence);
  spoken_.resize(sentences_.size());
  order_.resize(sentences_.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::sort(order_, std::greater(), [&](std::size_t i) { return sentences_[i]->text.size(); });
}

Task<void> Recording::speak(const std::vector<bool>& wanted) {
  co_await speak_missing(wanted, "");
  // The model that spoke last is the one that works now.
  for (auto& speech : spoken_)
    if (speech && speech->model != model_) speech.reset();
  co_await speak_missing(wanted, model_);
}

Task<void> Recording::speak_missing(const std::vector<bool>& wanted, std::string model) {
  next_ = 0;
  std::vector<Task<void>> speakers;
  for (std::size_t i = 0; i < std::min(options_.at_once, sentences_.size()); ++i)
    speakers.push_back(run(wanted, model));
  co_await all_of(std::move(speakers));
}

Task<void> Recording::run(const std::vector<bool>& wanted, std::string model) {
  while (next_ < order_.size()) {
    const std::size_t at = order_[next_++];
    if (!wanted[at] || spoken_[at]) continue;
    auto speech = co_await gateway_.speak(
        {.text = sentences_[at]->text, .voice = options_.voice, .model = model, .trace = options_.trace});
    model_ = speech.model;
    spoken_[at] = std::move(speech);
    if (std::exchange(sharing_, true)) continue;
    const auto done = std::ranges::count_if(spoken_, [](const auto& s) { return s.has_value(); });
    const auto all = std::max(done, std::ranges::count(wanted, true));
    shared_ = std::max(shared_, static_cast<double>(done) / static_cast<double>(all));
    co_await share_(shared_);
    sharing_ = false;
  }
}

bool Recording::is_complete() const {
  return std::ranges::all_of(spoken_, [](const auto& speech) { return speech.has_value(); });
}

std::vector<double> Recording::seconds() const {
  std::vector<double> seconds;
  double measured = 0, expected = 0;
  for (std::size_t i = 0; i < sentences_.size(); ++i) {
    seconds.push_back(briefings::spoken_seconds(sentences_[i]->text));
    if (!spoken_[i]) continue;
    measured += spoken_[i]->audio.seconds();
    expected += seconds.back();
  }
  const double pace = expected > 0 ? measured / expected : 1;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    seconds[i] = spoken_[i] ? spoken_[i]->audio.seconds() : seconds[i] * pace;
  return seconds;
}

std::vector<double> Recording::spoken_seconds() const {
  constexpr double too_long = 1e6;
  std::vector<double> seconds;
  for (const auto& speech : spoken_) seconds.push_back(speech ? speech->audio.seconds() : too_long);
  return seconds;
}

std::vector<Pcm> Recording::take(const std::vector<bool>& kept) {
  std::vector<Pcm> sound;
  for (std::size_t i = 0; i < spoken_.size(); ++i)
    if (kept[i]) sound.push_back(std::move(spoken_[i]->audio));
  return sound;
}

}  // namespace odeon::briefings
