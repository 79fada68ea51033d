#include "products/chat/apis/openai_media.hpp"

#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kTextsAtOnce = 256;  // as many as the gateway takes

constexpr const char* kTimed = "timed";  // the field

// Captions of a model that tells no times: the gateway has another name for what is at fault.
bool is_about_times(const Error& error) {
  return !error.fields.empty() && error.fields.front().path == kTimed;
}

void append(ai::Embeddings& all, ai::Embeddings more) {
  std::ranges::move(more.vectors, std::back_inserter(all.vectors));
  all.usage.input_tokens += more.usage.input_tokens;
}

}  // namespace

OpenAiMedia::OpenAiMedia(Rooms rooms)
    : rooms_(rooms),
      access_(rooms.database, rooms.subscriptions, rooms.clock),
      embedders_(rooms.gateway, ai::ModelKind::embedding),
      speakers_(rooms.gateway, ai::ModelKind::speech),
      transcribers_(rooms.gateway, ai::ModelKind::transcription),
      painters_(rooms.gateway, ai::ModelKind::image),
      voices_(rooms.gateway.voices()) {}

void OpenAiMedia::mount(http::Api& api) {
  http::mount(api, create_embeddings, &OpenAiMedia::embed, *this);
  http::mount(api, create_speech, &OpenAiMedia::speak, *this);
  http::mount(api, create_transcription, &OpenAiMedia::transcribe, *this);
  http::mount(api, create_images, &OpenAiMedia::draw, *this);
}

Task<http::Response> OpenAiMedia::embed(http::Caller caller, OpenAiEmbeddingsRequest asked) {
  const auto texts = openai_texts(asked.input);
  const auto payer = co_await access_.payer(caller);
  const auto& card = embedders_.find(asked.model);
  fit(texts, card);
  const auto dimensions = static_cast<int>(asked.dimensions.value_or(0));
  ai::Embeddings all;
  for (std::size_t at = 0; at < texts.size(); at += kTextsAtOnce) {
    const auto first = texts.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(kTextsAtOnce, texts.size() - at);
    ai::EmbeddingRequest request{.texts = {first, first + static_cast<std::ptrdiff_t>(count)},
                                 .dimensions = dimensions,
                                 .model = asked.model,
                                 .trace = caller.trace,
                                 .task = "chat.api",
                                 .payer = payer};
    append(all, co_await answer_of(rooms_.gateway.embed(std::move(request)), "input"));
    if (dimensions > 0 && all.vectors.front().size() != static_cast<std::size_t>(dimensions))
      throw fault_at("dimensions", "unsupported_parameter",
                     fmt::format("This model's vectors have {} dimensions.", all.vectors.front().size()));
  }
  const auto form = asked.encoding_format.value_or(OpenAiVectorForm::float_);
  const auto write = [&] { return openai_embeddings(all, form, card.name); };
  co_return whole_answer(co_await run_blocking(rooms_.heavy, write));
}

Task<http::Response> OpenAiMedia::speak(http::Caller caller, OpenAiSpeechRequest asked) {
  const auto form = asked.response_format.value_or(OpenAiSound::mp3);
  const bool streamed = asked.stream_format == OpenAiSpeechStream::sse;
  auto words = openai_words(std::move(asked));
  words.payer = co_await access_.payer(caller);
  words.trace = caller.trace;
  fit(words, speakers_.find(words.model), voices_);
  auto speech = co_await answer_of(rooms_.gateway.speak(std::move(words)), "input");
  const auto used = speech.usage;
  const auto encode = [&] {
    std::string bytes = encoded(std::move(speech.audio), form);
    return streamed ? openai_speech_events(bytes, used) : bytes;
  };
  co_return whole_answer(co_await run_blocking(rooms_.heavy, encode),
                         streamed ? "text/event-stream" : media_type_of(form));
}

Task<http::Response> OpenAiMedia::transcribe(http::Caller caller, OpenAiTranscriptionRequest asked) {
  std::string bytes = co_await storage::take_upload(rooms_.storage, asked.file.key);
  const auto wish = openai_wish(asked);
  auto recording = openai_recording(std::move(asked), std::move(bytes));
  recording.payer = co_await access_.payer(caller);
  recording.trace = caller.trace;
  recording.timed = wish.captions;
  transcribers_.find(recording.model);
  try {
    const auto heard = co_await answer_of(rooms_.gateway.transcribe(std::move(recording)), "file");
    auto written = openai_transcript(heard, wish);
    co_return whole_answer(std::move(written.body), written.content_type);
  } catch (const Error& error) {
    if (is_about_times(error)) throw no_captions();
    throw;
  }
}

Task<http::Response> OpenAiMedia::draw(http::Caller caller, OpenAiImagesRequest asked) {
  const auto form = asked.response_format.value_or(OpenAiPictureForm::b64_json);
  auto wanted = openai_wanted(std::move(asked));
  wanted.payer = co_await access_.payer(caller);
  wanted.trace = caller.trace;
  if (!wanted.model.empty()) painters_.find(wanted.model);
  const auto drawn = co_await answer_of(rooms_.gateway.draw(std::move(wanted)), "prompt");
  const auto write = [&, created = rooms_.clock.now()] { return openai_images(drawn, form, created); };
  co_return whole_answer(co_await run_blocking(rooms_.heavy, write));
}

}  // namespace odeon::chat
