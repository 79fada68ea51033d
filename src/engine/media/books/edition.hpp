// A book that has been checked and tidied once, for whoever writes a file of it: texts are plain, empty pages are gone,
// pictures are measured and every timed sentence has its part of the narration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/media/books/book.hpp"
#include "engine/media/pictures/decode.hpp"

namespace odeon::books {

// Of the narration.
struct Clip {
  Millis from{}, to{};
  Millis length() const { return to - from; }
};

struct Plate {
  pictures::PictureInfo file;  // as it is stored: its orientation is not looked at
  std::string_view bytes;      // the book's
  std::string alt;
};

struct SpokenSentence {
  std::string text;  // never empty
  std::optional<Clip> clip;
};

using Paragraph = std::vector<SpokenSentence>;  // never empty

struct Leaf {
  int number;  // from 1
  std::vector<Paragraph> paragraphs;
  std::optional<Plate> picture;
  Millis narrated{};  // all its clips together
};

struct Edition {
  std::string title, author, narrator, description;
  std::string language, identifier;
  Instant date;
  std::optional<Plate> cover;
  std::vector<Leaf> leaves;
  std::string_view narration;  // the book's; empty if no sentence has a time
  std::string narration_type;
  Millis narrated{};  // all clips of all leaves together
};

// Throws Error{invalid} "BOOK_INVALID" with every fault by its place ("pages[2].picture.bytes", "not_allowed"). The
// book must outlive the edition.
Edition prepare(const Book& book);

// "Page 3: Once upon a time…", with as much of its text as a table of contents has room for.
std::string name_of(const Leaf& leaf, std::string_view word_for_page, int number);

}  // namespace odeon::books
