#include "products/stories/offerings.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {
namespace {

template <class Item>
std::vector<Choice> choices(const std::vector<Item>& items, Language language) {
  std::vector<Choice> all;
  for (const auto& item : items) {
    Choice choice{.id = item.id, .name = item.names[static_cast<std::size_t>(language)], .names = {}};
    for (const Language each : kLanguages)
      choice.names[std::string(code_of(each))] = item.names[static_cast<std::size_t>(each)];
    all.push_back(std::move(choice));
  }
  return all;
}

}  // namespace

void Offerings::mount(http::Api& api) {
  http::mount(api, read_meta, &Offerings::meta, *this);
}

Task<Meta> Offerings::meta(MetaRequest request) {
  const Language language = request.language.value_or(Language::en);
  Meta meta{.traits = choices(traits(), language), .eventTypes = choices(event_types(), language)};
  for (const Language each : kLanguages) meta.languages.push_back({each, std::string(own_name(each))});
  const auto voices = gateway_.voices();
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Voice>>([&](auto voice) {
    const bool available = std::ranges::find(voices, voice.name, &ai::VoiceInfo::name) != voices.end();
    meta.voices.push_back({voice.value, available});
  });
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Tone>>(
      [&](auto tone) { meta.tones.push_back(tone.value); });
  co_return meta;
}

}  // namespace odeon::stories
