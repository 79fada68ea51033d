// What is heard and seen: speech, transcripts, pictures, films.
#include <span>

#include "base/text.hpp"
#include "engine/ai/gateway_state.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kLongestSpeech = 4'096, kLongestPrompt = 32'000, kMostPictures = 4;
constexpr double kLongestFilm = 60;

void check_text(const std::string& path, const std::string& text, std::size_t longest) {
  if (text::trim(text).empty()) throw fault_of(path, "required", "There is nothing in it.");
  if (!text::is_utf8(text)) throw fault_of(path, "utf8", "This must be valid UTF-8.");
  if (text::length(text) > longest)
    throw fault_of(path, "too_long", fmt::format("This must have at most {} characters.", longest));
}

void check(const SpeechRequest& request) {
  check_text("text", request.text, kLongestSpeech);
  if (!(request.speed >= 0.5 && request.speed <= 2.0))
    throw fault_of("speed", "range", "This must be between 0.5 and 2.");
}

void check(const TranscriptionRequest& request) {
  if (request.audio.empty()) throw fault_of("audio", "required", "There is no sound.");
}

void check(const ImageRequest& request) {
  check_text("prompt", request.prompt, kLongestPrompt);
  if (request.count < 1 || request.count > static_cast<int>(kMostPictures))
    throw fault_of("count", "range", "1 to 4 pictures can be drawn at once.");
}

void check(const VideoRequest& request) {
  check_text("prompt", request.prompt, kLongestPrompt);
  if (!(request.seconds > 0 && request.seconds <= kLongestFilm))
    throw fault_of("seconds", "range", "This must be more than 0 and at most 60.");
}

// ---- what they cost at most ----------------------------------------------------------------------------

Usage most_of(const VideoRequest& request) {
  return {.seconds = std::max(request.seconds, 10.0)};
}

template <class Model, class Can>
Candidates<Model>::Found those(typename Candidates<Model>::Found all, const Can& can) {
  std::erase_if(all, [&](const auto* candidate) { return !can(*candidate->model); });
  return all;
}

// Leaves those that can do what is wanted. Throws the fault of that field where there were some, and none can.
template <class Model>
void require(std::vector<Candidate<Model>*>& models, bool wanted, bool (Model::*can)() const, const char* field,
             const char* otherwise) {
  if (!wanted || models.empty()) return;
  models = those<Model>(std::move(models), [can](const Model& model) { return (model.*can)(); });
  if (models.empty()) throw fault_of(field, "not_allowed", otherwise);
}

void append(Images& all, Images more) {
  std::ranges::move(more.pictures, std::back_inserter(all.pictures));
  for (const auto count : {&Usage::input_tokens, &Usage::input_image_tokens, &Usage::output_tokens,
                           &Usage::output_image_tokens, &Usage::images})
    all.usage.*count += more.usage.*count;
  if (more.usage.stated_cost) all.usage.stated_cost = all.usage.stated_cost.value_or(0) + *more.usage.stated_cost;
}

// What is spoken is paid by what was to be said, unless the model counts tokens.
Task<Speech> speak_counted(SpeechModel& model, SpeechRequest request, TraceContext place) {
  request.trace = place;
  const auto characters = static_cast<std::int64_t>(text::length(request.text));
  Speech speech = co_await model.speak(std::move(request));
  speech.usage.characters = characters;
  speech.usage.seconds = speech.audio.seconds();
  co_return speech;
}

}  // namespace

Task<Speech> Gateway::speak(SpeechRequest request) {
  check(request);
  using Found = Candidates<SpeechModel>::Found;
  const Found all = state_->voices.of(request.model, catalogue(), ModelKind::speech);
  Found tried;
  Failures failures;
  const auto say = [&](SpeechRequest words) {
    Found speakers = those<SpeechModel>(all, [&](const SpeechModel& model) { return model.speaks(words); });
    std::erase_if(speakers, [&](auto* one) { return std::ranges::find(tried, one) != tried.end(); });
    tried.insert(tried.end(), speakers.begin(), speakers.end());
    const Usage most = most_of(words);
    return state_->whole<Speech>(std::move(speakers), std::move(words), "speak", most, speak_counted, failures);
  };
  auto speech = co_await say(request);
  if (!speech && !request.voice.empty() && request.model.empty()) {
    request.voice.clear();
    speech = co_await say(request);
  }
  if (!speech && request.model.empty() && tried.empty())
    throw fault_of("language", "not_allowed", "No voice here speaks this language.");
  co_return failures.unless(std::move(speech), request.model);
}

Task<Transcript> Gateway::transcribe(TranscriptionRequest request) {
  check(request);
  auto models = state_->transcribers.of(request.model, catalogue(), ModelKind::transcription);
  std::optional<Error> objection;
  models = those<TranscriptionModel>(std::move(models), [&](const TranscriptionModel& model) {
    auto own = model.objection(request);
    if (own) objection = own;
    return !own;
  });
  if (models.empty() && objection) throw *objection;
  require(models, request.timed, &TranscriptionModel::tells_times, "timed",
          "This model does not tell when something was said.");
  const Usage most = most_of(request);
  const auto call = [](TranscriptionModel& model, TranscriptionRequest request, TraceContext place) {
    request.trace = place;
    return model.transcribe(std::move(request));
  };
  co_return co_await state_->answer<Transcript>(std::move(models), std::move(request), "transcribes speech",
                                                "transcribe", most, call);
}

Task<Images> Gateway::draw(ImageRequest request) {
  check(request);
  auto models = state_->painters.of(request.model, catalogue(), ModelKind::image);
  require(models, !request.references.empty(), &ImageModel::takes_references, "references",
          "This model draws from words alone.");
  require(models, request.quality != ImageQuality::usual, &ImageModel::has_qualities, "quality",
          "This model has no qualities to choose from.");
  require(models, request.style != ImageStyle::usual, &ImageModel::has_styles, "style",
          "This model has no styles to choose from.");
  if (models.empty() && request.model.empty()) throw not_here("draws pictures");
  const Errand errand{request.task, "image_generation", request.trace,
                      co_await state_->open_bill(request.payer, most_of(request), models)};
  Failures failures;
  const auto ask = [&](Candidate<ImageModel>& painter) { return state_->drawn(painter, errand, request); };
  auto drawn = state_->first_of<Images>(std::move(models), failures, ask);
  co_return failures.unless(co_await state_->billed(std::move(drawn), errand.bill, false), request.model);
}

Task<std::expected<Images, Error>> Gateway::State::drawn(Candidate<ImageModel>& painter, const Errand& errand,
                                                         const ImageRequest& request) {
  const auto call = [](ImageModel& model, ImageRequest request, TraceContext place) {
    request.trace = place;
    return model.draw(std::move(request));
  };
  const int at_once = painter.model->at_once();
  std::vector<ImageRequest> parts;
  for (int left = request.count; left > 0; left -= at_once) {
    parts.push_back(request);
    parts.back().count = std::min(left, at_once);
  }
  // Nobody is cut off because another failed: what is drawn is paid.
  const auto ask = [&](std::span<const ImageRequest> some) {
    std::vector<Task<std::expected<std::expected<Images, Error>, std::exception_ptr>>> calls;
    for (const auto& part : some) calls.push_back(settle(one<Images>(painter, errand, part, call)));
    return all_of(std::move(calls));
  };
  // Of a model that has rested, one call shows whether it can be asked again.
  const std::size_t first = painter.line.health(clock.now()).available ? parts.size() : 1;
  auto answers = co_await ask(std::span(parts).first(first));
  const bool works = std::ranges::any_of(answers, [](const auto& answer) { return answer && *answer; });
  if (first < parts.size() && works)
    std::ranges::move(co_await ask(std::span(parts).subspan(first)), std::back_inserter(answers));
  std::optional<Images> all;
  for (auto& answer : answers)
    if (answer && *answer) {
      if (all)
        append(*all, std::move(**answer));
      else
        all = std::move(**answer);
    }
  if (all) {
    all->pictures.resize(std::min(all->pictures.size(), static_cast<std::size_t>(request.count)));
    co_return std::move(*all);
  }
  if (!answers.front()) std::rethrow_exception(answers.front().error());
  co_return std::move(*answers.front());
}

Task<Video> Gateway::film(VideoRequest request) {
  check(request);
  auto models = state_->filmers.of(request.model, catalogue(), ModelKind::video);
  require(models, request.beginning.has_value(), &VideoModel::takes_beginning, "beginning",
          "This model films from words alone.");
  const Usage most = most_of(request);
  const auto call = [](VideoModel& model, VideoRequest request, TraceContext place) {
    request.trace = place;
    return model.film(std::move(request));
  };
  co_return co_await state_->answer<Video>(std::move(models), std::move(request), "makes films", "video_generation",
                                           most, call);
}

}  // namespace odeon::ai
