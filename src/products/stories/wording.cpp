#include "products/stories/wording.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {

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

std::string fit_words(std::string field, std::string_view text, Language language) {
  const std::string words = with_words(field, text);
  return accepted_text(words, language, field);
}

std::string cleaned(std::string_view text, Language language, FilterMode mode, Log& log) {
  auto filtered = filter_content(text, language, mode);
  for (const auto& change : filtered.changes)
    log.info(
        "stories.filtered",
        {{"category", json::enum_name(change.category)}, {"language", code_of(language)}, {"replaced", !change.left}});
  return std::move(filtered.text);
}

}  // namespace odeon::stories
