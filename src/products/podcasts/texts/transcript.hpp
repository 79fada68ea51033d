// What was said in an episode, word by word with its times: pure. Times are seconds of the finished sound, so nothing
// has to be moved by what was cut out of the recording before.
//
// From what a model heard to words (heard_words), from words to sentences (TimedTranscript::of), from a transcript that
// its owner has rewritten to the same with new words (rewritten). How it is written for others: captions.hpp.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "engine/ai/transcription.hpp"

namespace odeon::podcasts {

// The words that belong together: about a sentence. Never empty.
struct TranscriptSegment {
  std::vector<ai::Spoken> words;

  double start() const { return words.front().start; }
  double end() const { return words.back().end; }
  std::string body() const;
  bool operator==(const TranscriptSegment&) const = default;
};

struct TimedTranscript {
  // Segments end where a sentence does, at a pause, and before they grow too long to be read at a glance.
  static TimedTranscript of(const std::vector<ai::Spoken>& words, std::string language, std::string model);
  // Paragraphs, which end at long pauses.
  std::string text() const;
  std::vector<ai::Spoken> words() const;

  std::string language;  // BCP 47; empty: unknown
  std::string model;     // who wrote it down
  std::vector<TranscriptSegment> segments;
  bool operator==(const TimedTranscript&) const = default;
};

// What a model heard in a piece of sound from `start` to `end`, word by word: with the commas of its text and the times
// of its words. What it did not time is spread over what it did, or over all of it.
std::vector<ai::Spoken> heard_words(const ai::Transcript& heard, double start, double end);

// The same speech as somebody has written it anew: words that stayed keep their times, others get what is left between.
TimedTranscript rewritten(const TimedTranscript& before, std::string_view text);

// The same words at other times: `when` takes a time of theirs to the new one, and later ones to none before it.
TimedTranscript moved(const TimedTranscript& transcript, const std::function<double(double)>& when);

// As it is kept, and shown to its owner: transcripts of version 1.0.0 as Podcasting 2.0 has them (version, segments of
// startTime, endTime and body), with more beside that: each segment's words as [text, start, end].
json::value kept_transcript(const TimedTranscript& transcript);
// Throws Error{internal} for what kept_transcript did not write.
TimedTranscript read_transcript(const json::value& kept);

}  // namespace odeon::podcasts
