#include "products/stories/import/import_rows.hpp"

#include "base/json.hpp"
#include "products/stories/wording.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {
namespace {

constexpr std::string_view kFromOutside = "import";  // in place of a model that wrote it

std::string fit_or_empty(std::string field, const std::string& text, Language language, Log& log) {
  return text::trim(text).empty() ? "" : fit_words(std::move(field), text, language, log);
}

std::vector<std::string> fit_each(std::string field, const auto& texts, Language language, Log& log) {
  std::vector<std::string> fit;
  for (const auto& text : texts) fit.push_back(fit_words(field, text, language, log));
  return fit;
}

std::vector<std::string> traits_known(const auto& names) {
  std::vector<std::string> known;
  for (const auto& name : names) {
    auto id = text::replace_all(text::to_lower(text::trim(name)), " ", "_");
    if (find_trait(id) != nullptr && known.size() < 5 && std::ranges::find(known, id) == known.end())
      known.push_back(std::move(id));
  }
  return known;
}

}  // namespace

HeroRow hero_row(const BroughtHero& brought, Language language, Log& log) {
  auto look = brought_look(brought.visualProfile);
  if (look) look = cleaned_look(std::move(*look), language, log);
  return {.name = fit_words("name", brought.name, language, log),
          .age = brought.age,
          .traits = traits_known(brought.traits),
          .appearance = fit_or_empty("appearance", brought.appearance, language, log),
          .abilities = fit_each("abilities", brought.abilities, language, log),
          .visual_profile = std::move(look)};
}

EventRow event_row(const BroughtEvent& brought, Language language, Log& log) {
  const Language own = brought.language.value_or(language);
  EventRow row{.title = fit_words("title", brought.title, own, log),
               .description = fit_or_empty("description", brought.description, own, log),
               .prompt_seed = fit_or_empty("promptSeed", brought.promptSeed, own, log),
               .keywords = fit_each("keywords", brought.keywords, own, log),
               .category = fit_or_empty("category", brought.category, own, log),
               .tone = std::string(json::enum_name(brought.tone.value_or(Tone::gentle))),
               .language = own,
               .is_favorite = brought.isFavorite.value_or(false)};
  if (row.description.empty()) row.description = row.title;
  if (row.prompt_seed.empty()) row.prompt_seed = row.description;
  if (row.category.empty()) row.category = "other";
  if (brought.ageRange) row.age_range = fit_words("ageRange", *brought.ageRange, own, log);
  if (brought.pictogramEmoji) row.pictogram_emoji = *brought.pictogramEmoji;
  return row;
}

TaleRow tale_row(const BroughtStory& brought, Language language, Log& log) {
  TaleRow row{.language = brought.language.value_or(language), .status = TaleStatus::ready};
  row.title = fit_words("title", brought.title, row.language, log);
  row.content = fit_words("content", brought.content, row.language, log);
  row.hero_name = fit_or_empty("heroName", brought.heroName, row.language, log);
  const auto event = text::replace_all(text::to_lower(text::trim(brought.eventType)), " ", "_");
  if (find_event_type(event) != nullptr) row.event_type = event;
  row.wish.audio = false;
  row.text_model = kFromOutside;
  row.listen_count = brought.listenCount;
  row.last_listened_at = brought.lastListenedAt;
  row.is_favorite = brought.isFavorite.value_or(false);
  return row;
}

}  // namespace odeon::stories
