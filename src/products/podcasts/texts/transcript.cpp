#include "products/podcasts/texts/transcript.hpp"

#include <cmath>

#include "engine/ai/joined_words.hpp"
#include "products/podcasts/texts/alignment.hpp"

namespace odeon::podcasts {
namespace {

using Words = std::vector<ai::Spoken>;

constexpr double kLongPause = 0.9, kParagraphPause = 2;  // seconds
constexpr std::size_t kManyWords = 24, kMostWords = 40, kLongParagraph = 120;

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (const auto token : text::split(text::collapse_spaces(text::to_valid_utf8(text)), ' '))
    if (!token.empty()) tokens.emplace_back(token);
  return tokens;
}

double to_millisecond(double seconds) {
  return std::round(std::max(seconds, 0.0) * 1000) / 1000;
}

// Words that nobody has timed: in the order of the text, each as long as its letters are many.
void spread(std::span<const std::string> tokens, double from, double to, Words& into) {
  double all = 0, before = 0;
  for (const auto& token : tokens) all += static_cast<double>(token.size() + 1);
  const double rate = std::max(to - from, 0.0) / std::max(all, 1.0);
  for (const auto& token : tokens) {
    const double start = from + before * rate;
    before += static_cast<double>(token.size() + 1);
    into.push_back({token, start, from + before * rate});
  }
}

std::vector<std::string> keys_of(const std::vector<std::string>& tokens) {
  std::vector<std::string> keys;
  for (const auto& token : tokens) keys.push_back(ai::word_key(token));
  return keys;
}

std::vector<std::string> texts_of(const Words& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.push_back(word.text);
  return texts;
}

// `tokens`, timed by the words that were said: within `from` to `to` where there are none.
Words timed(const std::vector<std::string>& tokens, const Words& said, double from, double to) {
  Words result;
  std::size_t next_token = 0, next_word = 0;
  double last = from;
  const auto fill = [&](std::size_t token, std::size_t word, double until) {
    // Other words take the place of those that they replace; what is new takes what there is.
    const bool replaces = word > next_word;
    const double start = replaces ? said[next_word].start : last;
    const double end = replaces ? said[word - 1].end : until;
    spread(std::span(tokens).subspan(next_token, token - next_token), start, end, result);
  };
  for (const auto& [word, token] : align(keys_of(texts_of(said)), keys_of(tokens))) {
    fill(token, word, said[word].start);
    result.push_back({tokens[token], said[word].start, said[word].end});
    last = said[word].end;
    next_token = token + 1;
    next_word = word + 1;
  }
  fill(tokens.size(), said.size(), to);
  return result;
}

// Ascending, none before the one before it.
void straighten(Words& words) {
  double last = 0;
  for (auto& word : words) {
    word.start = to_millisecond(std::max(word.start, last));
    word.end = to_millisecond(std::max(word.end, word.start));
    last = word.start;
  }
}

bool ends_sentence(std::string_view word) {
  while (!word.empty() && std::string_view("\"')]").contains(word.back())) word.remove_suffix(1);
  if (word.ends_with("”") || word.ends_with("»")) word.remove_suffix(word.ends_with("”") ? 3 : 2);
  return word.ends_with('.') || word.ends_with('!') || word.ends_with('?') || word.ends_with("…") ||
         word.ends_with("。") || word.ends_with("？") || word.ends_with("！");
}

bool ends_segment(const TranscriptSegment& segment, double pause) {
  const std::size_t count = segment.words.size();
  return ends_sentence(segment.words.back().text) || pause >= kLongPause || (count >= kManyWords && pause >= 0.25) ||
         count >= kMostWords;
}

Error damaged() {
  return Error(Fault::internal, "TRANSCRIPT_DAMAGED", "This transcript cannot be read. Please transcribe it again.");
}

double number_at(const json::array& list, std::size_t at) {
  const auto number = json::as_number(list.at(at), json::Source::body);
  if (!number) throw damaged();
  return *number;
}

}  // namespace

std::string TranscriptSegment::body() const {
  return text::join(texts_of(words), " ");
}

TimedTranscript TimedTranscript::of(const Words& words, std::string language, std::string model) {
  Words straight = words;
  straighten(straight);
  TimedTranscript transcript{std::move(language), std::move(model), {}};
  for (auto& word : straight) {
    const bool begins = transcript.segments.empty() ||
                        ends_segment(transcript.segments.back(), word.start - transcript.segments.back().end());
    if (begins) transcript.segments.emplace_back();
    transcript.segments.back().words.push_back(std::move(word));
  }
  return transcript;
}

std::string TimedTranscript::text() const {
  std::string text;
  std::size_t in_paragraph = 0;
  const TranscriptSegment* last = nullptr;
  for (const auto& segment : segments) {
    if (last != nullptr) {
      const bool ends = segment.start() - last->end() >= kParagraphPause || in_paragraph >= kLongParagraph;
      text += ends ? "\n\n" : " ";
      if (ends) in_paragraph = 0;
    }
    text += segment.body();
    in_paragraph += segment.words.size();
    last = &segment;
  }
  return text;
}

Words TimedTranscript::words() const {
  Words all;
  for (const auto& segment : segments) all.insert(all.end(), segment.words.begin(), segment.words.end());
  return all;
}

Words heard_words(const ai::Transcript& heard, double start, double end) {
  Words words;
  if (!heard.words.empty()) {
    const auto tokens = tokens_of(heard.text);
    words = tokens.empty() ? heard.words : timed(tokens, heard.words, 0, end - start);
  } else if (!heard.segments.empty()) {
    for (const auto& segment : heard.segments) spread(tokens_of(segment.text), segment.start, segment.end, words);
  } else {
    spread(tokens_of(heard.text), 0, end - start, words);
  }
  for (auto& word : words) {
    word.start = std::min(start + std::max(word.start, 0.0), end);
    word.end = std::min(start + std::max(word.end, 0.0), end);
  }
  straighten(words);
  return words;
}

TimedTranscript rewritten(const TimedTranscript& before, std::string_view text) {
  const Words said = before.words();
  const double from = said.empty() ? 0 : said.front().start, to = said.empty() ? 0 : said.back().end;
  return TimedTranscript::of(timed(tokens_of(text), said, from, to), before.language, before.model);
}

TimedTranscript moved(const TimedTranscript& transcript, const std::function<double(double)>& when) {
  TimedTranscript other{transcript.language, transcript.model, {}};
  for (const auto& segment : transcript.segments) {
    auto& words = other.segments.emplace_back().words;
    for (const auto& word : segment.words)
      words.push_back({word.text, to_millisecond(when(word.start)), to_millisecond(when(word.end))});
  }
  return other;
}

json::value kept_transcript(const TimedTranscript& transcript) {
  json::array segments;
  for (const auto& segment : transcript.segments) {
    json::array words;
    for (const auto& word : segment.words) words.push_back(json::array{word.text, word.start, word.end});
    segments.push_back(json::object{{"startTime", segment.start()},
                                    {"endTime", segment.end()},
                                    {"body", segment.body()},
                                    {"words", std::move(words)}});
  }
  return json::object{{"version", "1.0.0"},
                      {"language", transcript.language},
                      {"model", transcript.model},
                      {"segments", std::move(segments)}};
}

TimedTranscript read_transcript(const json::value& kept) try {
  TimedTranscript transcript{
      std::string(kept.at("language").as_string()), std::string(kept.at("model").as_string()), {}};
  for (const auto& each : kept.at("segments").as_array()) {
    TranscriptSegment segment;
    for (const auto& word : each.at("words").as_array()) {
      const auto& parts = word.as_array();
      segment.words.push_back({std::string(parts.at(0).as_string()), number_at(parts, 1), number_at(parts, 2)});
    }
    if (segment.words.empty()) throw damaged();
    transcript.segments.push_back(std::move(segment));
  }
  return transcript;
} catch (const std::logic_error&) {
  throw damaged();
} catch (const boost::system::system_error&) {
  throw damaged();
}

}  // namespace odeon::podcasts
