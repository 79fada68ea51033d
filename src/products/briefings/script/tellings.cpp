#include "products/briefings/script/tellings.hpp"

#include "products/briefings/script/sentences.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kMostLines = 7;  // of one story
constexpr double kNaming = 0.6;        // seconds that naming the sources adds to a sentence, on average

std::vector<Line> lines_of(const Article& article) {
  std::vector<Line> lines;
  const std::string id = article_id(article), outlet = outlet_name(article.source);
  bool kept_before = false;
  for (const auto& sentence : split_sentences(article.summary)) {
    auto spoken = speakable(sentence);
    const bool leans = leans_back(sentence);
    const bool keeps = spoken && (kept_before || !leans);
    if (keeps) lines.push_back({.text = std::move(*spoken), .article = id, .outlet = outlet, .leans = leans});
    kept_before = keeps;
  }
  if (lines.empty())
    if (auto headline = speakable_headline(article.title))
      lines.push_back({.text = std::move(*headline), .article = id, .outlet = outlet});
  return lines;
}

bool says_the_same(const Line& a, const Line& b) {
  const auto x = topics_of(a.text), y = topics_of(b.text);
  return jaccard(x, y) > 0.3 || containment(x, y) > 0.38;
}

// What further sources add to a story that is told from its first.
void add_sources(Telling& telling, std::span<const Article> others) {
  std::vector<std::string> heard{telling.lines.front().outlet};
  for (const auto& article : others) {
    const std::string outlet = outlet_name(article.source);
    if (std::ranges::find(heard, outlet) != heard.end()) continue;
    heard.push_back(outlet);
    bool first = true;
    bool fresh_before = false;
    for (auto& line : lines_of(article)) {
      const bool known =
          std::ranges::any_of(telling.lines, [&](const auto& told) { return says_the_same(told, line); });
      const bool fresh = !known && (!line.leans || fresh_before);
      fresh_before = fresh;
      if (!fresh || (first && line.leans)) continue;
      line.addition = std::exchange(first, false);
      telling.lines.push_back(std::move(line));
    }
    if (first) {
      telling.lines.push_back({.article = article_id(article), .outlet = outlet, .seconded = true});
    }
  }
}

// The further down a story or a sentence, the sooner it goes; nothing counts more than what it needs.
// That a second source has the story counts next to its lead.
void grade_telling(Telling& telling, std::size_t rank) {
  const double lead = 1 / (1 + 0.1 * static_cast<double>(rank));
  double importance = lead;
  for (auto& line : telling.lines) {
    line.importance = line.addition || line.seconded ? 0.75 * lead : importance;
    importance *= &line == &telling.lines.front() ? 0.7 : 0.8;
  }
}

std::string worded(const Line& line, bool lead, const std::string& outlet_before, std::size_t place, Phrases& phrases) {
  if (line.seconded) return phrases.seconded(line.outlet);
  if (lead) return phrases.lead(line.text, line.outlet, line.outlet == outlet_before, place);
  return line.addition ? phrases.addition(line.text, line.outlet) : line.text;
}

}  // namespace

Telling telling_of(const Story& story) {
  Telling telling{.story = &story};
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < story.articles.size() && telling.lines.empty(); ++i) {
    telling.lines = lines_of(story.articles[i]);
    chosen = i;
  }
  if (telling.lines.empty()) return telling;
  telling.headline = speakable_headline(story.articles[chosen].title);
  std::vector<Article> others;
  for (std::size_t i = 0; i < story.articles.size(); ++i)
    if (i != chosen) others.push_back(story.articles[i]);
  add_sources(telling, others);
  if (telling.lines.size() > kMostLines) telling.lines.resize(kMostLines);
  return telling;
}

void add_tellings(std::vector<Telling>& tellings, const std::vector<Story>& stories, std::size_t group,
                  const ComposeOptions& options) {
  double available = 0;
  for (const auto& telling : tellings)
    for (const auto& line : telling.lines) available += options.seconds(line.text);
  for (const auto& story : stories) {
    // Stories far beyond what the target needs are not worth the reading.
    if (available > 4 * options.target_seconds) break;
    Telling telling = telling_of(story);
    if (telling.lines.empty()) continue;
    telling.group = group;
    grade_telling(telling, tellings.size());
    for (const auto& line : telling.lines) available += options.seconds(line.text);
    tellings.push_back(std::move(telling));
  }
}

void cut_to(std::vector<Telling>& tellings, double seconds, const ComposeOptions& options) {
  std::vector<std::pair<double, double>> graded;  // importance, seconds
  for (const auto& telling : tellings)
    for (const auto& line : telling.lines) graded.emplace_back(line.importance, options.seconds(line.text) + kNaming);
  std::ranges::sort(graded, std::greater());
  double least = 2, used = 0;
  for (const auto& [importance, time] : graded) {
    if (used >= seconds) break;
    least = importance;
    used += time;
  }
  for (auto& telling : tellings)
    std::erase_if(telling.lines, [&](const Line& line) { return line.importance < least; });
  std::erase_if(tellings, [](const Telling& telling) { return telling.lines.empty(); });
}

std::optional<Instant> latest_of(const std::vector<Telling>& tellings) {
  std::optional<Instant> latest;
  for (const auto& telling : tellings)
    for (const auto& article : telling.story->articles)
      if (article.published && (!latest || *latest < *article.published)) latest = article.published;
  return latest;
}

Section told(std::string heading, std::string opener, const Tellings& tellings, const Tellings& required,
             Phrases& phrases) {
  Section section{.heading = std::move(heading)};
  section.sentences.push_back({.text = std::move(opener), .importance = 0.5, .level = 0});
  std::string outlet;
  std::size_t story = 0;
  for (const auto* telling : tellings) {
    int level = 1;
    for (const auto& line : telling->lines) {
      const bool lead = &line == &telling->lines.front();
      const bool guest = line.outlet != telling->lines.front().outlet && !line.addition && !line.seconded;
      level = lead ? 1 : line.leans ? level + 1 : guest ? 3 : 2;
      section.sentences.push_back({.text = worded(line, lead, outlet, story, phrases),
                                   .sources = {line.article},
                                   .importance = line.importance,
                                   .level = level,
                                   .required = lead && std::ranges::find(required, telling) != required.end()});
    }
    outlet = telling->lines.front().outlet;
    ++story;
  }
  return section;
}

std::vector<std::pair<Theme, Tellings>> by_theme(const Tellings& tellings) {
  std::vector<std::pair<Theme, Tellings>> themes;
  for (const auto* telling : tellings) {
    const Theme theme = telling->story->theme;
    auto known = std::ranges::find(themes, theme, [](const auto& entry) { return entry.first; });
    if (known == themes.end())
      known = themes.insert(theme == Theme::markets ? themes.begin() : themes.end(), {theme, {}});
    known->second.push_back(telling);
  }
  return themes;
}

}  // namespace odeon::briefings
