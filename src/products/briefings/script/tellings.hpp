// Stories as a composer tells them: their sentences chosen, cleaned, graded and joined. Between news.hpp and
// the composers of scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "products/briefings/script/phrases.hpp"
#include "products/briefings/script/script.hpp"

namespace odeon::briefings {

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

// A story as it could be told: the lead first. Of a story that cannot be read aloud, no lines.
struct Telling {
  const Story* story = nullptr;
  std::vector<Line> lines;
  std::optional<std::string> headline;
  std::size_t group = 0;  // the composer's own
};

Telling telling_of(const Story& story);

// The stories that can be told, in order and graded by it, as many as could fill the target several
// times over; `group` of all.
void add_tellings(std::vector<Telling>& tellings, const std::vector<Story>& stories, std::size_t group,
                  const ComposeOptions& options);

// Leaves the most important lines that fill `seconds`, and with each line the ones it needs.
void cut_to(std::vector<Telling>& tellings, double seconds, const ComposeOptions& options);

// When the newest article of these was published, as far as they say.
std::optional<Instant> latest_of(const std::vector<Telling>& tellings);

using Tellings = std::vector<const Telling*>;

// A section that tells these stories after its opener; the leads of `required` stay whatever the time.
Section told(std::string heading, std::string opener, const Tellings& tellings, const Tellings& required,
             Phrases& phrases);

// The markets first, then by the best story of each theme.
std::vector<std::pair<Theme, Tellings>> by_theme(const Tellings& tellings);

}  // namespace odeon::briefings
