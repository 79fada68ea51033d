// A story in the pieces in which it is read aloud: its title, then sentence by sentence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/read_along.hpp"

namespace odeon::stories {

struct Passage {
  std::string text;              // never longer than what a voice takes at once
  std::size_t sentence = 0;      // of sentences_of(content), to which it belongs or is a part of
  bool is_title = false;         // and then of no sentence
  bool opens_paragraph = false;  // of the content
  bool ends_sentence = true;
};

std::vector<Passage> passages_of(std::string_view title, std::string_view content, Language language);

}  // namespace odeon::stories
