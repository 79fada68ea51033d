// Words and sentences of a story with their places and times: for reading along, for media overlays of an EPUB, and for
// the moments at which pictures come.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/language.hpp"
#include "products/stories/words/scenes.hpp"

namespace odeon::stories {

// A part of a text in bytes of its UTF-8; never cuts a grapheme.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
  bool operator==(const Span&) const = default;
};

// The sentences of valid UTF-8, trimmed, in order. Line ends are always ends; abbreviations, initials, decimals,
// ordinals
// ("3. Mai") and speech that goes on ("'Oh!' said …") are not.
std::vector<Span> sentences_of(std::string_view text, Language language);
// The words: without the punctuation around them, with the apostrophes and hyphens within.
std::vector<Span> words_of(std::string_view text);

struct TimedSpan {
  std::size_t offset = 0;
  std::size_t length = 0;
  double start = 0;  // seconds from the beginning of the narration
  double end = 0;
};

struct ReadAlong {
  std::vector<TimedSpan> sentences;
  std::vector<TimedSpan> words;
};

// When each of sentences_of(text) was spoken.
struct SentenceTime {
  double start = 0;
  double end = 0;
};

// Spreads the words of each sentence over its time by how long they take to say (syllables; commas and the like as
// short rests), so that words follow one another without overlap. Needs as many times as there are sentences; where
// there are fewer, the rest of the text is left out.
ReadAlong read_along(std::string_view text, Language language, const std::vector<SentenceTime>& times);

// Without a narration: a guess from words_per_minute.
std::vector<SentenceTime> estimated_times(std::string_view text, Language language);

// How long a word takes to say, in syllables: groups of vowels, at least one.
std::size_t syllables(std::string_view word);

// When a scene is reached: the start of the first sentence that ends behind its offset.
double second_of(const StoryScene& scene, const ReadAlong& along);

}  // namespace odeon::stories
