// The phrases by which people say things of themselves: data.
#pragma once

#include <span>
#include <string_view>

#include "products/chat/memory/facts.hpp"

namespace odeon::chat {

// Words as folding.hpp writes them, one space between; what follows them is what is said.
struct FactPhrase {
  std::string_view words;
  Topic topic;
  std::string_view label;  // stands before what is said: "Lives in"
};

// A phrase that begins like another comes before it, if it is longer.
std::span<const FactPhrase> fact_phrases();
// "Remember that …": what follows is a statement of its own.
std::span<const std::string_view> asks_to_remember();
// By which a clause may begin without a change of what it says.
std::span<const std::string_view> fillers();
// "but" and its like: what follows is a statement of its own; and "and", where it may be one.
std::span<const std::string_view> turning_words();
std::span<const std::string_view> joining_words();
// Of the first person, in the languages above and a few more.
std::span<const std::string_view> first_person_words();
// No name of a place, a person or a firm begins so.
std::span<const std::string_view> indefinite_words();

}  // namespace odeon::chat
