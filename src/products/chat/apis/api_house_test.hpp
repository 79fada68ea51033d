// A house whose models say what a test's questions ask for, and people with keys to it.
#pragma once

#include "products/chat/apis/completions.hpp"
#include "products/chat/apis/media_cast_test.hpp"
#include "products/chat/apis/openai_media.hpp"
#include "testing/played_model.hpp"
#include "testing/product_house.hpp"
#include "testing/shelf.hpp"

namespace odeon::chat {

inline constexpr const char* kModels = R"(
[[model]]
name = "small"
aliases = ["little"]
kind = "text"
window = 4000
max_output = 500
can = ["tools", "pictures", "json", "thinks"]
price = { input = 1, output = 10 }
offer = [{ provider = "a", id = "one" }]
[[model]]
name = "plain"
kind = "text"
window = 4000
price = { input = 1, output = 10 }
offer = [{ provider = "b", id = "two" }]
[[model]]
name = "frail"
kind = "text"
window = 4000
price = { input = 1, output = 10 }
offer = [{ provider = "c", id = "three" }]
)";

// An object as a schema wants it: each text that it must have is the first of its choices, or "word".
inline std::string filled(const std::string& schema) {
  json::object object;
  const json::value wanted = json::parse(schema);
  for (const auto& [name, field] : wanted.at("properties").as_object()) {
    const auto* choices = field.as_object().if_contains("enum");
    object[name] = choices != nullptr ? choices->as_array().at(0) : json::value("word");
  }
  return json::write(object);
}

// By the last thing that was said.
inline testing::PlayedPart part_for(const ai::TextRequest& request) {
  using ai::Finished;
  using ai::TextDelta;
  const ai::Usage used{.input_tokens = 10, .cached_tokens = 3, .output_tokens = 4};
  const auto say = [&](std::string text) {
    return testing::PlayedPart{.reads = {{TextDelta{std::move(text)}, Finished{.usage = used}}}};
  };
  const auto& last = request.messages.back();
  if (last.role == ai::MessageRole::tool) {
    std::vector<std::string> results;
    for (const auto& part : last.parts) results.push_back(std::get<ai::ToolResult>(part).content);
    return say("It is " + text::join(results, " and ") + ".");
  }
  const std::string said = last.text();
  if (said == "limit")
    return {.refusal =
                Error(Fault::rate_limited, "PROVIDER_LIMIT", "Slow down.").with_retry_after(std::chrono::seconds(7))};
  if (said == "overlong")
    return {.refusal = Error(Fault::invalid, ai::kTooLong, "The text is too long for this model.")};
  if (said == "fail") return {.refusal = Error(Fault::upstream, "PROVIDER_FAILED", "It failed.")};
  if (said == "break")
    return {.reads = {{TextDelta{"Once "}}, {TextDelta{"upon"}}},
            .fault = Error(Fault::upstream, "STREAM_CUT", "It broke.")};
  if (said == "forever") return {.reads = {{TextDelta{"Once "}}}, .hangs = true};
  if (said == "refuse")
    return {.reads = {{TextDelta{"I cannot."}, Finished{.finish = ai::Finish::declined, .usage = used}}}};
  if (said == "think")
    return {.reads = {{ai::ReasoningDelta{.text = "Let me ", .begins = true}},
                      {ai::ReasoningDelta{.text = "see."}},
                      {ai::ReasoningDelta{.text = "", .signature = "signed"}, TextDelta{"Yes."}},
                      {Finished{.usage = {.input_tokens = 10, .output_tokens = 4, .reasoning_tokens = 2}}}}};
  if (said == "see") {
    for (const auto& part : last.parts)
      if (const auto* picture = std::get_if<ai::Picture>(&part))
        return say(fmt::format("{} of {} bytes", picture->media_type, picture->bytes.size()));
  }
  if (said == "shape") return say(R"({"shape":")" + request.form.name + "\"}");
  if (request.form.kind == ai::AnswerForm::Kind::schema) return say(filled(request.form.schema));
  if (said == "recall") {
    for (const auto& message : request.messages)
      for (const auto& part : message.parts)
        if (const auto* thought = std::get_if<ai::Reasoning>(&part))
          return say(thought->text + "/" + thought->signature);
    return say("nothing");
  }
  if (request.tool_choice.mode == ai::ToolChoice::Mode::named)
    return {.reads = {{ai::ToolCallBegin{0, "call_1", request.tool_choice.name, ""},
                       ai::ToolCallDelta{0, filled(request.tools.front().parameters)},
                       Finished{.finish = ai::Finish::tool_calls, .usage = used}}}};
  if (!request.tools.empty())
    return {.reads = {{ai::ToolCallBegin{0, "call_1", "weather", ""}, ai::ToolCallDelta{0, R"({"city":)"}},
                      {ai::ToolCallDelta{0, R"("Oslo"})"}, ai::ToolCallBegin{1, "call_2", "weather", ""}},
                      {ai::ToolCallDelta{1, R"({"city":"Rome"})"},
                       Finished{.finish = ai::Finish::tool_calls, .usage = used}}}};
  return {.reads = {{TextDelta{"Good "}}, {TextDelta{"morning."}}, {Finished{.usage = used}}}};
}

struct Forgetful final : ai::Meter {
  Task<void> record(ai::Metered) override { co_return; }
};
// One person has spent all; of the others, nothing is counted.
struct Purse final : ai::Budgets {
  Task<std::string> reserve(ai::Payer payer, ai::NanoUsd) override {
    last = payer;
    if (payer.user_id == broke)
      throw Error(Fault::payment_required, "daily_budget_exceeded", "Your budget of today is used up.");
    co_return "";
  }
  Task<void> settle(std::string, ai::NanoUsd) override { co_return; }
  std::string broke;
  ai::Payer last;  // who was to pay
};

struct ApiHouse : testing::ProductHouse {
  ApiHouse() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}) {
    cast->by_question = part_for;
    for (const char* name : {"a/one", "b/two", "c/three"})
      gateway.add(std::make_unique<testing::PlayedModel>(name, cast));
    add_media_models(gateway, media_cast);
    completions.emplace(gateway, *database, subscriptions, clock);
    media.emplace(OpenAiMedia::Rooms{gateway, *database, subscriptions, kept, pool, clock});
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Chat", std::make_unique<http::FlatFormat>());
    completions->mount(*api);
    media->mount(*api);
    open(std::move(api));
    poor_key = key_of(join("ben@example.com", "pro"));
    purse.broke = join("cleo@example.com", "ultra");
    broke_key = key_of(purse.broke);
    ada = join("ada@example.com", "ultra");
    key = key_of(ada);
  }
  ~ApiHouse() { run_task(gateway.stop()); }

  std::string join(const std::string& mail, const std::string& plan) {
    auto in = run_task(door.sign_up({.mail = mail, .password = "Correct horse 1"}));
    run_task(subscriptions.set_plan(in.account.id, product, plan));
    agree(in.account.id);
    token = in.tokens.access_token;
    return in.account.id;
  }
  // To the terms, or no longer.
  void agree(const std::string& id, bool granted = true) {
    run_task(consents.decide(*database, id, product, std::string(kTermsConsent), granted, "2026-11"));
  }
  std::string key_of(const std::string& id) {
    return run_task(keys.create({.account_id = id, .product = product, .name = "program", .scopes = {"read", "write"}}))
        .secret;
  }

  std::shared_ptr<testing::Play> cast = std::make_shared<testing::Play>();
  MediaCast media_cast;
  KeptUploads kept{server.uploads};
  Forgetful meter;
  Purse purse;
  testing::Shelf shelf;
  ai::Gateway gateway{
      clock,
      log,
      metrics,
      meter,
      {.catalogue = ai::Catalogue::from_toml(std::string(kModels) + kMediaModels), .budgets = &purse, .cache = &shelf}};
  identity::Door door{accounts, sessions, proofs, {.product = product}};
  std::optional<Completions> completions;
  std::optional<OpenAiMedia> media;
  std::string ada, token;  // her session's
  std::string key, poor_key, broke_key;
};

}  // namespace odeon::chat
