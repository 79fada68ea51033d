// Notes of an episode without a model: nothing is made up, since all of it is taken from what was said. Pure and
// deterministic.
//
// Chapters begin where the words change (TextTiling, Hearst 1997: the likeness of what is said before and after each
// place, whose deepest valleys are borders) and are called by the words that they have and others have not. The summary
// and the key points are the sentences that have most of the words that the episode is about (tf-idf); names are what
// is written with a capital letter within sentences.
#pragma once

#include "products/podcasts/texts/show_notes.hpp"
#include "products/podcasts/texts/transcript.hpp"

namespace odeon::podcasts {

// `model` is odeon-offline. Of a transcript without words: without anything.
ShowNotes compose_notes(const TimedTranscript& transcript);

// The sentences that say most, in their order, of about so many bytes: for models that cannot read hours.
std::vector<std::size_t> most_telling(const TimedTranscript& transcript, std::size_t bytes);

}  // namespace odeon::podcasts
