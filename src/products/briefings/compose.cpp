#include <cmath>

#include "base/text.hpp"
#include "products/briefings/phrases.hpp"
#include "products/briefings/script.hpp"
#include "products/briefings/sentences.hpp"
#include "products/briefings/words.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kHeadlines = 3;
constexpr std::size_t kTopStories = 3;
constexpr std::size_t kMostLines = 7;  // of one story
constexpr double kNaming = 0.6;        // seconds that naming the sources adds to a sentence, on average

// A sentence of an article that can be spoken, not yet joined to others.
struct Line {
  std::string text;
  std::string article;  // its id
  std::string outlet;
  bool leans = false;     // on the line before
  bool addition = false;  // first one of a further source
  bool seconded = false;  // no sentence: the source only has the story too
  double importance = 0;
};

// A story as it could be told: the lead first.
struct Telling {
  const Story* story = nullptr;
  std::vector<Line> lines;
  std::optional<std::string> headline;
};

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

// The further down a story or a sentence, the sooner it goes; nothing counts more than what it needs.
// That a second source has the story counts next to its lead.
void grade(Telling& telling, std::size_t rank) {
  const double lead = 1 / (1 + 0.1 * static_cast<double>(rank));
  double importance = lead;
  for (auto& line : telling.lines) {
    line.importance = line.addition || line.seconded ? 0.75 * lead : importance;
    importance *= &line == &telling.lines.front() ? 0.7 : 0.8;
  }
}

// Leaves the most important lines that fill `seconds`, and with each line the ones it needs.
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

Section opening(const std::vector<Telling>& tellings, const ComposeOptions& options, Phrases& phrases) {
  Section section{.heading = "Headlines"};
  section.sentences.push_back({.text = phrases.greeting(), .level = 0, .required = true});
  std::optional<Instant> latest;
  for (const auto& telling : tellings)
    for (const auto& article : telling.story->articles)
      if (article.published && (!latest || *latest < *article.published)) latest = article.published;
  if (latest && std::chrono::abs(options.now - *latest) > NewsOptions().window)
    section.sentences.push_back({.text = phrases.dated(*latest), .required = true});
  if (tellings.empty())
    section.sentences.push_back({.text = "There are no new market reports for this edition.", .required = true});
  std::size_t place = 0;
  for (const auto& telling : std::span(tellings).first(std::min(kTopStories, tellings.size()))) {
    if (!telling.headline || place == kHeadlines) continue;
    section.sentences.push_back({.text = phrases.headline(place, *telling.headline),
                                 .sources = {telling.lines.front().article},
                                 .importance = 0.95,
                                 .required = place == 0});
    ++place;
  }
  return section;
}

std::string worded(const Line& line, bool lead, const std::string& outlet_before, std::size_t place, Phrases& phrases) {
  if (line.seconded) return phrases.seconded(line.outlet);
  if (lead) return phrases.lead(line.text, line.outlet, line.outlet == outlet_before, place);
  return line.addition ? phrases.addition(line.text, line.outlet) : line.text;
}

Section told(Theme theme, std::size_t place, bool last, const std::vector<const Telling*>& tellings,
             const std::vector<const Telling*>& top, Phrases& phrases) {
  Section section{.heading = std::string(heading(theme))};
  section.sentences.push_back({.text = phrases.section(theme, place, last), .importance = 0.5, .level = 0});
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
                                   .required = lead && std::ranges::find(top, telling) != top.end()});
    }
    outlet = telling->lines.front().outlet;
    ++story;
  }
  return section;
}

}  // namespace

Script compose(const std::vector<Story>& stories, const ComposeOptions& options) {
  Phrases phrases(options.now);
  std::vector<Telling> tellings;
  double available = 0;
  for (const auto& story : stories) {
    // Stories far beyond what the target needs are not worth the reading.
    if (available > 4 * options.target_seconds) break;
    Telling telling = telling_of(story);
    if (telling.lines.empty()) continue;
    grade(telling, tellings.size());
    for (const auto& line : telling.lines) available += options.seconds(line.text);
    tellings.push_back(std::move(telling));
  }

  Script script{.title = edition_title(options.now)};
  script.sections.push_back(opening(tellings, options, phrases));
  double framing = 20;  // the farewell and the passages between sections
  for (const auto& sentence : script.sections.front().sentences) framing += options.seconds(sentence.text);
  cut_to(tellings, options.target_seconds * options.material - framing, options);

  std::vector<const Telling*> top;
  for (const auto& telling : tellings)
    if (top.size() < kTopStories) top.push_back(&telling);
  // The markets first, then by the best story of each theme.
  std::vector<std::pair<Theme, std::vector<const Telling*>>> themes;
  for (const auto& telling : tellings) {
    const Theme theme = telling.story->theme;
    auto known = std::ranges::find(themes, theme, [](const auto& entry) { return entry.first; });
    if (known == themes.end())
      known = themes.insert(theme == Theme::markets ? themes.begin() : themes.end(), {theme, {}});
    known->second.push_back(&telling);
  }
  for (std::size_t i = 0; i < themes.size(); ++i)
    script.sections.push_back(told(themes[i].first, i, i + 1 == themes.size(), themes[i].second, top, phrases));

  script.sections.push_back({.heading = "Closing",
                             .sentences = {{.text = phrases.farewell(), .level = 0, .required = true},
                                           {.text = phrases.thanks(), .required = true}}});
  return script;
}

}  // namespace odeon::briefings
