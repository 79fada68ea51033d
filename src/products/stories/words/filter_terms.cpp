#include "products/stories/words/filter_terms.hpp"

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"
#include "products/stories/words/letters.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kShortestStem = 3, kLongestStem = 16, kShortestDrawnOut = 4, kBeginning = 3;

std::vector<std::string> listed_words(std::string_view list, char separator) {
  std::vector<std::string> words;
  for (std::string_view word : text::split(list, separator))
    if (!text::trim(word).empty()) words.emplace_back(text::trim(word));
  return words;
}

// The lengths of the runs of letters: "kiill" is 1, 2, 2.
std::vector<std::size_t> runs(std::string_view word) {
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0 && word[i] == word[i - 1])
      ++lengths.back();
    else
      lengths.push_back(1);
  }
  return lengths;
}

bool is_drawn_out(std::string_view word, std::string_view form) {
  const auto said = runs(word), meant = runs(form);
  if (!std::ranges::equal(said, meant, std::greater_equal<>())) return false;
  std::size_t longer = 0, longest = 0;
  for (std::size_t i = 0; i < said.size(); ++i)
    if (said[i] > meant[i]) ++longer, longest = std::max(longest, said[i]);
  return longest >= 3 || longer >= 2;
}

bool stands_for(char seen, char letter) {
  return seen == letter || seen == '*' || (seen == kEitherLetter && (letter == 'i' || letter == 'l'));
}

bool reads_as(std::string_view word, std::string_view form) {
  return std::ranges::equal(word, form, stands_for);
}

// What "i", "l" and kEitherLetter have in common.
std::string alike(std::string_view letters) {
  std::string out(letters);
  for (char& c : out)
    if (c == 'l' || c == kEitherLetter) c = 'i';
  return out;
}

}  // namespace

std::string squeezed(std::string_view word) {
  std::string out;
  for (const char c : word)
    if (out.empty() || out.back() != c) out += c;
  return out;
}

FilterTerms::FilterTerms(std::string_view source) {
  for (std::string_view line : text::split(source, '\n'))
    if (!line.empty() && !line.starts_with('#')) add(line);
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const auto& term = terms_[i];
    exact_[term.form].push_back(i);
    exact_alike_[alike(term.form)].push_back(i);
    beginnings_.insert(alike(term.form.substr(0, kBeginning)));
    if (term.any_ending) stems_[term.form].push_back(i), stems_alike_[alike(term.form)].push_back(i);
    if (term.form.size() >= kShortestDrawnOut) squeezed_[squeezed(term.form)].push_back(i);
  }
}

void FilterTerms::add(std::string_view line) {
  const auto colon = line.find(": ");
  const auto head = listed_words(line.substr(0, colon), ' ');
  const auto body = line.substr(colon + 2);
  if (head.at(1) == "ok") {
    for (auto& word : listed_words(body, ',')) innocents_[head[0]].insert(std::move(word));
    return;
  }
  if (head.at(1) == "neutral") {
    for (const auto& pair : listed_words(body, ',')) {
      const auto space = pair.find(' ');
      neutral_[head[0]][json::enum_value<Harm>(pair.substr(0, space)).value()] = pair.substr(space + 1);
    }
    return;
  }
  FilterTerm term{.language = language_of(head.at(0)).value(),
                  .everywhere = head.at(2).ends_with('*'),
                  .category = json::enum_value<Harm>(head[1]).value(),
                  .strength = json::enum_value<Strength>(head[2].substr(0, head[2].find('*'))).value()};
  const auto parts = text::split(body, '|');
  for (const auto part : parts | std::views::drop(1)) {
    const auto end = part.find(": ");
    auto& words = text::trim(part.substr(0, end)) == "after" ? term.after : term.unless_before;
    for (auto& word : listed_words(part.substr(end + 2), ' ')) words.insert(std::move(word));
  }
  add_forms(parts.front(), std::move(term));
}

void FilterTerms::add_forms(std::string_view forms_and_replacements, FilterTerm term) {
  const auto arrow = forms_and_replacements.find(" > ");
  const auto forms = listed_words(forms_and_replacements.substr(0, arrow), ',');
  const auto replacements = listed_words(forms_and_replacements.substr(arrow + 3), ',');
  if (replacements.size() != 1 && replacements.size() != forms.size())
    throw std::invalid_argument("not as many replacements as forms: " + std::string(forms_and_replacements));
  for (std::size_t i = 0; i < forms.size(); ++i) {
    term.form = forms[i];
    term.any_ending = term.form.ends_with('*');
    if (term.any_ending) term.form.pop_back();
    std::erase(term.form, '-');
    term.replacement = replacements[replacements.size() == 1 ? 0 : i];
    terms_.push_back(term);
  }
}

template <class Fits>
const FilterTerm* FilterTerms::first(const Index& index, const std::string& key, Fits fits) const {
  const auto found = index.find(key);
  if (found == index.end()) return nullptr;
  for (const std::size_t at : found->second)
    if (fits(terms_[at])) return &terms_[at];
  return nullptr;
}

template <class Fits>
const FilterTerm* FilterTerms::find_by(const Index& exact, const Index& stems, const std::string& key,
                                       Language language, Fits fits) const {
  const auto own = [&](const FilterTerm& term) { return term.language == language && fits(term); };
  const auto others = [&](const FilterTerm& term) { return term.everywhere && fits(term); };
  const auto longest_of = [&](auto whose) -> const FilterTerm* {
    if (const auto* term = first(exact, key, whose)) return term;
    for (std::size_t length = std::min(key.size(), kLongestStem); length >= kShortestStem; --length)
      if (const auto* term = first(stems, key.substr(0, length), whose)) return term;
    return nullptr;
  };
  const auto* term = longest_of(own);
  return term ? term : longest_of(others);
}

const FilterTerm* FilterTerms::find(const std::string& word, Language language) const {
  return find_by(exact_, stems_, word, language, [](const FilterTerm&) { return true; });
}

const FilterTerm* FilterTerms::find_read(const std::string& word, Language language) const {
  if (word.find('*') != std::string::npos) return find_masked(word, language);
  return find_by(exact_alike_, stems_alike_, alike(word), language, [&](const FilterTerm& term) {
    return reads_as(std::string_view(word).substr(0, term.form.size()), term.form);
  });
}

const FilterTerm* FilterTerms::find_drawn_out(const std::string& word, Language language) const {
  const std::string key = squeezed(word);
  if (key.size() == word.size()) return nullptr;
  const auto found = squeezed_.find(key);
  if (found == squeezed_.end()) return nullptr;
  for (const std::size_t at : found->second) {
    const auto& term = terms_[at];
    if ((term.language == language || term.everywhere) && is_drawn_out(word, term.form)) return &term;
  }
  return nullptr;
}

// No list is sorted by what any letter may be. Nothing that has a harmless sense is seen in such a word.
const FilterTerm* FilterTerms::find_masked(const std::string& word, Language language) const {
  for (const auto& term : terms_)
    if (term.strength != Strength::doubt && (term.language == language || term.everywhere) && reads_as(word, term.form))
      return &term;
  return nullptr;
}

bool FilterTerms::begins(const std::string& three) const {
  return beginnings_.contains(alike(three));
}

bool FilterTerms::is_innocent(const std::string& word, Language language) const {
  const auto found = innocents_.find(std::string(code_of(language)));
  return found != innocents_.end() && found->second.contains(word);
}

const std::string& FilterTerms::replacement(const FilterTerm& term, Language language) const {
  return term.language == language ? term.replacement : neutral_.at(std::string(code_of(language))).at(term.category);
}

const FilterTerms& filter_terms() {
  static const FilterTerms all(stories_words::embedded::filter_txt);
  return all;
}

}  // namespace odeon::stories
