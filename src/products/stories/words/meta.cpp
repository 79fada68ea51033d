#include "products/stories/words/meta.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/cast.hpp"
#include "products/stories/words/lexicon.hpp"

namespace odeon::stories {
namespace {

std::array<std::string, kLanguages.size()> names_of(const std::string& key) {
  std::array<std::string, kLanguages.size()> names;
  for (const Language language : kLanguages) {
    const std::string& text = lexicon(language).texts(key).front();
    names[static_cast<std::size_t>(language)] = text.substr(0, text.find('\n'));
  }
  return names;
}

template <class Item>
const Item* found(const std::vector<Item>& items, std::string_view id) {
  const auto at = std::ranges::find(items, id, &Item::id);
  return at == items.end() ? nullptr : &*at;
}

}  // namespace

const std::vector<Trait>& traits() {
  static const auto all = [] {
    std::vector<Trait> made;
    for (const auto& line : cast_lines("traits")) {
      const auto words = text::split(line, ' ');
      made.push_back({.id = std::string(words[0]),
                      .names = names_of("trait." + std::string(words[0])),
                      .way = json::enum_value<Way>(words[1]).value()});
    }
    return made;
  }();
  return all;
}

const std::vector<EventType>& event_types() {
  static const auto all = [] {
    std::vector<EventType> made;
    for (const auto& line : cast_lines("events")) made.push_back({line, names_of("event." + line)});
    return made;
  }();
  return all;
}

const Trait* find_trait(std::string_view id) {
  return found(traits(), id);
}
const EventType* find_event_type(std::string_view id) {
  return found(event_types(), id);
}

}  // namespace odeon::stories
