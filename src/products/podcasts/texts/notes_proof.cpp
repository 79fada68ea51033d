#include "products/podcasts/texts/notes_proof.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/ai/joined_words.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kStem = 6, kShortestWord = 4;
constexpr std::size_t kMostChapters = 40, kMostPoints = 12, kMostQuotes = 5, kMostNames = 20, kMostLinks = 20;
constexpr std::size_t kLongestTitle = 100, kLongestPoint = 400, kLongestSummary = 2'000;
constexpr std::size_t kFewestQuoted = 4;  // words
constexpr double kMostlySaid = 0.6;

// Words of English that say nothing of what it is about. Those of other languages are told by how often they are said.
constexpr auto kCommonest = std::to_array<std::string_view>(
    {"about",   "actually", "after",   "again",     "also",    "always",  "because",  "been",    "before", "being",
     "could",   "does",     "doing",   "don't",     "down",    "each",    "even",     "every",   "from",   "going",
     "gonna",   "have",     "having",  "here",      "into",    "it's",    "just",     "kind",    "know",   "like",
     "little",  "made",     "make",    "many",      "maybe",   "mean",    "more",     "most",    "much",   "must",
     "never",   "only",     "other",   "over",      "people",  "quite",   "really",   "right",   "said",   "same",
     "says",    "should",   "some",    "something", "still",   "such",    "than",     "that",    "that's", "their",
     "them",    "then",     "there",   "there's",   "these",   "they",    "they're",  "thing",   "things", "think",
     "this",    "those",    "through", "time",      "very",    "want",    "well",     "went",    "were",   "what",
     "what's",  "when",     "where",   "which",     "while",   "will",    "with",     "without", "would",  "yeah",
     "years",   "your",     "you're",  "episode",   "podcast", "speaker", "speakers", "host",    "guest",  "discusses",
     "discuss", "talks",    "explains"});

std::vector<std::string> keys_in(std::string_view text) {
  std::vector<std::string> keys;
  for (const auto word : text::split(text::collapse_spaces(text), ' '))
    if (auto key = ai::word_key(word); !key.empty()) keys.push_back(std::move(key));
  return keys;
}

bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](unsigned char c) { return std::isdigit(c) != 0; });
}

// "example.com/shop" of "HTTPS://www.Example.com/shop/".
std::string bare_link(std::string_view link) {
  std::string bare = text::to_lower(text::trim(link));
  for (const std::string_view start : {"https://", "http://", "www."})
    if (bare.starts_with(start)) bare.erase(0, start.size());
  while (!bare.empty() && std::string_view("/.,;:!?)").contains(bare.back())) bare.pop_back();
  return bare;
}

bool is_host(std::string_view host) {
  const auto labels = text::split(host, '.');
  return labels.size() >= 2 && host.size() <= 253 && labels.back().size() >= 2 && !has_digit(labels.back()) &&
         std::ranges::all_of(labels, [](std::string_view label) {
           return !label.empty() &&
                  std::ranges::all_of(label, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
         });
}

std::string shortened(std::string_view text, std::size_t longest) {
  return std::string(text::trim(text::prefix(text::collapse_spaces(text), longest)));
}

// At most so many of what `keep` makes of each, without repetition.
template <class T, class Keep>
std::vector<T> kept(const std::vector<T>& all, std::size_t most, const Keep& keep) {
  std::vector<T> result;
  for (const auto& each : all)
    if (auto one = keep(each); one && result.size() < most && std::ranges::find(result, *one) == result.end())
      result.push_back(std::move(*one));
  return result;
}

// Each to the beginning of the segment that it is in or nearest to.
std::vector<NotesChapter> at_segments(std::vector<NotesChapter> chapters, const TimedTranscript& transcript) {
  std::vector<NotesChapter> result;
  std::ranges::sort(chapters, {}, &NotesChapter::startTime);
  for (auto& chapter : chapters) {
    chapter.title = shortened(chapter.title, kLongestTitle);
    if (chapter.title.empty() || transcript.segments.empty()) continue;
    const auto after = std::ranges::upper_bound(transcript.segments, chapter.startTime, {}, &TranscriptSegment::start);
    chapter.startTime = after == transcript.segments.begin() ? after->start() : std::prev(after)->start();
    if (!result.empty() && chapter.startTime <= result.back().startTime) continue;
    if (result.size() < kMostChapters) result.push_back(std::move(chapter));
  }
  if (result.size() < 2) return {};
  result.front().startTime = 0;
  return result;
}

// What the forms of a word have in common: its beginning, without the s of many.
std::string beginning_of(std::string_view key) {
  if (key.size() > kShortestWord && key.ends_with('s') && !key.ends_with("ss")) key.remove_suffix(1);
  return std::string(text::prefix(key, kStem));
}

}  // namespace

std::string stem_of(std::string_view word) {
  const std::string key = ai::word_key(word);
  if (text::length(key) < kShortestWord || std::ranges::find(kCommonest, key) != kCommonest.end()) return "";
  return beginning_of(key);
}

SaidWords::SaidWords(const TimedTranscript& transcript) {
  for (const auto& segment : transcript.segments)
    for (const auto& word : segment.words) {
      auto key = ai::word_key(word.text);
      if (key.empty()) continue;
      words_.push_back(&word);
      keys_.push_back(std::move(key));
    }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    places_[keys_[i]].push_back(i);
    stems_.insert(beginning_of(keys_[i]));
  }
}

std::optional<NotesQuote> SaidWords::find(std::string_view phrase) const {
  const auto wanted = keys_in(phrase);
  if (wanted.empty()) return std::nullopt;
  const auto places = places_.find(wanted.front());
  if (places == places_.end()) return std::nullopt;
  for (const std::size_t at : places->second) {
    if (at + wanted.size() > keys_.size()) break;
    if (!std::equal(wanted.begin(), wanted.end(), keys_.begin() + static_cast<std::ptrdiff_t>(at))) continue;
    std::string words;
    for (std::size_t i = at; i < at + wanted.size(); ++i) words += (words.empty() ? "" : " ") + words_[i]->text;
    return NotesQuote{std::move(words), words_[at]->start};
  }
  return std::nullopt;
}

std::optional<std::string> SaidWords::find_link(std::string_view link) const {
  const std::string bare = bare_link(link), host = bare.substr(0, bare.find('/'));
  if (!is_host(host)) return std::nullopt;
  for (const auto* word : words_) {
    const std::string said = bare_link(word->text);
    if (said == bare) return "https://" + bare;
    if (said.substr(0, said.find('/')) == host) return "https://" + host;
  }
  if (find(text::replace_all(host, ".", " dot "))) return "https://" + host;
  return std::nullopt;
}

bool SaidWords::supports(std::string_view sentence) const {
  std::size_t telling = 0, said = 0;
  for (const auto& key : keys_in(sentence)) {
    if (has_digit(key) && !places_.contains(key)) return false;
    const auto stem = stem_of(key);
    if (stem.empty()) continue;
    ++telling;
    said += stems_.contains(stem);
  }
  return telling > 0 && static_cast<double>(said) >= kMostlySaid * static_cast<double>(telling);
}

ShowNotes proved(ShowNotes notes, const TimedTranscript& transcript) {
  const SaidWords words(transcript);
  notes.summary = shortened(notes.summary, kLongestSummary);
  if (!words.supports(notes.summary)) notes.summary.clear();
  notes.chapters = at_segments(std::move(notes.chapters), transcript);
  notes.key_points = kept(notes.key_points, kMostPoints, [&](const std::string& point) -> std::optional<std::string> {
    if (!words.supports(point)) return std::nullopt;
    return shortened(point, kLongestPoint);
  });
  notes.quotes = kept(notes.quotes, kMostQuotes, [&](const NotesQuote& quote) -> std::optional<NotesQuote> {
    if (keys_in(quote.text).size() < kFewestQuoted) return std::nullopt;
    return words.find(quote.text);
  });
  notes.links = kept(notes.links, kMostLinks,
                     [&](const std::string& link) -> std::optional<std::string> { return words.find_link(link); });
  notes.names = kept(notes.names, kMostNames, [&](const std::string& name) -> std::optional<std::string> {
    if (!words.find(name)) return std::nullopt;
    return shortened(name, kLongestTitle);
  });
  return notes;
}

}  // namespace odeon::podcasts
