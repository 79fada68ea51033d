#include "engine/ai/providers/pocketsphinx.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

#include "base/stoppable.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/sphinx_decoder.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

constexpr double kSentencePause = 0.5;  // seconds

std::vector<std::int16_t> samples_of(std::string_view wav) {
  const auto sound = parse_wav(wav);
  if (!sound || sound->rate != kSphinxRate || sound->channels != 1)
    throw Error(Fault::unsupported_type, "UNSUPPORTED_SOUND",
                "Without a provider, transcripts are made of WAV at 16 kHz in mono. Please convert the sound.");
  std::vector<std::int16_t> samples;
  samples.reserve(sound->samples.size());
  for (const float sample : sound->samples)
    samples.push_back(static_cast<std::int16_t>(std::clamp(sample, -1.0F, 1.0F) * 32'767));
  return samples;
}

void append(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

// What is said in one go.
std::vector<Spoken> sentences(const std::vector<Spoken>& words) {
  std::vector<Spoken> all;
  for (const auto& word : words) {
    if (all.empty() || word.start - all.back().end >= kSentencePause) {
      all.push_back(word);
    } else {
      append(all.back().text, word.text);
      all.back().end = word.end;
    }
  }
  return all;
}

}  // namespace

// Decoders that nobody uses at the moment. One that nobody has used for a while is freed.
class PocketsphinxTranscription::Shelf {
 public:
  explicit Shelf(PocketsphinxOptions options) : options_(std::move(options)) {}

  std::unique_ptr<SphinxDecoder> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!spare_.empty()) {
        auto decoder = std::move(spare_.back().decoder);
        spare_.pop_back();
        return decoder;
      }
    }
    return std::make_unique<SphinxDecoder>(options_.models);
  }
  void put_back(std::unique_ptr<SphinxDecoder> decoder) {
    if (options_.idle <= std::chrono::milliseconds(0)) return;
    const std::lock_guard lock(mutex_);
    spare_.push_back({std::move(decoder), std::chrono::steady_clock::now() + options_.idle});
    if (!std::exchange(watched_, true)) watch_ = std::jthread([this](std::stop_token stop) { free_idle(stop); });
  }
  std::size_t spare() const {
    const std::lock_guard lock(mutex_);
    return spare_.size();
  }

 private:
  struct Spare {
    std::unique_ptr<SphinxDecoder> decoder;
    std::chrono::steady_clock::time_point until;
  };
  // The one that has waited the longest stands first. Ends when none is left.
  void free_idle(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested() && !spare_.empty()) {
      const auto until = spare_.front().until;
      changed_.wait_until(lock, stop, until, [] { return false; });
      while (!spare_.empty() && spare_.front().until <= std::chrono::steady_clock::now()) spare_.pop_front();
    }
    watched_ = false;
  }

  const PocketsphinxOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Spare> spare_;
  bool watched_ = false;
  std::jthread watch_;
};

PocketsphinxTranscription::PocketsphinxTranscription(ThreadPool& pool, PocketsphinxOptions options)
    : pool_(pool), shelf_(std::make_unique<Shelf>(std::move(options))) {}
PocketsphinxTranscription::~PocketsphinxTranscription() = default;

std::size_t PocketsphinxTranscription::spare() const {
  return shelf_->spare();
}

std::optional<Error> PocketsphinxTranscription::objection(const TranscriptionRequest& request) const {
  if (!request.language.empty() && primary_language(request.language) != "en")
    return Error(
        Fault::invalid, "LANGUAGE_NOT_AVAILABLE",
        "Offline, only English is transcribed. For other languages a provider has to be set up (OPENAI_API_KEY, "
        "or OPENAI_BASE_URL for a Whisper server of one's own).");
  if (!is_wav(request.audio))
    return Error(Fault::unsupported_type, "UNSUPPORTED_SOUND",
                 "Offline, only WAV is transcribed, at 16 kHz in mono. For other files a provider has to be set up.");
  return std::nullopt;
}

Task<Transcript> PocketsphinxTranscription::transcribe(TranscriptionRequest request) {
  if (auto error = objection(request)) throw *error;
  auto work = [this, &request](std::stop_token stop) {
    const auto samples = samples_of(request.audio);
    auto decoder = shelf_->take();
    Transcript heard{.text = "",
                     .language = "en",
                     .seconds = static_cast<double>(samples.size()) / kSphinxRate,
                     .segments = {},
                     .words = decoder->words(samples, stop),
                     .model = name(),
                     .usage = {}};
    shelf_->put_back(std::move(decoder));
    return heard;
  };
  Transcript heard = co_await run_stoppable(pool_, std::move(work));
  heard.segments = sentences(heard.words);
  for (const auto& segment : heard.segments) append(heard.text, segment.text);
  heard.usage.seconds = heard.seconds;
  co_return heard;
}

}  // namespace odeon::ai
