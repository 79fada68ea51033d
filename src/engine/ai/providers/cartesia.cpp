#include "engine/ai/providers/cartesia.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/ai/languages.hpp"

namespace odeon::ai {
namespace {

constexpr int kRate = 44'100;
constexpr double kSlowest = 0.6, kFastest = 1.5;

struct VoiceOrder {
  std::string mode = "id";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(VoiceOrder, (), (mode, id))
struct Format {
  std::string container = "raw";
  std::string encoding = "pcm_s16le";
  int sample_rate = kRate;
};
BOOST_DESCRIBE_STRUCT(Format, (), (container, encoding, sample_rate))
struct Generation {
  double speed = 1;
};
BOOST_DESCRIBE_STRUCT(Generation, (), (speed))
struct SpeechOrder {
  std::string model_id;
  std::string transcript;
  VoiceOrder voice;
  Format output_format;
  std::string language;
  std::optional<Generation> generation_config;
};
BOOST_DESCRIBE_STRUCT(SpeechOrder, (), (model_id, transcript, voice, output_format, language, generation_config))

ProviderCall order_of(const SpeechRequest& request, const std::string& voice_id, const LibraryOptions& options) {
  SpeechOrder order{.model_id = options.model,
                    .transcript = request.text,
                    .voice = {.id = voice_id},
                    .language = std::string(primary_language(request.language))};
  if (request.speed != 1) order.generation_config = Generation{std::clamp(request.speed, kSlowest, kFastest)};
  ProviderCall call{.url = options.base_url + "/tts/bytes", .body = json::write(order)};
  call.headers.set("Authorization", "Bearer " + options.key);
  call.headers.set("Cartesia-Version", "2026-08-14");
  return call;
}

}  // namespace

VoiceLibrary cartesia() {
  return {.provider = "cartesia",
          .rate = kRate,
          .usual = {.base_url = "",
                    .key = "",
                    .model = "sonic-3",
                    .voices = {{"katie", "f786b574-daa5-4673-aa0c-cbe3e8534c02"},
                               {"kiefer", "228fca29-3a0a-435c-8728-5cb483251068"}}},
          .order = order_of};
}

}  // namespace odeon::ai
