// What is asked of a model for an episode's notes, and what its answer says. Pure.
#pragma once

#include <optional>

#include "engine/ai/text.hpp"
#include "products/podcasts/texts/show_notes.hpp"
#include "products/podcasts/texts/transcript.hpp"

namespace odeon::podcasts {

struct NotesSubject {
  std::string podcast;
  std::string title;  // of the episode
  std::string language;
};

// Without payer, trace and composer. Of hours, the sentences that say most are shown.
ai::TextRequest notes_request(const NotesSubject& subject, const TimedTranscript& transcript);

// Held against the transcript (notes_proof.hpp). Nothing if it is no such answer, or nothing of it could be shown.
std::optional<ShowNotes> read_notes(std::string_view answer, const TimedTranscript& transcript);

}  // namespace odeon::podcasts
