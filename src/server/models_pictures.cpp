// Who draws, and who films.
#include "engine/ai/providers/fal_images.hpp"
#include "engine/ai/providers/fal_video.hpp"
#include "engine/ai/providers/gemini_images.hpp"
#include "engine/ai/providers/openai_images.hpp"
#include "engine/ai/providers/openrouter_images.hpp"
#include "server/model_makers.hpp"

namespace odeon::server {
namespace {

constexpr std::chrono::minutes kFilming{15};

std::optional<ai::FalOptions> fal_options(const ModelMaker& make) {
  const auto* fal = make.provider("fal");
  if (fal == nullptr) return std::nullopt;
  return ai::FalOptions{.base_url = fal->base_url, .key = fal->key};
}

std::unique_ptr<ai::ImageModel> artist(const ModelMaker& make, const ai::ModelCard& card, const ai::Offer& offer) {
  if (auto google = make.google(offer.provider))
    return std::make_unique<ai::GeminiImages>(make.client, make.clock, std::move(*google), offer.id);
  if (auto fal = fal_options(make); fal && offer.provider == "fal")
    return std::make_unique<ai::FalImages>(
        make.client, make.clock, std::move(*fal), offer.id,
        card.pictures ? ai::FalImages::References::some : ai::FalImages::References::none);
  auto openai = make.openai(offer.provider);
  if (!openai) return nullptr;
  if (offer.provider == "openrouter")
    return std::make_unique<ai::OpenRouterImages>(
        make.client, make.clock, std::move(*openai), offer.id,
        card.pictures ? ai::OpenRouterImages::Answers::pictures_and_text : ai::OpenRouterImages::Answers::pictures);
  return std::make_unique<ai::OpenAiImages>(
      make.client, make.clock, std::move(*openai), offer.id,
      card.pictures ? ai::OpenAiImages::Kind::gpt_image : ai::OpenAiImages::Kind::dall_e);
}

}  // namespace

void add_pictures(const ModelMaker& make) {
  const std::string& first = make.settings.image_model;
  if (auto own = make.own_server(ai::ModelKind::image, first))
    make.gateway.add(std::make_unique<ai::OpenAiImages>(make.client, make.clock, std::move(*own), first,
                                                        ai::OpenAiImages::Kind::dall_e));
  for (const auto& [card, offer, place] : make.sold(ai::ModelKind::image, first))
    if (auto found = artist(make, *card, *offer)) make.gateway.add(std::move(found));
}

void add_video(const ModelMaker& make) {
  auto fal = fal_options(make);
  if (!fal) return;
  fal->limit = kFilming;
  for (const auto& [card, offer, place] : make.sold(ai::ModelKind::video, ""))
    if (offer->provider == "fal")
      make.gateway.add(std::make_unique<ai::FalVideo>(make.client, make.clock, *fal, offer->id));
}

}  // namespace odeon::server
