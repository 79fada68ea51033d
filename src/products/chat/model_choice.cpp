#include "products/chat/model_choice.hpp"

#include "base/text.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

// Of an answer: as much is held of the budget until it is there. Models that think need room for that, too.
constexpr std::int64_t kUsualOutput = 4'096, kThinkersOutput = 16'384;
// Where nobody knows how much a model takes.
constexpr std::int64_t kUsualWindow = 16'384;
// The estimate of tokens is one: so much of what a model takes is left unused.
constexpr std::int64_t kSpare = 8;  // an eighth

constexpr std::size_t kNameShown = 100;
constexpr const char* kAttachments = "attachments";  // the field

// By whoever sells it, or by that one seller where `asked` is an offer's name.
bool sold(std::string_view asked, const ai::ModelCard& card, const ai::OfferStates& states) {
  const auto is_there = [&](const ai::Offer& offer) { return states.contains(offer.name()); };
  const auto offer = std::ranges::find(card.offers, asked, &ai::Offer::name);
  return offer != card.offers.end() ? is_there(*offer) : std::ranges::any_of(card.offers, is_there);
}

ai::OfferStates states_of(const ai::Gateway& gateway) {
  ai::OfferStates states;
  for (auto& health : gateway.health())
    states[std::move(health.model)] = {
        .up = health.is_asked, .limited = health.is_limited, .first_token = health.first_word};
  return states;
}

void fit(Chosen& chosen, const ai::ModelCard* card) {
  std::int64_t output = card != nullptr && card->thinks ? kThinkersOutput : kUsualOutput;
  if (card != nullptr && card->max_output > 0) output = std::min(output, card->max_output);
  const std::int64_t window = card != nullptr && card->window > 0 ? card->window : kUsualWindow;
  output = std::min(output, window / 2);
  chosen.max_tokens = static_cast<int>(output);
  chosen.input_room = (window - output) * (kSpare - 1) / kSpare;
}

}  // namespace

std::string ModelChoice::name_of(std::string_view model) const {
  const auto* card = gateway_.catalogue().find(model);
  return card != nullptr ? card->name : std::string(model);
}

Chosen ModelChoice::choose(std::string_view asked, std::string_view text, const Asker& asker, Needs needs,
                           std::string at) const {
  auto chosen = asked == kAuto ? routed(text, asker, needs) : by_name(asked, asker, needs, std::move(at));
  const auto tokens = ai::estimate_tokens(text);
  if (tokens > chosen.input_room) throw fault_at("text", "TEXT_TOO_LONG", "This is longer than the model can read.");
  if (tokens + needs.tokens > chosen.input_room)
    throw fault_at(kAttachments, "TEXT_TOO_LONG", "These are longer than the model can read.");
  return chosen;
}

Chosen ModelChoice::by_name(std::string_view asked, const Asker& asker, Needs needs, std::string at) const {
  const auto* card = gateway_.catalogue().find(asked, ai::ModelKind::text);
  if (card == nullptr)
    throw fault_at(std::move(at), "UNKNOWN_MODEL",
                   "There is no model " + std::string(text::prefix(asked, kNameShown)) + ".");
  if (!asker.plan->has(kAllModels) && !asker.plan->has(std::string(kOneModel) + card->name))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED",
                "Your plan does not include this model. Let one be chosen, or upgrade.")
        .with_upgrade_url(asker.upgrade_url);
  if (needs.pictures && !card->pictures)
    throw fault_at(kAttachments, "PICTURES_UNSUPPORTED", "This model cannot see pictures. Ask another one, or auto.");
  const bool one_seller = gateway_.catalogue().offer(asked) != nullptr;
  Chosen chosen{.asked = card->name,
                .models = {one_seller ? std::string(asked) : card->name},
                .reason = "named",
                .sees = card->pictures};
  if (!sold(asked, *card, states_of(gateway_))) {
    if (!gateway_.names(ai::ModelKind::text).empty())
      throw Error(Fault::unavailable, "MODEL_UNAVAILABLE", "This model is not set up here. Please ask another one.")
          .with_retry_after(kTryAgain);
    chosen.models = {std::string(ai::kOfflineModel)};
    chosen.reason = kOffline;
  }
  fit(chosen, card);
  return chosen;
}

Chosen ModelChoice::routed(std::string_view text, const Asker& asker, Needs needs) const {
  ai::Question question{.complexity = ai::assess(text).complexity,
                        .input_tokens = ai::estimate_tokens(text) + needs.tokens,
                        .output_tokens = kUsualOutput,
                        .tier = asker.plan->name,
                        .budget_left = asker.left,
                        .pictures = needs.pictures || needs.pictures_before};
  const auto states = states_of(gateway_);
  auto route = routing_.route(question, states);
  bool sees = question.pictures && !route.first().empty();
  if (question.pictures && !sees) {
    question.pictures = false;
    route = routing_.route(question, states);
    if (needs.pictures && !route.first().empty())
      throw fault_at(kAttachments, "PICTURES_UNSUPPORTED", "No model that is set up here can see pictures.");
    // Somebody whom the catalogue does not know: they may.
    sees = needs.pictures;
  }
  Chosen chosen{.asked = std::string(kAuto), .models = route.first(), .reason = route.reason, .sees = sees};
  if (!route.own.empty()) chosen.otherwise = [route = std::move(route)](Fault failed) { return route.others(failed); };
  // None of those that the catalogue knows: whatever else is set up, or else nobody.
  if (chosen.models.empty()) chosen.reason = gateway_.names(ai::ModelKind::text).empty() ? kOffline : kUncatalogued;
  fit(chosen, chosen.models.empty() ? nullptr : gateway_.catalogue().find(chosen.models.front()));
  return chosen;
}

std::vector<std::string> ModelChoice::for_chore(const ai::TextRequest& request, const Asker& asker) const {
  ai::Question question{.output_tokens = request.max_tokens, .tier = asker.plan->name, .budget_left = asker.left};
  for (const auto& message : request.messages) question.input_tokens += ai::estimate_tokens(message.text());
  question.json = request.form.kind != ai::AnswerForm::Kind::text;
  auto models = routing_.route(question, states_of(gateway_)).models();
  if (!models.empty()) models.emplace_back(ai::kOfflineModel);
  return models;
}

}  // namespace odeon::chat
