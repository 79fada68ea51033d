// A story as a book: what it is made of, before anyone decides how it looks. epub.hpp and print.hpp make files of it.
//
// Texts may hold anything that people or models write: ill-formed UTF-8 is repaired, control characters and those that
// turn the direction of what follows are dropped, and runs of white space become one space.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace odeon::books {

using Millis = std::chrono::milliseconds;

// A whole PNG or JPEG file (grey or RGB), as it is to be seen: its orientation is not looked at. How many pixels it
// has, it tells itself.
struct Picture {
  std::string bytes;
  std::string alt;  // what it shows, for who cannot see it; empty if it only adorns
};

struct Sentence {
  std::string text;
  // When it begins in the narration. It lasts until the next that has a time begins, the last one to the end, so that
  // nothing that was spoken is cut and pages turn after the pause.
  std::optional<Millis> begins = {};
  bool begins_paragraph = false;
};

struct Page {
  std::vector<Sentence> sentences;
  std::optional<Picture> picture = {};  // stands above the text
};

// One sound for the whole book.
struct Narration {
  std::string bytes;
  std::string media_type = "audio/mpeg";  // or audio/mp4
  Millis duration{};
  std::string narrator = {};  // may be empty
};

struct Book {
  std::string title;
  std::string author = {};  // may be empty
  std::string language;     // BCP 47: language, and maybe script and region ("en", "de-AT", "zh-Hant-TW")
  std::string identifier;   // a UUID; the same one for every edition of the same story
  Instant date{};           // when it was made or last changed
  std::string description = {};
  std::optional<Picture> cover = {};
  std::vector<Page> pages;  // one with neither text nor picture is left out
  std::optional<Narration> narration = {};
};

// Lengths are in code points, sizes in bytes.
inline constexpr std::size_t kMaxTitle = 300, kMaxName = 200, kMaxDescription = 4000, kMaxSentence = 4000,
                             kMaxAlt = 1000;
inline constexpr std::size_t kMaxPages = 200, kMaxSentences = 200;  // of one page
inline constexpr std::size_t kMaxText = 200'000;                    // bytes, of all sentences
inline constexpr std::size_t kMaxPictureBytes = 16'000'000, kMaxNarrationBytes = 500'000'000;
inline constexpr int kMaxPictureSide = 16'383;
inline constexpr long kMaxPicturePixels = 50'000'000;
inline constexpr Millis kMaxNarration = std::chrono::hours(24);

// Takes the pieces of a file, in order; what it throws ends the writing.
using Sink = std::function<void(std::string_view)>;

}  // namespace odeon::books
