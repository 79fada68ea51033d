// What is written about an episode: pure. Whoever wrote it, a model or nobody (notes_composer.hpp), it has been held
// against what was said (notes_proof.hpp).
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "engine/media/program.hpp"

namespace odeon::podcasts {

struct NotesChapter {
  double startTime = 0;  // seconds, at the beginning of something that is said; the first is 0
  std::string title;
  bool operator==(const NotesChapter&) const = default;
};
BOOST_DESCRIBE_STRUCT(NotesChapter, (), (startTime, title))

struct NotesQuote {
  std::string text;      // word for word
  double startTime = 0;  // seconds
  bool operator==(const NotesQuote&) const = default;
};
BOOST_DESCRIBE_STRUCT(NotesQuote, (), (text, startTime))

struct ShowNotes {
  std::string summary;
  std::vector<NotesChapter> chapters;  // ascending; none, or two and more
  std::vector<std::string> key_points;
  std::vector<NotesQuote> quotes;
  std::vector<std::string> links;  // that were mentioned
  std::vector<std::string> names;  // likewise
  std::string model;               // who wrote them: "anthropic/claude-…", "odeon-offline"
  bool operator==(const ShowNotes&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShowNotes, (), (summary, chapters, key_points, quotes, links, names, model))

// For people, as Markdown.
std::string notes_text(const ShowNotes& notes);

// Those of what is kept of an episode's notes; none where there are no notes.
std::vector<NotesChapter> chapters_of(const json::value& kept_notes);
// As a file of `seconds` has them in its tag.
std::vector<media::Chapter> tag_chapters(const std::vector<NotesChapter>& chapters, double seconds);
// JSON of version 1.2.0, as Podcasting 2.0 has it.
std::string write_chapters_json(const std::vector<NotesChapter>& chapters);

}  // namespace odeon::podcasts
