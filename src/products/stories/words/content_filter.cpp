#include "products/stories/words/content_filter.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/filter_terms.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/letters.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kLongestTerm = 20, kShortestSpaced = 3, kMostJoined = 5, kSpacedGap = 3;

struct Hit {
  const FilterTerm* term = nullptr;
  std::size_t first = 0;  // words
  std::size_t last = 0;
  bool evasive = false;  // written so that it would be overlooked: no doubt is left
};

// With the case of what it stands for.
std::string in_case_of(const std::string& replacement, std::string_view found) {
  const auto first_of = [](std::string_view text) {
    utf8proc_int32_t code_point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    return std::pair(code_point, static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 0)));
  };
  if (!utf8proc_isupper(first_of(found).first)) return replacement;
  const auto [letter, size] = first_of(replacement);
  std::string out;
  text::append_code_point(out, static_cast<char32_t>(utf8proc_toupper(letter)));
  return out + replacement.substr(size);
}

class Search {
 public:
  // `text` outlives this.
  Search(std::string_view text, Language language)
      : text_(text), words_(seen_words(text)), language_(language), terms_(filter_terms()) {}

  const std::vector<SeenWord>& words() const { return words_; }

  // The term that begins at a word, or none; `next` is where to go on.
  std::optional<Hit> at(std::size_t i, std::size_t& next) const {
    next = i + 1;
    if (auto hit = spaced_out(i)) return next = hit->last + 1, hit;
    if (auto hit = joined(i, next)) return hit;
    if (next > i + 1) return std::nullopt;
    return single(i);
  }

  const std::string& replacement(const Hit& hit) const { return terms_.replacement(*hit.term, language_); }

  bool is_settled(const Hit& hit) const {
    if (hit.evasive || hit.first == 0 || is_apart(hit.first)) return hit.evasive;
    if (!hit.term->after.contains(as_written(hit.first - 1, hit.first - 1))) return false;
    const std::size_t next = hit.last + 1;
    const bool goes_on = next < words_.size() && words_[next].gap == 1;
    return !goes_on || !hit.term->unless_before.contains(as_written(next, next));
  }

 private:
  bool is_apart(std::size_t i) const { return words_[i].on_new_line || words_[i].gap >= SeenWord::kFar; }

  // Small, with what tells it from others: accents, and what joins it.
  std::string as_written(std::size_t first, std::size_t last) const {
    const std::size_t from = words_[first].offset;
    return small(text_.substr(from, words_[last].offset + words_[last].length - from));
  }

  bool is_one_letter(std::size_t i) const { return text::length(words_[i].letters) == 1; }

  // "k i l l": letters that stand by themselves, one after the other.
  std::optional<Hit> spaced_out(std::size_t i) const {
    std::string letters;
    std::optional<Hit> longest;
    const bool begins = i == 0 || !is_one_letter(i - 1) || words_[i].gap > kSpacedGap;
    for (std::size_t j = i; j < words_.size() && j - i < kLongestTerm && is_one_letter(j); ++j) {
      if (j > i && words_[j].gap > kSpacedGap) break;
      letters += words_[j].letters;
      const bool ends = j + 1 == words_.size() || !is_one_letter(j + 1) || words_[j + 1].gap > kSpacedGap;
      const std::size_t count = j - i + 1;
      // Three letters are a word only where nothing else is around: "a s s", but not in "b a s s".
      if (count == kShortestSpaced && !may_begin(letters)) return std::nullopt;
      if (count < kShortestSpaced || (count == kShortestSpaced && !(begins && ends))) continue;
      if (const auto* term = plain_or_signs(letters)) longest = Hit{term, i, j, true};
    }
    return longest;
  }

  bool may_begin(const std::string& three) const { return terms_.begins(three) || terms_.begins(read_signs(three)); }

  // "ki-ll"; sets `next` past a compound that is known to be innocent.
  std::optional<Hit> joined(std::size_t i, std::size_t& next) const {
    std::string letters = words_[i].letters;
    std::optional<Hit> longest;
    for (std::size_t j = i + 1; j < words_.size() && words_[j].joined && j - i < kMostJoined; ++j) {
      letters += words_[j].letters;
      if (letters.size() > 2 * kLongestTerm) break;
      if (terms_.is_innocent(as_written(i, j), language_)) return next = j + 1, std::nullopt;
      if (const auto* term = plain_or_signs(letters)) longest = Hit{term, i, j, !term_of(i) && !term_of(j)};
    }
    if (longest) next = longest->last + 1;
    return longest;
  }

  std::optional<Hit> single(std::size_t i) const {
    const std::string& letters = words_[i].letters;
    const auto* plain = terms_.find(letters, language_);
    const auto* term = plain ? plain : evaded(letters);
    if (term == nullptr || terms_.is_innocent(as_written(i, i), language_)) return std::nullopt;
    return Hit{term, i, i, plain == nullptr};
  }

  const FilterTerm* term_of(std::size_t i) const { return terms_.find(words_[i].letters, language_); }

  const FilterTerm* plain_or_signs(const std::string& letters) const {
    if (const auto* term = terms_.find(letters, language_)) return term;
    return has_signs(letters) ? with_signs(letters) : nullptr;
  }

  const FilterTerm* with_signs(const std::string& letters) const {
    if (std::ranges::none_of(letters, [](char c) { return c >= 'a' && c <= 'z'; })) return nullptr;
    const std::string read = read_signs(letters);
    if (const auto* term = terms_.find_read(read, language_)) return term;
    for (const char one : {'i', 'l'}) {
      std::string said = read;
      std::ranges::replace(said, kEitherLetter, one);
      if (const auto* term = terms_.find_drawn_out(said, language_)) return term;
    }
    return nullptr;
  }

  const FilterTerm* evaded(const std::string& letters) const {
    if (has_signs(letters)) return with_signs(letters);
    return terms_.find_drawn_out(letters, language_);
  }

  std::string_view text_;
  std::vector<SeenWord> words_;
  Language language_;
  const FilterTerms& terms_;
};

bool is_left(const Hit& hit, const Search& search, FilterMode mode) {
  if (mode == FilterMode::image_prompt || hit.term->strength != Strength::doubt) return false;
  return !search.is_settled(hit);
}

}  // namespace

Filtered filter_content(std::string_view text, Language language, FilterMode mode) {
  const std::string whole = text::to_valid_utf8(text);
  const Search search(whole, language);
  Filtered out;
  std::size_t copied = 0;
  for (std::size_t i = 0, next = 0; i < search.words().size(); i = next) {
    const auto hit = search.at(i, next);
    if (!hit) continue;
    const auto& first = search.words()[hit->first];
    const auto& last = search.words()[hit->last];
    FilterChange change{.category = hit->term->category,
                        .found = whole.substr(first.offset, last.offset + last.length - first.offset),
                        .offset = first.offset,
                        .left = is_left(*hit, search, mode)};
    if (mode == FilterMode::user_input && hit->term->strength == Strength::refuse) out.refused = true;
    if (!change.left) {
      change.became = in_case_of(search.replacement(*hit), change.found);
      out.text.append(whole, copied, first.offset - copied).append(change.became);
      copied = first.offset + change.found.size();
    }
    out.changes.push_back(std::move(change));
  }
  out.text.append(whole, copied);
  if (out.refused) {
    out.text = whole;
    for (auto& change : out.changes) change.left = true, change.became.clear();
  }
  return out;
}

std::string accepted_text(Filtered filtered, const std::string& field) {
  if (!filtered.refused) return std::move(filtered.text);
  throw Error(Fault::invalid, "CONTENT_NOT_ALLOWED", "This is not suitable for a children's story. Please rephrase it.")
      .with_fields({{field, "not_allowed", "This holds words that are not suitable for children."}});
}

}  // namespace odeon::stories
