// What the product knows about English words: enough to tell a sentence from a fragment, a name from a
// noun, and two headlines about one thing from two about different things.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::briefings {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words);

// All of these take a word in lower case.
bool is_verb(std::string_view word);         // a finite form, as far as a list can tell
bool is_stop_word(std::string_view word);    // the, of, with …
bool is_common_word(std::string_view word);  // may start a sentence without being a name

// The words of a text in lower case, without punctuation and possessive endings.
std::vector<std::string> words_of(std::string_view text);

// What a text is about: its words without stop words, reduced to one form, where "rises", "gains" and
// "lifts" are one and "falls", "drops" and "cuts" are another.
std::set<std::string> topics_of(std::string_view text);
inline constexpr std::string_view kUp = "+";
inline constexpr std::string_view kDown = "-";

// Shared part of two sets, 0 to 1: of all their members, and of those of the smaller one.
double jaccard(const std::set<std::string>& a, const std::set<std::string>& b);
double containment(const std::set<std::string>& a, const std::set<std::string>& b);

// The first name in a headline, reduced as in topics_of: the company or thing it is about.
std::string subject_of(std::string_view title);

}  // namespace odeon::briefings
