// A story as an EPUB 3 book whose sentences light up while they are read aloud (W3C EPUB 3.3 with Media Overlays).
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "products/stories/words/language.hpp"

namespace odeon::stories {

struct BookSentence {
  std::string text;
  bool opens_paragraph = false;
  double start = 0, end = 0;  // seconds into the sound
};
struct BookPicture {
  std::string png;
  std::string words;         // for who cannot see it
  std::size_t sentence = 0;  // before which it stands
};
struct Book {
  std::string id;  // "story_018f…"
  std::string title, hero;
  Language language = Language::en;
  std::vector<BookSentence> sentences;
  std::vector<BookPicture> pictures;  // in order; the first is the cover
  std::string mp3;                    // empty: nobody reads it
  Instant changed_at;
};

// The file. Pure; as large as what is in it.
std::string epub(const Book& book);

}  // namespace odeon::stories
