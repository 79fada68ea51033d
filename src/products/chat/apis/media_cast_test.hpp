// Models for whatever is not talk, which do what a test's words ask for.
#pragma once

#include <mutex>
#include <numbers>

#include "engine/ai/gateway.hpp"
#include "engine/storage/storage.hpp"
#include "testing/http.hpp"

namespace odeon::chat {

// Those of the provider c always fail.
inline constexpr const char* kMediaModels = R"(
[[model]]
name = "vectors"
aliases = ["old-vectors", "little"]
kind = "embedding"
window = 100
price = { input = 1 }
offer = [{ provider = "a", id = "vectors" }]
[[model]]
name = "frail-vectors"
kind = "embedding"
price = { input = 1 }
offer = [{ provider = "c", id = "vectors" }]
[[model]]
name = "voice"
kind = "speech"
price = { characters = 1 }
offer = [{ provider = "a", id = "voice" }]
[[model]]
name = "frail-voice"
kind = "speech"
price = { characters = 1 }
offer = [{ provider = "c", id = "voice" }]
[[model]]
name = "ears"
kind = "transcription"
price = { seconds = 1 }
offer = [{ provider = "a", id = "ears" }]
[[model]]
name = "plain-ears"
kind = "transcription"
price = { seconds = 1 }
offer = [{ provider = "a", id = "plain-ears" }]
[[model]]
name = "frail-ears"
kind = "transcription"
price = { seconds = 1 }
offer = [{ provider = "c", id = "ears" }]
[[model]]
name = "brush"
kind = "image"
price = { output_image = 1 }
offer = [{ provider = "a", id = "brush" }]
[[model]]
name = "frail-brush"
kind = "image"
price = { output_image = 1 }
offer = [{ provider = "c", id = "brush" }]
)";

// Thread-safe to add to; what was asked, in order.
struct MediaCast {
  template <class Request>
  void note(std::vector<Request>& all, const Request& request) {
    std::lock_guard lock(mutex);
    all.push_back(request);
  }
  std::mutex mutex;
  std::vector<ai::EmbeddingRequest> embedded;
  std::vector<ai::SpeechRequest> spoken;
  std::vector<ai::TranscriptionRequest> transcribed;
  std::vector<ai::ImageRequest> drawn;
};

template <class Model>
struct Acted : Model {
  Acted(std::string name, MediaCast& cast) : name_(std::move(name)), cast(cast) {}
  std::string name() const override { return name_; }
  void fail_if_frail() const {
    if (name_.starts_with("c/")) throw Error(Fault::upstream, "PROVIDER_FAILED", "It failed.");
  }
  std::string name_;
  MediaCast& cast;
};

// Of each text its length first; three numbers unless it is told how many, and seven at most.
struct ActedEmbedder final : Acted<ai::EmbeddingModel> {
  using Acted::Acted;
  Task<ai::Embeddings> embed(ai::EmbeddingRequest request) override {
    cast.note(cast.embedded, request);
    fail_if_frail();
    ai::Embeddings found{.vectors = {}, .model = name_, .usage = {}};
    for (const auto& text : request.texts) {
      auto& vector = found.vectors.emplace_back(request.dimensions > 0 ? std::min(request.dimensions, 7) : 3, 0.25F);
      vector[0] = static_cast<float>(text.size());
      found.usage.input_tokens += 2;
    }
    co_return found;
  }
};

// A tone of half a second.
struct ActedVoice final : Acted<ai::SpeechModel> {
  using Acted::Acted;
  bool speaks(const ai::SpeechRequest& request) const override { return ai::voice_for(request, voices()) != nullptr; }
  std::vector<ai::VoiceInfo> voices() const override { return {{"alloy", "", name_}, {"greta", "de-DE", name_}}; }
  Task<ai::Speech> speak(ai::SpeechRequest request) override {
    cast.note(cast.spoken, request);
    fail_if_frail();
    Pcm audio{.rate = 16'000};
    for (int i = 0; i < 8'000; ++i)
      audio.samples.push_back(0.2F * std::sin(2 * std::numbers::pi_v<float> * 220 * static_cast<float>(i) / 16'000));
    co_return ai::Speech{.audio = std::move(audio), .model = name_, .voice = request.voice, .usage = {}};
  }
};

// Hears "Good morning. It rains." in two seconds; asked with the prompt "plain", without any times.
struct ActedEars final : Acted<ai::TranscriptionModel> {
  using Acted::Acted;
  bool tells_times() const override { return !name_.ends_with("plain-ears"); }
  Task<ai::Transcript> transcribe(ai::TranscriptionRequest request) override {
    cast.note(cast.transcribed, request);
    fail_if_frail();
    ai::Transcript heard{.text = "Good morning. It rains.", .language = "en", .model = name_, .usage = {}};
    if (request.prompt == "plain") {
      heard.usage = {.input_tokens = 30, .input_audio_tokens = 20, .output_tokens = 6};
      co_return heard;
    }
    heard.seconds = heard.usage.seconds = 2;
    heard.segments = {{"Good morning.", 0, 0.9}, {"It rains.", 1.2, 2}};
    heard.words = {{"Good", 0, 0.4}, {"morning.", 0.4, 0.9}, {"It", 1.2, 1.5}, {"rains.", 1.5, 2}};
    co_return heard;
  }
};

// As many pictures of a few bytes as it is asked for.
struct ActedBrush final : Acted<ai::ImageModel> {
  using Acted::Acted;
  bool takes_references() const override { return false; }
  bool has_qualities() const override { return true; }
  int at_once() const override { return 4; }
  Task<ai::Images> draw(ai::ImageRequest request) override {
    cast.note(cast.drawn, request);
    fail_if_frail();
    ai::Images drawn{.pictures = {}, .model = name_, .usage = {.input_tokens = 9, .output_tokens = 100}};
    drawn.usage.output_image_tokens = 100;
    for (int i = 0; i < request.count; ++i)
      drawn.pictures.push_back({.media_type = "image/png", .bytes = "\x89PNG" + std::to_string(i), .url = ""});
    co_return drawn;
  }
};

inline void add_media_models(ai::Gateway& gateway, MediaCast& cast) {
  for (const char* provider : {"a/", "c/"}) {
    gateway.add(std::make_unique<ActedEmbedder>(std::string(provider) + "vectors", cast));
    gateway.add(std::make_unique<ActedVoice>(std::string(provider) + "voice", cast));
    gateway.add(std::make_unique<ActedEars>(std::string(provider) + "ears", cast));
    gateway.add(std::make_unique<ActedBrush>(std::string(provider) + "brush", cast));
  }
  gateway.add(std::make_unique<ActedEars>("a/plain-ears", cast));
  gateway.add(std::make_unique<ActedVoice>("house/voice", cast));  // which the catalogue does not know
}

// A test server's uploads, as the storage that they are read from.
class KeptUploads final : public storage::Storage {
 public:
  explicit KeptUploads(testing::FakeUploads& uploads) : uploads_(uploads) {}
  Task<std::shared_ptr<ReadableObject>> get(std::string key) override {
    const auto found = uploads_.kept.find(key);
    if (found == uploads_.kept.end()) co_return nullptr;
    co_return std::make_shared<Kept>(found->second);
  }
  Task<void> remove(std::string key) override { return uploads_.discard(std::move(key)); }
  Task<storage::Stored> put(std::string, ByteSource&, storage::PutOptions) override { throw unused(); }
  Task<std::optional<storage::Stored>> stat(std::string) override { throw unused(); }
  Task<storage::Page> list(std::string, std::string, std::size_t) override { throw unused(); }
  std::string sign_read(std::string_view, std::chrono::seconds) override { throw unused(); }
  storage::UploadGrant sign_upload(std::string_view, std::uint64_t, std::string, std::chrono::seconds) override {
    throw unused();
  }
  Task<void> ping() override { throw unused(); }

 private:
  // A kilobyte at a time, as storages may.
  class Kept final : public ReadableObject {
   public:
    explicit Kept(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
      const auto count = std::min({into.size(), bytes_.size() - static_cast<std::size_t>(offset), std::size_t{1024}});
      std::copy_n(bytes_.data() + offset, count, into.data());
      co_return count;
    }
    std::string content_type() const override { return ""; }
    std::string etag() const override { return ""; }
    Instant modified() const override { return {}; }

   private:
    const std::string bytes_;
  };
  static std::logic_error unused() { return std::logic_error("uploads are only read and removed"); }

  testing::FakeUploads& uploads_;
};

}  // namespace odeon::chat
