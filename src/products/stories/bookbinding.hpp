// A story as a book (engine/media/books): what stands on which page, and when it is read.
#pragma once

#include "engine/media/books/book.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

struct PlacedPicture {
  books::Picture picture;
  double starts_at = 0;  // seconds into the narration, told or estimated (showing.hpp)
};

// What there is of a story beside its text.
struct BookParts {
  std::vector<PlacedPicture> pictures;     // in any order
  std::optional<books::Picture> portrait;  // of its hero: the cover. Without it, the first picture is
  std::string mp3;                         // empty, or the narration of the story as it stands
  Instant changed_at{};                    // the last of them
};

// A page begins with each picture, at the sentence that is read when it comes. Between pictures pages end with a
// paragraph once they have some 80 words, in a paragraph that goes on and on with a sentence. The identifier is the
// UUID that is in the story's id. Takes every story that can be written: no sentence is too long, and no time has a
// fault. Pure.
books::Book book_of(const TaleRow& tale, BookParts parts);

}  // namespace odeon::stories
