// The languages in which stories are told.
#pragma once

#include <array>
#include <boost/describe.hpp>
#include <optional>
#include <string_view>

namespace odeon::stories {

enum class Language { en, es, fr, de, it };
BOOST_DESCRIBE_ENUM(Language, en, es, fr, de, it)

inline constexpr auto kLanguages =
    std::to_array<Language>({Language::en, Language::es, Language::fr, Language::de, Language::it});

// "en"; nothing for what is not offered.
std::optional<Language> language_of(std::string_view code);
std::string_view code_of(Language language);
// In English, as models are told: "German".
std::string_view english_name(Language language);
// In the language itself: "Deutsch".
std::string_view own_name(Language language);

// How fast a story is read aloud. Languages with long words get fewer of them into a minute.
double words_per_minute(Language language);

}  // namespace odeon::stories
