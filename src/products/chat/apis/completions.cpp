#include "products/chat/apis/completions.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/apis/relay.hpp"

namespace odeon::chat {
namespace {

constexpr const char* kComment = ": \n\n";
constexpr const char* kInput = "messages";  // the field

ModelShown shown_model(const ai::ModelCard& card) {
  ModelShown model{.id = card.name, .display_name = card.name, .owned_by = card.offers.front().provider};
  if (card.window > 0) model.max_input_tokens = card.window;
  if (card.max_output > 0) model.max_tokens = card.max_output;
  return model;
}

constexpr const char* kCacheHeader = "X-Odeon-Cache";

http::Response marked(http::Response response, bool cached) {
  if (cached) response.headers.add(kCacheHeader, "hit");
  return response;
}

Question read_question(const MessageRequest& asked, AnthropicPurpose purpose) {
  const auto version = anthropic_version(asked.headers.get("anthropic-version"));
  return anthropic_question(json::from<AnthropicRequest>(asked.body), version, purpose);
}

// Of what the other endpoints ask.
constexpr ai::ModelKind kOtherKinds[] = {ai::ModelKind::embedding, ai::ModelKind::speech, ai::ModelKind::transcription,
                                         ai::ModelKind::image};

std::vector<OfferedModels> others_of(const ai::Gateway& gateway) {
  std::vector<OfferedModels> others;
  for (const auto kind : kOtherKinds) others.emplace_back(gateway, kind);
  return others;
}

}  // namespace

Completions::Completions(ai::Gateway& gateway, database::Database& database, billing::Subscriptions& subscriptions,
                         const Clock& clock)
    : gateway_(gateway),
      access_(database, subscriptions, clock),
      clock_(clock),
      models_(gateway, ai::ModelKind::text),
      others_(others_of(gateway)) {}

void Completions::mount(http::Api& api) {
  api.format_below("/v1", std::make_unique<OpenAiFormat>());
  api.format_below("/v1/messages", std::make_unique<AnthropicFormat>());
  http::mount(api, list_models, &Completions::models, *this);
  http::mount(api, show_model, &Completions::model, *this);
  http::mount(api, complete_chat, &Completions::complete, *this);
  http::mount(api, create_message, &Completions::message, *this);
  http::mount(api, count_tokens, &Completions::count, *this);
}

Task<ModelsShown> Completions::models(http::Caller caller) {
  co_await access_.member(caller.user_id);
  ModelsShown all;
  for (const auto& card : models_.all()) all.data.push_back(shown_model(card));
  for (const auto& others : others_)
    for (const auto& card : others.all()) all.data.push_back(shown_model(card));
  if (!all.data.empty()) {
    all.first_id = all.data.front().id;
    all.last_id = all.data.back().id;
  }
  co_return all;
}

Task<ModelShown> Completions::model(http::Caller caller, ModelRequest request) {
  co_await access_.member(caller.user_id);
  const ai::ModelCard* card = models_.look_up(request.id);
  for (const auto& others : others_)
    if (card == nullptr) card = others.look_up(request.id);
  co_return shown_model(card != nullptr ? *card : models_.find(request.id));
}

Completions::Ready Completions::prepare(http::Caller&& caller, ai::Payer&& payer, Question&& question,
                                        std::string id) const {
  const auto& card = models_.find(question.model);
  fit(question, card);
  Ready ready{std::move(question.request),
              {.id = std::move(id),
               .model = card.name,
               .created_at = clock_.now(),
               .request_id = std::move(caller.request_id),
               .input_tokens = question.tokens}};
  ready.request.models.push_back(std::move(question.model));
  ready.request.payer = std::move(payer);
  ready.request.trace = caller.trace;
  if (ready.request.temperature == 0.0) ready.request.caching = ai::Caching::own;
  return ready;
}

Task<http::Response> Completions::stream(ai::TextRequest request, std::unique_ptr<AnswerTeller> teller,
                                         std::string comment) {
  // Both wait for whoever writes the body; a function must be such that it could be copied.
  struct Told {
    ai::StreamedReply answer;
    std::unique_ptr<AnswerTeller> teller;
  };
  auto told =
      std::make_shared<Told>(co_await answer_of(gateway_.stream(std::move(request)), kInput), std::move(teller));
  auto response = http::event_response(http::event_bytes(
      [told](this auto, http::BodyWriter& body) -> Task<void> {
        co_await relay(std::move(told->answer), std::move(told->teller), body);
      },
      std::move(comment)));
  co_return marked(std::move(response), told->answer.cached);
}

Task<http::Response> Completions::complete(http::Caller caller, ChatCompletionRequest asked) {
  Question question = openai_question(std::move(asked));
  const bool streamed = question.streamed, counted = question.counted;
  auto payer = co_await access_.payer(caller);
  auto ready =
      prepare(std::move(caller), std::move(payer), std::move(question), "chatcmpl-" + new_id("", clock_).substr(1));
  if (streamed)
    co_return co_await stream(std::move(ready.request), openai_teller(std::move(ready.label), counted), kComment);
  const auto reply = co_await answer_of(gateway_.text(std::move(ready.request)), kInput);
  co_return marked(whole_answer(openai_completion(reply, ready.label)), reply.cached);
}

Task<http::Response> Completions::message(http::Caller caller, MessageRequest asked) {
  Question question = read_question(asked, AnthropicPurpose::answer);
  const bool streamed = question.streamed;
  auto payer = co_await access_.payer(caller);
  auto ready = prepare(std::move(caller), std::move(payer), std::move(question), new_id("msg", clock_));
  if (streamed)
    co_return co_await stream(std::move(ready.request), anthropic_teller(std::move(ready.label)), kAnthropicPing);
  const auto reply = co_await answer_of(gateway_.text(std::move(ready.request)), kInput);
  co_return marked(whole_answer(anthropic_message(reply, ready.label)), reply.cached);
}

Task<TokenCount> Completions::count(http::Caller caller, MessageRequest asked) {
  Question question = read_question(asked, AnthropicPurpose::count);
  auto payer = co_await access_.member(caller.user_id);
  const auto ready = prepare(std::move(caller), std::move(payer), std::move(question), "");
  co_return TokenCount{ready.label.input_tokens};
}

}  // namespace odeon::chat
