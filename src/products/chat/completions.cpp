#include "products/chat/completions.hpp"

#include "base/ids.hpp"
#include "engine/ai/books.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/relay.hpp"

namespace odeon::chat {
namespace {

constexpr std::chrono::seconds kTryAgain{10};
constexpr const char* kComment = ": \n\n";

ModelShown shown(const ai::ModelCard& card) {
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

http::Response whole(std::string body) {
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Question read(const MessageRequest& asked, AnthropicPurpose purpose) {
  const auto version = anthropic_version(asked.headers.get("anthropic-version"));
  return anthropic_question(json::from<AnthropicRequest>(asked.body), version, purpose);
}

// Whoever asked for one model has no use for which of its sellers failed how: none could answer.
Error nobody_answers(const Error& error) {
  if (error.fault != Fault::upstream && error.fault != Fault::timeout && error.fault != Fault::unavailable)
    return error;
  return Error(Fault::unavailable, "MODEL_UNAVAILABLE", "This model cannot answer at the moment. Please try again.")
      .with_retry_after(error.retry_after.value_or(kTryAgain))
      .with_detail(error.code + " " + error.detail);
}

template <class T>
T answered(std::expected<T, std::exception_ptr> outcome) {
  if (outcome) return std::move(*outcome);
  try {
    std::rethrow_exception(outcome.error());
  } catch (const Error& error) {
    throw nobody_answers(error);
  }
}

}  // namespace

void Completions::mount(http::Api& api) {
  api.format_below("/v1", std::make_unique<OpenAiFormat>());
  api.format_below("/v1/messages", std::make_unique<AnthropicFormat>());
  http::mount(api, list_models, &Completions::models, *this);
  http::mount(api, show_model, &Completions::model, *this);
  http::mount(api, complete_chat, &Completions::complete, *this);
  http::mount(api, create_message, &Completions::message, *this);
  http::mount(api, count_tokens, &Completions::count, *this);
}

Task<std::string> Completions::tier_of(std::string user_id) {
  const auto entitled = co_await subscriptions_.entitlement(std::move(user_id), std::string(kProduct));
  if (!entitled.plan->has("api_access"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "The API is part of the plan ULTRA.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
  co_return entitled.plan->name;
}

Task<ModelsShown> Completions::models(http::Caller caller) {
  co_await tier_of(caller.user_id);
  ModelsShown all;
  for (const auto* card : models_.all()) all.data.push_back(shown(*card));
  if (!all.data.empty()) {
    all.first_id = all.data.front().id;
    all.last_id = all.data.back().id;
  }
  co_return all;
}

Task<ModelShown> Completions::model(http::Caller caller, ModelRequest request) {
  co_await tier_of(caller.user_id);
  co_return shown(models_.find(request.id));
}

Task<Completions::Ready> Completions::prepare(http::Caller caller, Question question, std::string id) {
  std::string tier = co_await tier_of(caller.user_id);
  const auto& card = models_.find(question.model);
  fit(question, card);
  auto request = std::move(question.request);
  request.models = {std::move(question.model)};
  request.payer = {.user_id = std::move(caller.user_id), .product = std::string(kProduct), .tier = std::move(tier)};
  request.trace = caller.trace;
  if (request.temperature == 0.0) request.caching = ai::Caching::own;
  co_return Ready{std::move(request),
                  {.id = std::move(id),
                   .model = card.name,
                   .created_at = clock_.now(),
                   .request_id = std::move(caller.request_id)}};
}

Task<ai::TextReply> Completions::ask(ai::TextRequest request) {
  co_return answered(co_await settle(gateway_.text(std::move(request))));
}

Task<http::Response> Completions::stream(ai::TextRequest request, std::unique_ptr<AnswerTeller> teller,
                                         std::string comment) {
  // Both wait for whoever writes the body; a function must be such that it could be copied.
  struct Told {
    ai::StreamedReply answer;
    std::unique_ptr<AnswerTeller> teller;
  };
  auto told = std::make_shared<Told>(answered(co_await settle(gateway_.stream(std::move(request)))), std::move(teller));
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
  auto ready = co_await prepare(std::move(caller), std::move(question), "chatcmpl-" + new_id("", clock_).substr(1));
  if (streamed)
    co_return co_await stream(std::move(ready.request), openai_teller(std::move(ready.label), counted), kComment);
  const auto reply = co_await ask(std::move(ready.request));
  co_return marked(whole(openai_completion(reply, ready.label)), reply.cached);
}

Task<http::Response> Completions::message(http::Caller caller, MessageRequest asked) {
  Question question = read(asked, AnthropicPurpose::answer);
  const bool streamed = question.streamed;
  auto ready = co_await prepare(std::move(caller), std::move(question), new_id("msg", clock_));
  if (streamed)
    co_return co_await stream(std::move(ready.request), anthropic_teller(std::move(ready.label)), kAnthropicPing);
  const auto reply = co_await ask(std::move(ready.request));
  co_return marked(whole(anthropic_message(reply, ready.label)), reply.cached);
}

Task<TokenCount> Completions::count(http::Caller caller, MessageRequest asked) {
  auto ready = co_await prepare(std::move(caller), read(asked, AnthropicPurpose::count), "");
  co_return TokenCount{ai::guessed(ready.request, 0).input_tokens};
}

}  // namespace odeon::chat
