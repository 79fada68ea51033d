// The script of a spoken briefing, and the composer that writes it without a model: it chooses,
// cleans, orders and joins sentences of the sources, and invents nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "products/briefings/news/news.hpp"

namespace odeon::briefings {

struct Sentence {
  std::string text;
  std::vector<std::string> sources;  // article_id of what it says; empty for what the presenter says
  double importance = 1;             // 0–1: what goes first when time is short
  // A sentence makes sense only after the nearest earlier one of a lower level in its section. The
  // first of a section has level 0 and opens it; each story begins at level 1.
  int level = 1;
  bool required = false;  // stays whatever the time

  bool operator==(const Sentence&) const = default;
};
BOOST_DESCRIBE_STRUCT(Sentence, (), (text, sources, importance, level, required))

struct Section {
  std::string heading;
  std::vector<Sentence> sentences;

  bool operator==(const Section&) const = default;
};
BOOST_DESCRIBE_STRUCT(Section, (), (heading, sentences))

struct Script {
  std::string title;
  std::vector<Section> sections;

  bool operator==(const Script&) const = default;
};
BOOST_DESCRIBE_STRUCT(Script, (), (title, sections))

// "Market Update - 3PM" for an edition at `now` (UTC).
std::string edition_title(Instant now);
// How long a sentence takes at `words_per_minute`, with the pause after it. Figures count as the words
// they are read as.
double spoken_seconds(std::string_view sentence, double words_per_minute = 165);
double spoken_seconds(const Script& script, double words_per_minute = 165);
// One paragraph for each section.
std::string transcript(const Script& script);

struct ComposeOptions {
  Instant now;
  double target_seconds = 150;
  // How much more than the target is written, so that fit (fit.hpp) has a choice.
  double material = 1.25;
  std::function<double(std::string_view)> seconds = [](std::string_view sentence) { return spoken_seconds(sentence); };
};

// `stories` in the order of news.hpp. The same input gives the same script. Fewer stories than the
// target needs give a shorter script, none at all one that says so.
Script compose(const std::vector<Story>& stories, const ComposeOptions& options);

// What is known beside the articles, such as the price of a stock: named by sentences like an article.
struct Fact {
  std::string id;
  std::string text;   // holds all its figures as they are spoken
  int direction = 0;  // 1: up, -1: down; 0: either may be said
};
BOOST_DESCRIBE_STRUCT(Fact, (), (id, text))

// The figures of a script that its sources do not hold, each as written in the script's form
// (figures.hpp). A sentence that names sources must have its figures from these; one that names none,
// from any. The date and hour of the edition and the dates of the articles count as given.
std::vector<std::string> invented_figures(const Script& script, const std::vector<Article>& articles, Instant now,
                                          const std::vector<Fact>& facts = {});

}  // namespace odeon::briefings
