// Which models there are for which settings, and who is asked first.
#include "server/models.hpp"

#include <gmock/gmock.h>

#include <map>

#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::server {
namespace {

using ai::ModelKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> names(ModelKind kind, const std::map<std::string, std::string>& variables) {
  Config config("", "odeon.toml", [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  const Settings settings = read_settings(config);
  const Dialects dialects(settings);
  testing::FakeClock clock;
  Log log(Log::Level::off);
  Metrics metrics;
  testing::KeptCalls meter;
  http::Client client({});
  ThreadPool pool(1);
  ai::Gateway gateway(clock, log, metrics, meter, {.catalogue = ai::Catalogue::standard()});
  add_models(gateway, dialects, client, clock, pool, settings);
  auto all = gateway.names(kind);
  pool.join();
  return all;
}

TEST(Models, NeedNothingToSpeakAndToFindTextsAgain) {
  EXPECT_THAT(names(ModelKind::embedding, {}), ElementsAre("odeon-offline/hashed-words"));
  EXPECT_THAT(names(ModelKind::speech, {}), ElementsAre("odeon-offline/flite", "odeon-offline/espeak-ng"));
  EXPECT_THAT(names(ModelKind::transcription, {}), ElementsAre("odeon-offline/pocketsphinx"));
  for (const auto kind : {ModelKind::text, ModelKind::image, ModelKind::video}) EXPECT_THAT(names(kind, {}), IsEmpty());
}

TEST(Models, AreAsManyAsTheKeysBring) {
  EXPECT_THAT(names(ModelKind::image, {{"FAL_KEY", "k"}}),
              ElementsAre("fal/fal-ai/flux-pro/v1.1", "fal/fal-ai/flux/schnell", "fal/fal-ai/flux/dev",
                          "fal/fal-ai/flux-pro/kontext", "fal/fal-ai/flux-2-pro"));
  EXPECT_THAT(names(ModelKind::video, {{"FAL_KEY", "k"}}),
              ElementsAre("fal/fal-ai/kling-video/v2.6/pro/text-to-video"));
  EXPECT_THAT(names(ModelKind::embedding, {{"GEMINI_API_KEY", "k"}}),
              ElementsAre("gemini/gemini-embedding-001", "odeon-offline/hashed-words"));
  EXPECT_THAT(names(ModelKind::image, {{"GEMINI_API_KEY", "k"}}), Contains("gemini/gemini-2.5-flash-image"));
  EXPECT_THAT(names(ModelKind::embedding, {{"OPENAI_API_KEY", "k"}, {"MISTRAL_API_KEY", "k"}}),
              ElementsAre("openai/text-embedding-3-small", "openai/text-embedding-3-large", "mistral/mistral-embed",
                          "odeon-offline/hashed-words"));
  EXPECT_THAT(names(ModelKind::transcription, {{"OPENAI_API_KEY", "k"}, {"GOOGLE_SPEECH_API_KEY", "k"}}),
              ElementsAre("openai/whisper-1", "openai/gpt-4o-transcribe", "openai/gpt-4o-mini-transcribe",
                          "google/latest_long", "odeon-offline/pocketsphinx"));
  EXPECT_THAT(names(ModelKind::speech, {{"GOOGLE_SPEECH_API_KEY", "k"}, {"ELEVENLABS_API_KEY", "k"}}),
              ElementsAre("elevenlabs/eleven_multilingual_v2", "google/chirp3-hd", "elevenlabs/eleven_flash_v2_5",
                          "odeon-offline/flite", "odeon-offline/espeak-ng"));
  EXPECT_THAT(names(ModelKind::image, {{"OPENROUTER_API_KEY", "k"}}),
              ElementsAre("openrouter/black-forest-labs/flux.2-pro", "openrouter/google/gemini-2.5-flash-image",
                          "openrouter/google/gemini-3-pro-image", "openrouter/google/gemini-3.1-flash-image"));
  EXPECT_THAT(names(ModelKind::image, {{"ANTHROPIC_API_KEY", "k"}}), IsEmpty());
}

TEST(Models, SpeakByEveryNameThatTheCatalogueHas) {
  const std::map<std::string, std::string> keys{{"OPENAI_API_KEY", "k"},
                                                {"KOKORO_URL", "http://localhost:1"},
                                                {"CARTESIA_API_KEY", "k"},
                                                {"ELEVENLABS_API_KEY", "k"},
                                                {"GOOGLE_SPEECH_API_KEY", "k"}};
  const auto all = names(ModelKind::speech, keys);
  for (const auto& card : ai::Catalogue::standard().models())
    if (card.kind == ModelKind::speech)
      for (const auto& offer : card.offers) EXPECT_EQ(std::ranges::count(all, offer.name()), 1) << offer.name();
  // What the settings name is asked ahead, at each of them; the rest follows, and what needs no key comes last.
  EXPECT_THAT(all, ElementsAre("kokoro/kokoro", "openai/tts-1", "cartesia/sonic-3", "elevenlabs/eleven_multilingual_v2",
                               "google/chirp3-hd", "openai/tts-1-hd", "openai/gpt-4o-mini-tts",
                               "elevenlabs/eleven_flash_v2_5", "odeon-offline/flite", "odeon-offline/espeak-ng"));
  // A server of one's own has what its owner names.
  EXPECT_THAT(names(ModelKind::speech, {{"OPENAI_API_KEY", "k"}, {"OPENAI_SPEECH_MODEL", "orpheus"}}),
              ElementsAre("openai/orpheus", "odeon-offline/flite", "odeon-offline/espeak-ng"));
}

TEST(Models, BeginWithWhatTheSettingsName) {
  const std::map<std::string, std::string> own{{"OPENAI_BASE_URL", "http://localhost:1"},
                                               {"OPENAI_EMBEDDING_MODEL", "bge-m3"},
                                               {"OPENAI_TRANSCRIPTION_MODEL", "Systran/faster-whisper-small"},
                                               {"OPENAI_IMAGE_MODEL", "stablediffusion"},
                                               {"OPENAI_TEXT_MODEL", "llama-of-mine"}};
  EXPECT_EQ(names(ModelKind::embedding, own).front(), "openai/bge-m3");
  EXPECT_EQ(names(ModelKind::transcription, own).front(), "openai/Systran/faster-whisper-small");
  EXPECT_EQ(names(ModelKind::image, own).front(), "openai/stablediffusion");
  EXPECT_EQ(names(ModelKind::text, own).front(), "openai/llama-of-mine");
  // One that the catalogue knows is bought from whoever sells it, and stands there once.
  const auto known = names(
      ModelKind::image,
      {{"GEMINI_API_KEY", "k"}, {"OPENAI_API_KEY", "k"}, {"FAL_KEY", "k"}, {"OPENAI_IMAGE_MODEL", "nano-banana-pro"}});
  EXPECT_EQ(known.front(), "gemini/gemini-3-pro-image");
  EXPECT_EQ(std::ranges::count(known, known.front()), 1);
  EXPECT_THAT(names(ModelKind::embedding, {{"OPENAI_EMBEDDING_MODEL", "bge-m3"}}), Not(Contains("openai/bge-m3")));
}

}  // namespace
}  // namespace odeon::server
