#include "products/stories/words/filter_terms.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/embedded.hpp"

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
  return std::ranges::equal(runs(word), runs(form), std::greater_equal<>());
}

bool matches_mask(std::string_view masked, std::string_view form) {
  return std::ranges::equal(masked, form, [](char m, char f) { return m == '*' || m == f; });
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
    beginnings_.insert(term.form.substr(0, kBeginning));
    if (term.any_ending) stems_[term.form].push_back(i);
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
  FilterTerm term{.language = language_of(head.at(0)).value(),
                  .everywhere = head.at(2).ends_with('*'),
                  .category = json::enum_value<Harm>(head[1]).value(),
                  .strength = json::enum_value<Strength>(head[2].substr(0, head[2].find('*'))).value()};
  const auto bar = body.find(" | after: ");
  if (bar != std::string_view::npos)
    for (auto& word : listed_words(body.substr(bar + 10), ' ')) term.after.insert(std::move(word));
  const auto forms_and_replacements = body.substr(0, bar);
  const auto arrow = forms_and_replacements.find(" > ");
  const auto forms = listed_words(forms_and_replacements.substr(0, arrow), ',');
  const auto replacements = listed_words(forms_and_replacements.substr(arrow + 3), ',');
  if (replacements.size() != 1 && replacements.size() != forms.size())
    throw std::invalid_argument("not as many replacements as forms: " + std::string(line));
  for (std::size_t i = 0; i < forms.size(); ++i) {
    term.form = forms[i];
    term.any_ending = term.form.ends_with('*');
    if (term.any_ending) term.form.pop_back();
    std::erase(term.form, '-');
    term.replacement = replacements[replacements.size() == 1 ? 0 : i];
    terms_.push_back(term);
  }
}

const FilterTerm* FilterTerms::best(const Index& index, const std::string& key, Language language) const {
  const auto found = index.find(key);
  if (found == index.end()) return nullptr;
  const FilterTerm* elsewhere = nullptr;
  for (const std::size_t at : found->second) {
    if (terms_[at].language == language) return &terms_[at];
    if (terms_[at].everywhere && elsewhere == nullptr) elsewhere = &terms_[at];
  }
  return elsewhere;
}

const FilterTerm* FilterTerms::find(const std::string& word, Language language) const {
  if (const auto* term = best(exact_, word, language)) return term;
  for (std::size_t length = std::min(word.size(), kLongestStem); length >= kShortestStem; --length)
    if (const auto* term = best(stems_, word.substr(0, length), language)) return term;
  return nullptr;
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

const FilterTerm* FilterTerms::find_masked(const std::string& word, Language language) const {
  for (const auto& term : terms_)
    if (term.strength != Strength::doubt && (term.language == language || term.everywhere) &&
        matches_mask(word, term.form))
      return &term;
  return nullptr;
}

bool FilterTerms::is_innocent(const std::string& word, Language language) const {
  const auto found = innocents_.find(std::string(code_of(language)));
  return found != innocents_.end() && found->second.contains(word);
}

const FilterTerms& filter_terms() {
  static const FilterTerms all(stories_words::embedded::filter_txt);
  return all;
}

}  // namespace odeon::stories
