// OpenAI's speech as their clients speak it: pure translation. Checked against the official SDK (openai 6.49).
#pragma once

#include "base/fields.hpp"
#include "base/json.hpp"
#include "engine/ai/catalogue.hpp"
#include "engine/ai/speech.hpp"

namespace odeon::chat {

enum class OpenAiSound { mp3, wav, pcm, opus, aac, flac };
BOOST_DESCRIBE_ENUM(OpenAiSound, mp3, wav, pcm, opus, aac, flac)

enum class OpenAiSpeechStream { audio, sse };
BOOST_DESCRIBE_ENUM(OpenAiSpeechStream, audio, sse)

struct OpenAiSpeechRequest {
  Text<1, 200> model;
  Text<1, 4096> input;
  json::value voice;  // its name, or {"id": …}
  std::optional<OpenAiSound> response_format;
  std::optional<double> speed;  // 0.25–4
  std::optional<OpenAiSpeechStream> stream_format;
};
BOOST_DESCRIBE_STRUCT(OpenAiSpeechRequest, (), (model, input, voice, response_format, speed, stream_format))

// Throws Error{invalid} with every fault by its field. Speeds beyond 0.5–2 become the nearest that models have.
ai::SpeechRequest openai_words(OpenAiSpeechRequest asked);
// Finds the voice among those of the model, and speaks its language. A model that does not say what voices it has is
// asked for any. Throws Error{invalid}.
void fit(ai::SpeechRequest& words, const ai::ModelCard& model, const std::vector<ai::VoiceInfo>& voices);

// As files of OpenAI's are: mono at 24 kHz. Takes long: for a pool.
std::string encoded(Pcm audio, OpenAiSound form);
std::string_view media_type_of(OpenAiSound form);
// The bytes as server-sent events, speech.audio.delta and speech.audio.done.
std::string openai_speech_events(std::string_view bytes, const ai::Usage& used);

}  // namespace odeon::chat
