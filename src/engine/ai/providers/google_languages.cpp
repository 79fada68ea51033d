#include "engine/ai/providers/google_languages.hpp"

#include "engine/ai/languages.hpp"

namespace odeon::ai {
namespace {

// Of several countries, the first is meant when none is named.
constexpr std::string_view kLanguages[] = {"en-US", "en-GB", "en-AU", "en-IN", "es-ES", "es-US", "fr-FR", "fr-CA",
                                           "de-DE", "it-IT", "tr-TR", "pt-BR", "nl-NL", "nl-BE", "pl-PL", "ru-RU",
                                           "uk-UA", "sv-SE", "da-DK", "nb-NO", "fi-FI", "ja-JP", "ko-KR", "cmn-CN",
                                           "hi-IN", "bn-IN", "ta-IN", "te-IN", "mr-IN", "gu-IN", "kn-IN", "ml-IN",
                                           "ur-IN", "ar-XA", "id-ID", "vi-VN", "th-TH", "sw-KE"};

}  // namespace

std::string_view google_language(std::string_view tag) {
  std::string primary = primary_language(tag);
  if (primary == "zh") primary = "cmn";
  std::string_view found;
  for (const auto language : kLanguages) {
    if (text::equals_ignoring_case(language, tag)) return language;
    if (found.empty() && primary_language(language) == primary) found = language;
  }
  return found;
}

}  // namespace odeon::ai
