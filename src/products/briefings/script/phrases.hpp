// What the presenter says between the stories. None of it holds a figure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "products/briefings/news/news.hpp"

namespace odeon::briefings {

// Chooses among phrases so that none comes back before its fellows were used. Two editions start at
// different places; the same edition always speaks the same.
class Phrases {
 public:
  explicit Phrases(Instant now);

  std::string greeting() const;             // "Good afternoon. It's Friday, November 20, and …"
  std::string dated(Instant latest) const;  // for an edition made from older reports
  std::string headline(std::size_t place, std::string_view headline);
  std::string section(Theme theme, std::size_t place, bool last);
  // The first sentence of a story, with who reports it. `place` is its place in the section.
  std::string lead(std::string_view sentence, std::string_view outlet, bool same_outlet, std::size_t place);
  std::string addition(std::string_view sentence, std::string_view outlet);  // a second source adds to it
  std::string seconded(std::string_view outlet);                             // a second source has nothing to add
  std::string farewell() const;
  std::string thanks();

 private:
  // The next of these phrases that goes with the outlet's name; each call site has a wheel of its own.
  std::string_view next(std::size_t wheel, std::span<const std::string_view> phrases, std::string_view outlet = {});

  Instant now_;
  std::size_t seed_;
  std::vector<std::size_t> turns_;
};

std::string_view part_of_day(Instant when);  // morning, afternoon, evening or night
std::string spoken_date(Instant when);       // "Friday, November 20"
std::string_view heading(Theme theme);
// The name of an outlet as it is spoken: "Meridian Wire" of "Meridian Wire - Markets RSS".
std::string outlet_name(std::string_view feed_title);

}  // namespace odeon::briefings
