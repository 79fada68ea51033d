#include "products/stories/wording.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {
namespace {

void log_filtered(const Filtered& filtered, Language language, Log& log) {
  for (const auto& change : filtered.changes)
    log.info("stories.filtered", {{"category", json::enum_name(change.category)},
                                  {"language", code_of(language)},
                                  {"replaced", !change.left},
                                  {"refused", filtered.refused}});
}

}  // namespace

std::vector<std::string> known_traits(const List<Text<1, 60>, 1, 5>& traits) {
  json::Faults faults;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < traits.size(); ++i) {
    const std::string name = text::to_lower(text::trim(traits[i]));
    if (find_trait(name) == nullptr)
      faults.add(fmt::format("traits[{}]", i), "not_allowed", "This is none of the traits of /api/meta.");
    else if (std::ranges::find(known, name) == known.end())
      known.push_back(name);
  }
  faults.raise();
  return known;
}

std::string known_event(std::string_view event) {
  const std::string name = text::to_lower(text::trim(event));
  if (find_event_type(name) == nullptr)
    throw fault_at("eventType", "not_allowed", "This is none of the events of /api/meta.");
  return name;
}

std::string fit_words(std::string field, std::string_view text, Language language, Log& log) {
  auto filtered = filter_content(with_words(field, text), language, FilterMode::user_input);
  log_filtered(filtered, language, log);
  return accepted_text(std::move(filtered), field);
}

std::string cleaned(std::string_view text, Language language, FilterMode mode, Log& log) {
  auto filtered = filter_content(text, language, mode);
  log_filtered(filtered, language, log);
  return std::move(filtered.text);
}

VisualLook cleaned_look(VisualLook look, Language language, Log& log) {
  const auto clean = [&](std::string& words) { words = cleaned(words, language, FilterMode::image_prompt, log); };
  for (auto* words : {&look.hairColor, &look.hairStyle, &look.eyeColor, &look.skinTone, &look.bodyType, &look.height,
                      &look.clothingStyle, &look.artStyle, &look.canonicalPrompt, &look.simplifiedPrompt})
    clean(*words);
  std::ranges::for_each(look.colorPalette, clean);
  std::ranges::for_each(look.accessories, clean);
  return look;
}

StoryScene cleaned_scene(StoryScene scene, Log& log) {
  scene.text = cleaned(scene.text, scene.language, FilterMode::image_prompt, log);
  return scene;
}

}  // namespace odeon::stories
