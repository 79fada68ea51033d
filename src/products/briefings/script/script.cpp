#include "products/briefings/script/script.hpp"

#include <set>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/figures.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono;

std::size_t syllables_as_words(std::string_view word) {
  const auto digits = std::ranges::count_if(word, [](char c) { return c >= '0' && c <= '9'; });
  // "8.4" is three words when read, "1,250" is about five.
  const bool point = word.find('.') != std::string_view::npos && digits > 0;
  return digits == 0 ? 1 : static_cast<std::size_t>(digits) + (point ? 1 : 0);
}

void allow(std::set<std::string>& given, std::string_view text) {
  for (auto& figure : figures(text)) given.insert(std::move(figure));
}

void allow_date(std::set<std::string>& given, Instant when) {
  const year_month_day date{floor<days>(when)};
  given.insert(std::to_string(static_cast<int>(date.year())));
  given.insert(std::to_string(static_cast<unsigned>(date.day())));
}

std::set<std::string> given_by(const Article& article) {
  std::set<std::string> given;
  allow(given, article.title);
  allow(given, article.summary);
  allow(given, article.source);
  if (article.published) allow_date(given, *article.published);
  return given;
}

std::set<std::string> given_by_edition(Instant now) {
  std::set<std::string> given;
  allow_date(given, now);
  const hh_mm_ss time{floor<minutes>(now - floor<days>(now))};
  const auto hour = time.hours().count();
  given.insert(std::to_string(hour));
  given.insert(std::to_string(hour % 12 == 0 ? 12 : hour % 12));
  given.insert(std::to_string(time.minutes().count()));
  return given;
}

// A number said without its unit is still the same number: "3.2" for "3.2%".
bool is_given(const std::string& figure, const std::set<std::string>& given) {
  if (given.contains(figure)) return true;
  const bool plain = number_of(figure) == figure;
  return plain && std::ranges::any_of(given, [&](const auto& known) { return number_of(known) == figure; });
}

}  // namespace

std::string edition_title(Instant now) {
  const auto hour = hh_mm_ss(floor<minutes>(now - floor<days>(now))).hours().count();
  return fmt::format("Market Update - {}{}", hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "AM" : "PM");
}

double spoken_seconds(std::string_view sentence, double words_per_minute) {
  constexpr double pause = 0.4, comma = 0.15;
  std::size_t words = 0;
  for (const auto& word : words_of(sentence)) words += syllables_as_words(word);
  const auto commas = static_cast<double>(std::ranges::count(sentence, ','));
  return static_cast<double>(words) * 60 / words_per_minute + commas * comma + pause;
}

double spoken_seconds(const Script& script, double words_per_minute) {
  double seconds = 0;
  for (const auto& section : script.sections)
    for (const auto& sentence : section.sentences) seconds += spoken_seconds(sentence.text, words_per_minute);
  return seconds;
}

std::string transcript(const Script& script) {
  std::string out;
  for (const auto& section : script.sections) {
    if (!out.empty()) out += "\n\n";
    for (const auto& sentence : section.sentences) {
      if (&sentence != &section.sentences.front()) out += ' ';
      out += sentence.text;
    }
  }
  return out;
}

std::vector<std::string> invented_figures(const Script& script, const std::vector<Article>& articles, Instant now,
                                          const std::vector<Fact>& facts) {
  std::map<std::string, std::set<std::string>> by_source;
  std::set<std::string> all;
  for (const auto& article : articles) {
    auto given = given_by(article);
    all.insert(given.begin(), given.end());
    by_source[article_id(article)].merge(given);
  }
  for (const auto& fact : facts) {
    allow(all, fact.text);
    allow(by_source[fact.id], fact.text);
  }
  const auto edition = given_by_edition(now);
  std::vector<std::string> invented;
  const auto check = [&](std::string_view text, const std::set<std::string>& given) {
    for (const auto& figure : figures(text))
      if (!is_given(figure, given) && !edition.contains(figure)) invented.push_back(figure);
  };
  check(script.title, all);
  for (const auto& section : script.sections) {
    check(section.heading, all);
    for (const auto& sentence : section.sentences) {
      std::set<std::string> given = sentence.sources.empty() ? all : std::set<std::string>();
      for (const auto& id : sentence.sources)
        if (const auto found = by_source.find(id); found != by_source.end())
          given.insert(found->second.begin(), found->second.end());
      check(sentence.text, given);
    }
  }
  return invented;
}

}  // namespace odeon::briefings
