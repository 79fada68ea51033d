#include <utf8proc.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "products/stories/words/folding.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t offset = 0;
  std::size_t size = 1;

  std::size_t end() const { return offset + size; }
  bool is(std::u32string_view any_of) const { return any_of.find(value) != std::u32string_view::npos; }
  bool is_space() const { return is(U" \n\t\r\u00A0\u202F\u2009"); }
  utf8proc_category_t category() const { return utf8proc_category(static_cast<utf8proc_int32_t>(value)); }
  bool is_mark() const { return category() >= UTF8PROC_CATEGORY_MN && category() <= UTF8PROC_CATEGORY_ME; }
  bool is_word() const {
    return (category() >= UTF8PROC_CATEGORY_LU && category() <= UTF8PROC_CATEGORY_LO) || is_digit() || is_mark();
  }
  bool is_digit() const { return category() >= UTF8PROC_CATEGORY_ND && category() <= UTF8PROC_CATEGORY_NO; }
  bool is_small() const { return category() == UTF8PROC_CATEGORY_LL; }
};

std::vector<CodePoint> code_points(std::string_view text) {
  std::vector<CodePoint> points;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t value = 0;
    const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    const std::size_t size = taken > 0 ? static_cast<std::size_t>(taken) : 1;
    points.push_back({taken > 0 ? static_cast<char32_t>(value) : U'\uFFFD', at, size});
    at += size;
  }
  return points;
}

bool is_abbreviation(std::string_view word, Language language) {
  static const std::array<std::set<std::string, std::less<>>, kLanguages.size()> kAll{{
      {"mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "no"},
      {"sr", "sra", "srta", "dr", "dra", "prof", "ud", "uds", "etc", "num", "san"},
      {"m", "mm", "mme", "mlle", "dr", "prof", "st", "ste", "etc", "cf", "env"},
      {"dr", "prof", "hr", "fr", "st", "bzw", "ca", "nr", "usw", "evtl", "z", "b", "d", "h", "u", "a"},
      {"sig", "sigg", "dott", "prof", "s", "ecc", "avv", "ing", "pag"},
  }};
  return kAll[static_cast<std::size_t>(language)].contains(folded(word));
}

class Sentences {
 public:
  Sentences(std::string_view text, Language language) : text_(text), language_(language), points_(code_points(text)) {}

  std::vector<Span> all() {
    std::size_t start = 0;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (points_[i].is(U"\n\r")) {
        take(start, i);
        start = i + 1;
      } else if (points_[i].is(U".!?…")) {
        const std::size_t end = after_closing(i + 1);
        if (ends_here(i, end)) {
          take(start, end);
          start = end;
        }
        i = end - 1;
      }
    }
    take(start, points_.size());
    return std::move(spans_);
  }

 private:
  // Past further marks, closing quotes and brackets; French sets a space before its own.
  std::size_t after_closing(std::size_t at) const {
    for (;; ++at) {
      if (at < points_.size() && points_[at].is(U".!?…\"'”’“»)]")) continue;
      const bool space_before_mark =
          at + 1 < points_.size() && points_[at].is(U"\u00A0\u202F") && points_[at + 1].is(U"!?»");
      if (!space_before_mark) return at;
    }
  }

  bool ends_here(std::size_t mark, std::size_t end) const {
    if (end >= points_.size() || points_[end].is(U"\n\r")) return true;
    if (!points_[end].is_space()) return false;
    std::size_t next = end;
    while (next < points_.size() && points_[next].is_space() && !points_[next].is(U"\n\r")) ++next;
    if (next >= points_.size() || points_[next].is(U"\n\r")) return true;
    if (points_[next].is_small() || points_[next].is(U",;:–—")) return false;
    return points_[mark].value != U'.' || end != mark + 1 || !is_within(mark);
  }

  // Whether a full stop belongs to the word before it.
  bool is_within(std::size_t mark) const {
    std::size_t first = mark;
    while (first > 0 && points_[first - 1].is_word()) --first;
    if (first == mark) return false;
    const std::string_view word = text_.substr(points_[first].offset, points_[mark].offset - points_[first].offset);
    const std::size_t length = mark - first;
    if (points_[first].is_digit()) return language_ == Language::de && length <= 3;
    return (length == 1 && points_[first].category() == UTF8PROC_CATEGORY_LU) || is_abbreviation(word, language_);
  }

  void take(std::size_t first, std::size_t last) {
    while (first < last && points_[first].is_space()) ++first;
    while (last > first && points_[last - 1].is_space()) --last;
    if (first < last) spans_.push_back({points_[first].offset, points_[last - 1].end() - points_[first].offset});
  }

  std::string_view text_;
  Language language_;
  std::vector<CodePoint> points_;
  std::vector<Span> spans_;
};

}  // namespace

std::vector<Span> sentences_of(std::string_view text, Language language) {
  return Sentences(text, language).all();
}

std::vector<Span> words_of(std::string_view text) {
  std::vector<Span> words;
  const auto points = code_points(text);
  for (std::size_t i = 0; i < points.size();) {
    if (points[i].is_space()) {
      ++i;
      continue;
    }
    std::optional<std::size_t> first, last;
    for (; i < points.size() && !points[i].is_space(); ++i) {
      if (!points[i].is_word() || (!first && points[i].is_mark())) continue;
      if (!first) first = i;
      last = i;
    }
    if (first) words.push_back({points[*first].offset, points[*last].end() - points[*first].offset});
  }
  return words;
}

}  // namespace odeon::stories
