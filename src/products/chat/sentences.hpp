// Texts by their sentences, words and figures, for what is composed without a model. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::chat {

// In order; marks of Markdown at the beginning of lines are left out, and what has no letter or digit.
std::vector<std::string> sentences_of(std::string_view text);
// In lower case, those that say something: three letters and more, without the commonest.
std::set<std::string> content_words(std::string_view text);
// Numbers as they are written, without what ends a sentence: "3.5", "1,200", "40%".
std::set<std::string> figures_of(std::string_view text);
// How much two sentences have in common: words of both by words of either, 0 to 1.
double likeness(const std::set<std::string>& a, const std::set<std::string>& b);

}  // namespace odeon::chat
