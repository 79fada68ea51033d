#include "products/stories/words/letters.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace odeon::stories {
namespace {

// What looks like a Latin letter and does not become one by decomposition (Unicode's confusables, those in use).
constexpr auto kLookalikes = std::to_array<std::pair<char32_t, std::string_view>>({
    {U'æ', "ae"}, {U'œ', "oe"}, {U'ø', "o"}, {U'ł', "l"}, {U'đ', "d"}, {U'ħ', "h"}, {U'ı', "i"}, {U'ŧ', "t"},
    {U'ɑ', "a"},  {U'ɡ', "g"},  {U'ɩ', "i"}, {U'ʏ', "y"}, {U'ʙ', "b"}, {U'ʜ', "h"}, {U'ʟ', "l"}, {U'ʀ', "r"},
    {U'ɢ', "g"},  {U'ɪ', "i"},  {U'ɴ', "n"}, {U'ᴀ', "a"}, {U'ᴄ', "c"}, {U'ᴅ', "d"}, {U'ᴇ', "e"}, {U'ᴊ', "j"},
    {U'ᴋ', "k"},  {U'ᴍ', "m"},  {U'ᴏ', "o"}, {U'ᴘ', "p"}, {U'ᴛ', "t"}, {U'ᴜ', "u"}, {U'ᴠ', "v"}, {U'ᴡ', "w"},
    {U'ᴢ', "z"},  {U'ꜰ', "f"},  {U'ꜱ', "s"}, {U'а', "a"}, {U'в', "b"}, {U'е', "e"}, {U'з', "3"}, {U'к', "k"},
    {U'м', "m"},  {U'н', "h"},  {U'о', "o"}, {U'р', "p"}, {U'с', "c"}, {U'т', "t"}, {U'у', "y"}, {U'х', "x"},
    {U'ѕ', "s"},  {U'і', "i"},  {U'ј', "j"}, {U'һ', "h"}, {U'ԁ', "d"}, {U'ԛ', "q"}, {U'ԝ', "w"}, {U'ӏ', "l"},
    {U'ո', "n"},  {U'ս', "u"},  {U'օ', "o"}, {U'α', "a"}, {U'β', "b"}, {U'ε', "e"}, {U'η', "n"}, {U'ι', "i"},
    {U'κ', "k"},  {U'ν', "v"},  {U'ο', "o"}, {U'ρ', "p"}, {U'τ', "t"}, {U'υ', "u"}, {U'χ', "x"}, {U'ω', "w"},
    {U'γ', "y"},  {U'€', "e"},  {U'£', "l"},
});

bool is_sign(char c) {
  return std::string_view("@$!|*").find(c) != std::string_view::npos;
}
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The letters that one character is seen as; a space for whatever is none, nothing for what has no width.
std::string seen_as(char32_t code_point) {
  std::array<utf8proc_int32_t, 32> parts{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(code_point), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
                                     UTF8PROC_STRIPMARK),
      &boundary);
  if (count < 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) return " ";
  std::string out;
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    const auto part = static_cast<char32_t>(parts[static_cast<std::size_t>(i)]);
    const auto lookalike = std::ranges::find(kLookalikes, part, &std::pair<char32_t, std::string_view>::first);
    if (lookalike != kLookalikes.end())
      out += lookalike->second;
    else if (part < 0x80)
      out += is_plain(static_cast<char>(part)) || is_sign(static_cast<char>(part)) ? static_cast<char>(part) : ' ';
    else if (const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(part));
             kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO)
      text::append_code_point(out, part);
    else
      out += ' ';
  }
  return out;
}

constexpr std::string_view kJoiners = "-._~/+*";  // what stands within words that are to be overlooked

struct SeenCharacter {
  std::string letters;
  std::size_t offset = 0;
  std::size_t end = 0;
  bool line_end = false;
};

std::vector<SeenCharacter> seen_characters(std::string_view text) {
  std::vector<SeenCharacter> seen;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code_point = 0;
    const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    const std::size_t size = taken > 0 ? static_cast<std::size_t>(taken) : 1;
    const bool line_end = text[at] == '\n' || text[at] == '\r';
    auto letters = taken <= 0 || line_end ? " " : seen_as(static_cast<char32_t>(code_point));
    if (!letters.empty()) seen.push_back({std::move(letters), at, at + size, line_end});
    at += size;
  }
  return seen;
}

bool is_letter(const SeenCharacter& seen) {
  return seen.letters != " " && !is_sign(seen.letters.front());
}

// Whether a sign at `at` (and perhaps a few more) has a letter behind it.
bool letter_follows(const std::vector<SeenCharacter>& seen, std::size_t at) {
  constexpr std::size_t kMostSigns = 3;
  for (std::size_t i = at + 1; i < seen.size() && i <= at + kMostSigns; ++i)
    if (!is_sign(seen[i].letters.front())) return is_letter(seen[i]);
  return false;
}

}  // namespace

bool has_signs(std::string_view letters) {
  return std::ranges::any_of(letters, [](char c) { return (c >= '0' && c <= '9') || is_sign(c); });
}

std::string read_signs(std::string_view letters) {
  constexpr std::string_view kSigns = "034578@$691!|", kLetters = "oeastbasgg111";
  static_assert(kSigns.size() == kLetters.size() && kLetters.back() == kEitherLetter);
  std::string out(letters);
  for (char& c : out)
    if (const auto at = kSigns.find(c); at != std::string_view::npos) c = kLetters[at];
  return out;
}

std::vector<SeenWord> seen_words(std::string_view text) {
  const auto seen = seen_characters(text);
  std::vector<SeenWord> words;
  std::size_t gap = SeenWord::kFar;
  bool on_new_line = true;
  for (std::size_t i = 0; i < seen.size();) {
    const char first = seen[i].letters.front();
    // "@" and "$" begin words; "!", "|" and "*" are in them only between letters.
    const bool begins =
        is_letter(seen[i]) || ((first == '@' || first == '$') && i + 1 < seen.size() && is_letter(seen[i + 1]));
    if (!begins) {
      gap = std::min(gap + 1, SeenWord::kFar);
      on_new_line |= seen[i].line_end;
      ++i;
      continue;
    }
    const bool joined = gap == 1 && kJoiners.find(text[seen[i - 1].offset]) != std::string_view::npos;
    SeenWord word{.offset = seen[i].offset, .joined = joined, .on_new_line = on_new_line, .gap = gap};
    for (; i < seen.size(); ++i) {
      const char c = seen[i].letters.front();
      if (!is_letter(seen[i]) && c != '@' && c != '$' && !(is_sign(c) && letter_follows(seen, i))) break;
      word.letters += seen[i].letters;
      word.length = seen[i].end - word.offset;
    }
    words.push_back(std::move(word));
    gap = 0;
    on_new_line = false;
  }
  return words;
}

}  // namespace odeon::stories
