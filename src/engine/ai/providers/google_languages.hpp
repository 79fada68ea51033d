// Languages as Google's speech services want them: with a country.
#pragma once

#include <string_view>

namespace odeon::ai {

// "de" → "de-DE", "en-gb" → "en-GB", "en-NZ" → "en-US". Empty if they do not speak it.
std::string_view google_language(std::string_view tag);

}  // namespace odeon::ai
