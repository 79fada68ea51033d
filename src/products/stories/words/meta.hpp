// What heroes can be like and what stories can be about, as GET /api/meta tells it. The lists are data
// (assets/cast.txt), their names are the languages' own (assets/en.txt and its siblings).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "products/stories/words/language.hpp"

namespace odeon::stories {

// How somebody like that gets out of a trouble. Each plot knows all five.
enum class Way { bold, kind, clever, merry, steady };
BOOST_DESCRIBE_ENUM(Way, bold, kind, clever, merry, steady)

struct Trait {
  std::string id;                                    // "brave"
  std::array<std::string, kLanguages.size()> names;  // by Language: "Brave", "Valiente", …
  Way way = Way::kind;
};

struct EventType {
  std::string id;  // "bedtime"
  std::array<std::string, kLanguages.size()> names;
};

// All of these live as long as the program.
const std::vector<Trait>& traits();
const std::vector<EventType>& event_types();

// Null for what is not on the list.
const Trait* find_trait(std::string_view id);
const EventType* find_event_type(std::string_view id);

}  // namespace odeon::stories
