#include "products/podcasts/texts/notes_composer.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/ai/gateway.hpp"
#include "engine/ai/joined_words.hpp"
#include "products/podcasts/texts/notes_proof.hpp"
#include "products/podcasts/texts/telling_words.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kBlock = 10;       // segments that are compared with as many after them
constexpr double kShortestChapter = 60;  // seconds
constexpr double kUsualChapter = 300;    // seconds: there are about as many as would be of that length
constexpr std::size_t kSummary = 3, kPoints = 6, kQuotes = 3, kNames = 12;
constexpr std::size_t kShortestSentence = 6, kLongestSentence = 40;  // words
constexpr double kTooAlike = 0.6;

// Segments at which chapters begin, the first included.
std::vector<std::size_t> chapter_starts(const TimedTranscript& transcript, const TellingWords& telling) {
  const auto& segments = transcript.segments;
  const std::size_t count = segments.size();
  std::vector<std::size_t> starts{0};
  if (count < 2 * kBlock) return starts;
  std::vector<double> likeness(count, 1);
  for (std::size_t at = kBlock / 2; at + kBlock / 2 < count; ++at)
    likeness[at] = telling.likeness(at - std::min(at, kBlock), at, std::min(at + kBlock, count));
  // How deep a valley is: from the hills on both of its sides.
  const auto hill = [&](std::size_t at, std::ptrdiff_t step) {
    auto i = static_cast<std::ptrdiff_t>(at);
    while (i + step > 0 && i + step < static_cast<std::ptrdiff_t>(count) &&
           likeness[static_cast<std::size_t>(i + step)] >= likeness[static_cast<std::size_t>(i)])
      i += step;
    return likeness[static_cast<std::size_t>(i)];
  };
  std::vector<std::pair<double, std::size_t>> valleys;
  for (std::size_t at = kBlock / 2; at + kBlock / 2 < count; ++at)
    valleys.emplace_back(-(hill(at, -1) + hill(at, 1) - 2 * likeness[at]), at);
  std::ranges::sort(valleys);
  const double seconds = segments.back().end();
  const auto most = static_cast<std::size_t>(std::clamp(seconds / kUsualChapter, 1.0, 20.0)) + 1;
  for (const auto& [depth, at] : valleys) {
    if (starts.size() >= most || depth >= 0) break;
    const double start = segments[at].start();
    const bool is_near = std::ranges::any_of(
        starts, [&](std::size_t other) { return std::abs(segments[other].start() - start) < kShortestChapter; });
    if (!is_near && seconds - start >= kShortestChapter) starts.push_back(at);
  }
  std::ranges::sort(starts);
  return starts;
}

std::vector<NotesChapter> chapters_in(const TimedTranscript& transcript, const TellingWords& telling,
                                      const std::vector<std::size_t>& starts) {
  std::vector<NotesChapter> chapters;
  for (std::size_t i = 0; i < starts.size() && starts.size() > 1; ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : transcript.segments.size();
    chapters.push_back({transcript.segments[starts[i]].start(), telling.title(starts[i], end)});
  }
  return chapters;
}

// As a sentence, where nobody wrote it as one.
std::string as_sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  if (std::isalnum(static_cast<unsigned char>(text.back())) != 0) text += '.';
  return text;
}

// Takes the most telling sentences, none of which says what another one does.
class SentencePicker {
 public:
  SentencePicker(const TimedTranscript& transcript, const TellingWords& telling)
      : transcript_(transcript), telling_(telling) {}

  // In their order.
  std::vector<std::size_t> pick(std::size_t count, std::size_t from, std::size_t to) {
    std::vector<std::size_t> picked;
    for (const std::size_t at : telling_.ranked()) {
      if (picked.size() == count) break;
      const std::size_t words = transcript_.segments[at].words.size();
      if (at < from || at >= to || telling_.weight(at) <= 0 || words < kShortestSentence || words > kLongestSentence)
        continue;
      if (std::ranges::any_of(taken_, [&](std::size_t other) { return telling_.shared(at, other) > kTooAlike; }))
        continue;
      picked.push_back(at);
      taken_.push_back(at);
    }
    std::ranges::sort(picked);
    return picked;
  }

 private:
  const TimedTranscript& transcript_;
  const TellingWords& telling_;
  std::vector<std::size_t> taken_;
};

bool is_capital(std::string_view word) {
  return word.size() > 1 && std::isupper(static_cast<unsigned char>(word.front())) != 0 &&
         std::islower(static_cast<unsigned char>(word[1])) != 0;
}

// Runs of words with capital letters, but for what begins a sentence; those that are said most often first.
std::vector<std::string> names_in(const TimedTranscript& transcript) {
  std::map<std::string, int> counts;
  for (const auto& segment : transcript.segments) {
    std::string name;
    const auto end = [&] {
      if (!name.empty()) ++counts[std::exchange(name, {})];
    };
    for (std::size_t i = 0; i < segment.words.size(); ++i) {
      const std::string& word = segment.words[i].text;
      const bool begins_sentence = i == 0 || std::string_view(".!?").contains(segment.words[i - 1].text.back());
      if (!is_capital(word) || word.starts_with("I'") || word.starts_with("I’") || (begins_sentence && name.empty())) {
        end();
        continue;
      }
      std::string bare = word;
      while (std::ispunct(static_cast<unsigned char>(bare.back())) != 0) bare.pop_back();
      name += (name.empty() ? "" : " ") + bare;
      if (bare.size() != word.size()) end();
    }
    end();
  }
  std::vector<std::pair<int, std::string>> all;
  for (const auto& [name, count] : counts) all.emplace_back(-count, name);
  std::ranges::sort(all);
  std::vector<std::string> names;
  for (const auto& [count, name] : all)
    if (names.size() < kNames) names.push_back(name);
  return names;
}

// Whatever looks like an address; what is none is left out when it is proved.
std::vector<std::string> links_in(const TimedTranscript& transcript) {
  std::vector<std::string> links;
  const auto words = transcript.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].text.find('.') + 2 < words[i].text.size()) links.push_back(words[i].text);
    if (i > 0 && i + 1 < words.size() && ai::word_key(words[i].text) == "dot")
      links.push_back(ai::word_key(words[i - 1].text) + "." + ai::word_key(words[i + 1].text));
  }
  return links;
}

}  // namespace

ShowNotes compose_notes(const TimedTranscript& transcript) {
  ShowNotes notes;
  if (!transcript.segments.empty()) {
    const TellingWords telling(transcript);
    const auto starts = chapter_starts(transcript, telling);
    notes.chapters = chapters_in(transcript, telling, starts);
    SentencePicker picker(transcript, telling);
    const auto body = [&](std::size_t at) { return transcript.segments[at].body(); };
    const std::size_t all = transcript.segments.size();
    for (const std::size_t at : picker.pick(kSummary, 0, all))
      notes.summary += (notes.summary.empty() ? "" : " ") + as_sentence(body(at));
    for (std::size_t i = 0; i < starts.size(); ++i)
      for (const std::size_t at :
           picker.pick(starts.size() > 1 ? 1 : kPoints, starts[i], i + 1 < starts.size() ? starts[i + 1] : all))
        notes.key_points.push_back(as_sentence(body(at)));
    for (const std::size_t at : picker.pick(kQuotes, 0, all))
      notes.quotes.push_back({body(at), transcript.segments[at].start()});
    notes.names = names_in(transcript);
    notes.links = links_in(transcript);
  }
  const std::string summary = notes.summary;
  notes = proved(std::move(notes), transcript);
  if (notes.summary.empty()) notes.summary = summary;  // it is what was said, whatever its words are
  notes.model = ai::kOfflineModel;
  return notes;
}

std::vector<std::size_t> most_telling(const TimedTranscript& transcript, std::size_t bytes) {
  const TellingWords telling(transcript);
  std::vector<std::size_t> chosen;
  for (const std::size_t at : telling.ranked()) {
    const std::size_t size = transcript.segments[at].body().size() + 16;
    if (size > bytes) continue;
    bytes -= size;
    chosen.push_back(at);
  }
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace odeon::podcasts
