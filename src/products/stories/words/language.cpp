#include "products/stories/words/language.hpp"

#include "base/json.hpp"

namespace odeon::stories {

std::optional<Language> language_of(std::string_view code) {
  return json::enum_value<Language>(code);
}

std::string_view code_of(Language language) {
  return json::enum_name(language);
}

std::string_view english_name(Language language) {
  constexpr auto kNames = std::to_array<std::string_view>({"English", "Spanish", "French", "German", "Italian"});
  return kNames[static_cast<std::size_t>(language)];
}

std::string_view own_name(Language language) {
  constexpr auto kNames = std::to_array<std::string_view>({"English", "Español", "Français", "Deutsch", "Italiano"});
  return kNames[static_cast<std::size_t>(language)];
}

double words_per_minute(Language language) {
  constexpr auto kRates = std::to_array({150.0, 150.0, 150.0, 140.0, 145.0});
  return kRates[static_cast<std::size_t>(language)];
}

}  // namespace odeon::stories
