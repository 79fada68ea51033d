#include "products/briefings/script/tellings.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kHeadlines = 3;
constexpr std::size_t kTopStories = 3;

Section opening(const std::vector<Telling>& tellings, const ComposeOptions& options, Phrases& phrases) {
  Section section{.heading = "Headlines"};
  section.sentences.push_back({.text = phrases.greeting(), .level = 0, .required = true});
  const auto latest = latest_of(tellings);
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

}  // namespace

Script compose(const std::vector<Story>& stories, const ComposeOptions& options) {
  Phrases phrases(options.now);
  std::vector<Telling> tellings;
  add_tellings(tellings, stories, 0, options);

  Script script{.title = edition_title(options.now)};
  script.sections.push_back(opening(tellings, options, phrases));
  double framing = 20;  // the farewell and the passages between sections
  for (const auto& sentence : script.sections.front().sentences) framing += options.seconds(sentence.text);
  cut_to(tellings, options.target_seconds * options.material - framing, options);

  Tellings all, top;
  for (const auto& telling : tellings) {
    all.push_back(&telling);
    if (top.size() < kTopStories) top.push_back(&telling);
  }
  const auto themes = by_theme(all);
  for (std::size_t i = 0; i < themes.size(); ++i) {
    const auto& [theme, told_here] = themes[i];
    script.sections.push_back(
        told(std::string(heading(theme)), phrases.section(theme, i, i + 1 == themes.size()), told_here, top, phrases));
  }

  script.sections.push_back({.heading = "Closing",
                             .sentences = {{.text = phrases.farewell(), .level = 0, .required = true},
                                           {.text = phrases.thanks(), .required = true}}});
  return script;
}

}  // namespace odeon::briefings
