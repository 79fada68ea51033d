// The words of assets/filter.txt, ready to be looked up.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "products/stories/words/content_filter.hpp"

namespace odeon::stories {

enum class Strength { refuse, replace, doubt };
BOOST_DESCRIBE_ENUM(Strength, refuse, replace, doubt)

struct FilterTerm {
  std::string form;  // folded letters; without its star
  bool any_ending = false;
  Language language = Language::en;
  bool everywhere = false;  // looked for in texts of every language
  Harm category = Harm::violence;
  Strength strength = Strength::doubt;
  std::string replacement;
  std::unordered_set<std::string> after;  // folded words before it that settle a doubt
};

class FilterTerms {
 public:
  explicit FilterTerms(std::string_view source);

  // The term that a folded word is in a text of the language, or null. A form of the language itself comes first.
  const FilterTerm* find(const std::string& word, Language language) const;
  // A term that the word is when letters in it are said longer ("kiiill"); for terms of four letters and more.
  const FilterTerm* find_drawn_out(const std::string& word, Language language) const;
  // A term that the word is when each '*' in it is a letter ("f*ck").
  const FilterTerm* find_masked(const std::string& word, Language language) const;
  // Whether any term begins with these three letters.
  bool begins(const std::string& three) const { return beginnings_.contains(three); }
  bool is_innocent(const std::string& word, Language language) const;
  const std::vector<FilterTerm>& all() const { return terms_; }

 private:
  using Index = std::unordered_map<std::string, std::vector<std::size_t>>;
  const FilterTerm* best(const Index& index, const std::string& key, Language language) const;
  void add(std::string_view line);

  std::vector<FilterTerm> terms_;
  Index exact_;
  Index stems_;
  std::unordered_set<std::string> beginnings_;
  Index squeezed_;  // by the form with every run of a letter cut to one
  std::unordered_map<std::string, std::unordered_set<std::string>> innocents_;  // by language
};

// "kiill" is "kil".
std::string squeezed(std::string_view word);

// Read once; lives as long as the program.
const FilterTerms& filter_terms();

}  // namespace odeon::stories
