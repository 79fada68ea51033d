// The few words that a book says of itself, in its own language.
#pragma once

#include <string_view>

namespace odeon::books {

struct Words {
  std::string_view cover, contents, page;
  std::string_view read_by;  // before a name: "Read by"
  // Sentences for who chooses a book by what it offers.
  std::string_view described, narrated, legible;
};

// Of English, Spanish, French, German and Italian, by the first part of a BCP 47 tag; English for all others.
const Words& words_in(std::string_view language);

}  // namespace odeon::books
