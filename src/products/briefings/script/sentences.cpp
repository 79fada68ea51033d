#include "products/briefings/script/sentences.hpp"

#include "base/text.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

// Closing quotes and brackets at `at`, as many bytes as they take.
std::size_t closing_marks(std::string_view line, std::size_t at) {
  const std::size_t start = at;
  for (;;) {
    const auto rest = line.substr(at);
    if (rest.starts_with("\u201D") || rest.starts_with("\u2019"))
      at += 3;
    else if (!rest.empty() && std::string_view("\"')].!?").find(rest.front()) != std::string_view::npos)
      ++at;
    else
      return at - start;
  }
}

bool may_start(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '"' || c == '\'' || c == '(' || c == '$' ||
         static_cast<std::uint8_t>(c) >= 0x80;
}

// Whether the full stop behind `word` belongs to it, given the word that follows.
bool is_abbreviation(std::string_view word, std::string_view next) {
  while (!word.empty() && std::string_view("(\"'").find(word.front()) != std::string_view::npos) word.remove_prefix(1);
  const std::string lower = text::to_lower(word);
  if (is_one_of(lower,
                {"mr",  "mrs", "ms",  "dr",  "prof", "gen", "sen",  "rep", "gov", "st",  "vs",     "jan", "feb",
                 "mar", "apr", "jun", "jul", "aug",  "sep", "sept", "oct", "nov", "dec", "approx", "e.g", "i.e"}))
    return true;
  if (lower == "no") return !next.empty() && next.front() >= '0' && next.front() <= '9';
  const bool doubtful = lower.size() == 1 || is_one_of(lower, {"inc", "corp", "co", "ltd", "plc", "u.s", "u.k", "e.u",
                                                               "u.n", "a.m", "p.m", "d.c", "bros", "jr", "sr", "etc"});
  return doubtful && !is_common_word(text::to_lower(next));
}

std::string_view word_before(std::string_view line, std::size_t at) {
  const auto space = line.find_last_of(' ', at);
  const std::size_t start = space == std::string_view::npos ? 0 : space + 1;
  return line.substr(start, at - start);
}

std::string_view word_at(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && line[end] != ' ' && line[end] != ',' && line[end] != '.') ++end;
  return line.substr(at, end - at);
}

template <class Take>
void each_sentence(std::string_view line, Take take) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '.' && line[i] != '!' && line[i] != '?') continue;
    const std::size_t end = i + 1 + closing_marks(line, i + 1);
    if (end < line.size()) {
      if (line[end] != ' ' || end + 1 >= line.size() || !may_start(line[end + 1])) continue;
      if (line[i] == '.' && is_abbreviation(word_before(line, i), word_at(line, end + 1))) continue;
    }
    take(text::trim(line.substr(start, end - start)));
    start = end;
    i = end - 1;
  }
  if (const auto rest = text::trim(line.substr(start)); !rest.empty()) take(rest);
}

// The sentences that `keep` lets through, in their lines.
template <class Keep>
std::string filtered(std::string_view text, Keep keep) {
  std::string out;
  for (auto line : text::split(text, '\n')) {
    std::string kept;
    each_sentence(line, [&](std::string_view sentence) {
      if (!keep(sentence)) return;
      if (!kept.empty()) kept += ' ';
      kept += sentence;
    });
    if (kept.empty()) continue;
    if (!out.empty()) out += '\n';
    out += kept;
  }
  return out;
}

}  // namespace

std::vector<std::string> split_sentences(std::string_view text) {
  std::vector<std::string> sentences;
  for (auto line : text::split(text, '\n'))
    each_sentence(line, [&](std::string_view sentence) { sentences.emplace_back(sentence); });
  return sentences;
}

bool is_boilerplate(std::string_view sentence) {
  const std::string lower = text::to_lower(sentence.substr(0, 400));
  for (std::string_view start : {"read more",
                                 "read the full",
                                 "read full",
                                 "read on",
                                 "continue reading",
                                 "click here",
                                 "click to",
                                 "view more",
                                 "see more",
                                 "learn more",
                                 "find out more",
                                 "full story",
                                 "more on this",
                                 "more to come",
                                 "photo:",
                                 "photo by",
                                 "image:",
                                 "file photo",
                                 "picture:",
                                 "video:",
                                 "watch:",
                                 "listen:",
                                 "source:",
                                 "reporting by",
                                 "editing by",
                                 "(reporting by",
                                 "(editing by",
                                 "additional reporting",
                                 "writing by",
                                 "sign up",
                                 "subscribe",
                                 "follow us",
                                 "share this",
                                 "advertisement",
                                 "related:",
                                 "related articles",
                                 "also read",
                                 "see also",
                                 "comments",
                                 "copyright",
                                 "\u00A9",
                                 "all rights reserved",
                                 "disclaimer",
                                 "this article was",
                                 "this story was",
                                 "this article originally",
                                 "this is a developing",
                                 "download our app",
                                 "join our",
                                 "tags:",
                                 "submitted by",
                                 "posted by",
                                 "by clicking"})
    if (lower.starts_with(start)) return true;
  for (std::string_view part :
       {"appeared first on", "originally published", "originally appeared", "all rights reserved", "our newsletter",
        "terms of service", "privacy policy", "[...]", "[\u2026]"})
    if (lower.find(part) != std::string::npos) return true;
  return false;
}

std::string without_boilerplate(std::string_view text) {
  return filtered(text, [](std::string_view sentence) { return !is_boilerplate(sentence); });
}

std::string bounded(std::string_view text, std::size_t length) {
  if (text::length(text) <= length) return std::string(text);
  std::size_t used = 0;
  bool full = false;
  std::string whole = filtered(text, [&](std::string_view sentence) {
    const std::size_t size = text::length(sentence) + 1;
    full = full || used + size > length + 1;
    if (!full) used += size;
    return !full;
  });
  return whole.empty() ? std::string(text::trim(text::prefix(text, length))) : whole;
}

bool leans_back(std::string_view sentence) {
  const auto words = words_of(sentence.substr(0, 80));
  if (words.empty()) return false;
  return is_one_of(
      words.front(),
      {"he",    "she",   "it",        "they",       "his",  "her",     "its",    "their",   "this",    "that",
       "these", "those", "but",       "however",    "both", "instead", "still",  "also",    "such",    "and",
       "yet",   "so",    "meanwhile", "separately", "we",   "our",     "others", "another", "neither", "either"});
}

bool is_attributed(std::string_view sentence) {
  const auto words = words_of(sentence);
  return std::ranges::any_of(words, [](const auto& word) {
    return is_one_of(word, {"said", "says", "told", "according", "reported", "reports", "added", "wrote"});
  });
}

std::string continued(std::string_view sentence) {
  std::string out(sentence);
  const auto words = words_of(sentence.substr(0, 40));
  if (!words.empty() && is_common_word(words.front()) && out.front() >= 'A' && out.front() <= 'Z')
    out.front() = static_cast<char>(out.front() + 32);
  return out;
}

}  // namespace odeon::briefings
