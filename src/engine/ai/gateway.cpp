#include "engine/ai/gateway_state.hpp"

namespace odeon::ai {

Gateway::State::State(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions given)
    : clock(clock),
      options(std::move(given)),
      books(log, meter, options.budgets),
      desk(clock, log, metrics, books, options.spans != nullptr ? *options.spans : no_spans),
      lookups(metrics, "odeon_ai_cache_total", "Requests that an answer of before would have done for.",
              {"kind", "result"}),
      batch_answers(metrics, "odeon_ai_batch_answers_total", "Answers to what could wait, by how they ended.",
                    {"task", "model", "outcome"}),
      closing([&log](const std::string& name, std::exception_ptr failure) {
        log.error("ai.closing_failed", {{"task", name}, {"detail", describe(failure)}});
      }) {}

Task<std::optional<std::string>> Gateway::State::find(std::string key, const char* kind) {
  auto found = co_await options.cache->find(std::move(key));
  lookups.of({kind, found ? "hit" : "miss"}).add();
  co_return found;
}

Task<std::optional<KeptAnswer>> Gateway::State::kept_answer(std::string key) {
  const auto found = co_await find(std::move(key), "answer");
  co_return found ? read_kept_answer(*found) : std::nullopt;
}

void Gateway::State::keep(asio::any_io_executor loop, std::string key, std::string value,
                          std::chrono::seconds lifetime) {
  if (value.size() > kLongestKept) return;
  closing.spawn(std::move(loop), "ai.keep", options.cache->keep(std::move(key), std::move(value), lifetime));
}

Gateway::Gateway(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, GatewayOptions options)
    : state_(std::make_unique<State>(clock, log, metrics, meter, std::move(options))) {}
Gateway::~Gateway() = default;

void Gateway::add(std::unique_ptr<TextModel> model) {
  state_->texts.add(std::move(model), catalogue());
}
void Gateway::add(std::unique_ptr<SpeechModel> model) {
  state_->voices.add(std::move(model), catalogue());
}
void Gateway::add(std::unique_ptr<EmbeddingModel> model) {
  state_->embedders.add(std::move(model), catalogue());
}
void Gateway::add(std::unique_ptr<TranscriptionModel> model) {
  state_->transcribers.add(std::move(model), catalogue());
}
void Gateway::add(std::unique_ptr<ImageModel> model) {
  state_->painters.add(std::move(model), catalogue());
}
void Gateway::add(std::unique_ptr<VideoModel> model) {
  state_->filmers.add(std::move(model), catalogue());
}

Task<void> Gateway::stop() {
  return state_->closing.stop();
}

const Catalogue& Gateway::catalogue() const {
  return state_->options.catalogue;
}

std::vector<const ModelCard*> Gateway::models(ModelKind kind) const {
  const auto all = names(kind);
  std::vector<const ModelCard*> cards;
  for (const auto& card : catalogue().models())
    if (card.kind == kind && std::ranges::any_of(card.offers, [&](const Offer& offer) {
          return std::ranges::find(all, offer.name()) != all.end();
        }))
      cards.push_back(&card);
  return cards;
}

std::vector<std::string> Gateway::names(ModelKind kind) const {
  const auto of = [](const auto& candidates) {
    std::vector<std::string> names;
    for (const auto* candidate : candidates.all()) names.push_back(candidate->line.name());
    return names;
  };
  switch (kind) {
    case ModelKind::text:
      return of(state_->texts);
    case ModelKind::speech:
      return of(state_->voices);
    case ModelKind::transcription:
      return of(state_->transcribers);
    case ModelKind::image:
      return of(state_->painters);
    case ModelKind::video:
      return of(state_->filmers);
    case ModelKind::embedding:
      return of(state_->embedders);
  }
  return {};
}

std::vector<VoiceInfo> Gateway::voices() const {
  std::vector<VoiceInfo> all;
  for (const auto* candidate : state_->voices.all())
    for (auto& voice : candidate->model->voices()) all.push_back(std::move(voice));
  return all;
}

std::vector<ModelHealth> Gateway::health() const {
  std::vector<ModelHealth> all;
  const auto add = [&all, now = state_->desk.clock.now()](const auto& candidates) {
    for (const auto* candidate : candidates.all()) all.push_back(candidate->line.health(now));
  };
  add(state_->texts);
  add(state_->voices);
  add(state_->embedders);
  add(state_->transcribers);
  add(state_->painters);
  add(state_->filmers);
  return all;
}

}  // namespace odeon::ai
