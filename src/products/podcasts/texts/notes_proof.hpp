// What of somebody's notes can be shown to have been said. A model may make up anything; what is not found in the
// transcript is left out. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "products/podcasts/texts/show_notes.hpp"
#include "products/podcasts/texts/transcript.hpp"

namespace odeon::podcasts {

// The words of a transcript, to look things up in. `transcript` outlives it.
class SaidWords {
 public:
  explicit SaidWords(const TimedTranscript& transcript);

  // Where these words were said one after the other, whatever their case and commas: word for word as the transcript
  // has them. Nothing where they were not, or are none.
  std::optional<NotesQuote> find(std::string_view phrase) const;
  // The address of what was mentioned: "https://example.com/shop" for what was said as "example.com/shop", and
  // "https://example.com" for "example dot com" whatever path follows. Nothing for what was not mentioned.
  std::optional<std::string> find_link(std::string_view link) const;
  // Whether a sentence speaks of what was said: its figures occur there, and so does most of what it says in other
  // words than the commonest.
  bool supports(std::string_view sentence) const;

 private:
  std::vector<const ai::Spoken*> words_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> places_;  // by key
  std::unordered_set<std::string> stems_;
};

// `notes` without what cannot be shown. Chapters begin with something that was said, the first at 0; there are none
// where only one is left.
ShowNotes proved(ShowNotes notes, const TimedTranscript& transcript);

// The beginning of a word that says something, in lower case: what its forms have in common. Empty for the commonest.
std::string stem_of(std::string_view word);

}  // namespace odeon::podcasts
