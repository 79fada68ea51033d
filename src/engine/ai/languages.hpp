// Just enough of BCP 47 to compare languages.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace odeon::ai {

// "en-GB" → "en"; also of "en_GB".
inline std::string primary_language(std::string_view tag) {
  return text::to_lower(tag.substr(0, tag.find_first_of("-_")));
}

}  // namespace odeon::ai
