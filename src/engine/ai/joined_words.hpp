// What was said in a sound that was transcribed in pieces.
#pragma once

#include <vector>

#include "engine/ai/transcription.hpp"

namespace odeon::ai {

// Of a sound from `start` to `end`; the words' times are from the sound's beginning, ascending.
struct HeardPiece {
  double start = 0, end = 0;  // seconds
  std::vector<Spoken> words;
};

// Pieces in the order of the sound; each may begin before the one before it ends. There both have heard the same words,
// but at its edges each may have heard half of one: they are joined at a word that both have, the nearest to the middle
// of what they share, and where there is none, in the middle. No word is lost or doubled.
std::vector<Spoken> join_words(const std::vector<HeardPiece>& pieces);

// How words are compared: without case and without the punctuation around them. Empty for what is punctuation alone.
std::string word_key(std::string_view word);

}  // namespace odeon::ai
