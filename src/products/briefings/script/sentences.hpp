// Sentences: found in running text, and judged and cleaned for being read aloud.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::briefings {

// The sentences of `text`, whose line ends are always sentence ends. Initials, abbreviations and
// decimals do not end one. What lacks closing punctuation is returned all the same.
std::vector<std::string> split_sentences(std::string_view text);

// Whether a sentence is about the page and not the news: "Read more", "The post … appeared first on …".
bool is_boilerplate(std::string_view sentence);
// The same lines with only the sentences that are news.
std::string without_boilerplate(std::string_view text);

// At most `length` code points: whole sentences where at least one fits.
std::string bounded(std::string_view text, std::size_t length);

// The sentence as it is read aloud ("up 3.2%" is "up 3.2 percent", "Q3" is "the third quarter"), or
// nothing when it should not be: fragments, cut sentences, addresses, captions, shouting. Cleaning
// never changes a figure.
std::optional<std::string> speakable(std::string_view sentence);
// A headline as a sentence to be read aloud; nothing if it is no sentence ("Five things to watch").
std::optional<std::string> speakable_headline(std::string_view title);

// Whether the sentence leans on the one before it ("It also …", "He said …", "But …").
bool leans_back(std::string_view sentence);
// Whether the sentence names who says so ("…, the company said").
bool is_attributed(std::string_view sentence);
// With a small first letter where the first word is no name, so that words may go before it.
std::string continued(std::string_view sentence);

}  // namespace odeon::briefings
