#include "engine/ai/providers/plain_english.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace odeon::ai {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kFolded[] = {{"\u2212", "-"},    {"\u2010", "-"},         {"\u2011", "-"},
                            {"\u2012", "-"},    {"\u2013", "-"},         {"\u2014", ", "},
                            {"\u2015", ", "},   {"\u2018", "'"},         {"\u2019", "'"},
                            {"\u201A", "'"},    {"\u2032", "'"},         {"\u2026", ". "},
                            {"\u20AC", "\x01"}, {"\u00A3", "\x02"},      {"\u00A5", "\x03"},
                            {"\u00A2", "\x04"}, {"\u2022", ", "},        {"\u00B7", ", "},
                            {"\u00D7", "x"},    {"\u00B0", " degrees "}, {"\u00B1", " plus or minus "},
                            {"\u00BC", " 1/4"}, {"\u00BD", " 1/2"},      {"\u00BE", " 3/4"},
                            {"\u2192", " to "}, {"\u2248", "~"},         {"\u00B2", "2"},
                            {"\u00B3", "3"},    {"\u00B9", "1"},         {"\u00DF", "ss"},
                            {"\u00C6", "Ae"},   {"\u00E6", "ae"},        {"\u0152", "Oe"},
                            {"\u0153", "oe"},   {"\u00DE", "Th"},        {"\u00FE", "th"},
                            {"\uFF05", "%"},    {"\uFF04", "$"},         {"\uFF0E", "."},
                            {"\uFF0C", ","},    {"\u200B", ""},          {"\u200D", ""},
                            {"\uFEFF", ""},     {"\u00AD", ""}};

// U+00C0…U+00FF and U+0100…U+017F by the letter beneath the accent.
constexpr std::string_view kLatin1 = "AAAAAA CEEEEIIIIDNOOOOO OUUUUY  aaaaaa ceeeeiiiidnooooo ouuuuy y";
constexpr std::string_view kLatinA =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOo  RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin1.size() == 64 && kLatinA.size() == 128);

// The length of the code point that starts with `lead`; the text is valid UTF-8.
std::size_t length_of(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

std::string fold(std::string_view code_point) {
  for (const auto& [from, to] : kFolded)
    if (code_point == from) return std::string(to);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(code_point[i]); };
  if (code_point.size() == 2) {
    const unsigned value = (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU);
    if (value >= 0xC0 && value < 0x100) return std::string(1, kLatin1[value - 0xC0]);
    if (value >= 0x100 && value < 0x180) return std::string(1, kLatinA[value - 0x100]);
  }
  // Full-width digits, as East Asian text has them.
  if (code_point.size() == 3 && byte(0) == 0xEF && byte(1) == 0xBC && byte(2) >= 0x90 && byte(2) <= 0x99)
    return std::string(1, static_cast<char>('0' + byte(2) - 0x90));
  return " ";
}

// In capitals, but said as a word; the second is how it is written for the voice.
constexpr Pair kWords[] = {{"NASDAQ", "Nasdaq"},
                           {"OPEC", "Opec"},
                           {"NATO", "Nato"},
                           {"NASA", "Nasa"},
                           {"DAX", "dax"},
                           {"CAC", "cack"},
                           {"FTSE", "footsie"},
                           {"STOXX", "stocks"},
                           {"EBITDA", "ebit dah"},
                           {"REIT", "reet"},
                           {"COVID", "covid"},
                           {"AMEX", "amex"},
                           {"SPAC", "spack"},
                           {"BRICS", "bricks"},
                           {"LIBOR", "libor"},
                           {"NIKKEI", "Nikkei"},
                           {"NVIDIA", "envidia"},
                           {"Nvidia", "envidia"},
                           {"Ethereum", "ee theerium"},
                           {"Eurozone", "euro zone"},
                           {"eurozone", "euro zone"},
                           {"Huawei", "hwah way"},
                           {"Xi", "shee"},
                           {"YoY", "year over year"},
                           {"yoy", "year over year"},
                           {"QoQ", "quarter over quarter"},
                           {"qoq", "quarter over quarter"},
                           {"MoM", "month over month"},
                           {"bps", "basis points"},
                           {"pct", "percent"},
                           {"vs", "versus"}};

// Ordinary words that headlines put in capitals.
constexpr std::string_view kShouts[] = {"AND", "OR",   "THE",  "FOR", "OF",   "TO",  "IN",  "ON",   "NOT",   "NEW",
                                        "BUY", "SELL", "HOLD", "UP",  "DOWN", "NO",  "IS",  "ARE",  "WITH",  "FROM",
                                        "BY",  "AS",   "ALL",  "NOW", "JUST", "WHY", "HOW", "WHAT", "RISES", "FALLS"};

constexpr Pair kAbbreviations[] = {{"Inc", "Inc"},
                                   {"Corp", "Corp"},
                                   {"Ltd", "Limited"},
                                   {"Co", "Company"},
                                   {"Cos", "Companies"},
                                   {"vs", "versus"},
                                   {"approx", "approximately"},
                                   {"Mr", "Mister"},
                                   {"Mrs", "Misses"},
                                   {"Ms", "Miz"},
                                   {"Dr", "Doctor"},
                                   {"etc", "et cetera"},
                                   {"Sept", "September"}};

constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};

bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string spelled(std::string_view letters) {
  std::string out;
  for (const char letter : letters) {
    if (!out.empty()) out += ' ';
    out += letter;
  }
  return out;
}

// One part of a name: a word, or capitals to be spelled.
std::string spoken_part(std::string_view part) {
  for (const auto& [written, said] : kWords)
    if (part == written) return std::string(said);
  const bool capitals = std::ranges::all_of(part, upper);
  if (!capitals || part.size() == 1) return std::string(part);
  if (part.size() > 5 || std::ranges::find(kShouts, part) != std::end(kShouts)) return text::to_lower(part);
  return spelled(part);
}

// Where "OpenAI", "JPMorgan" and "SpaceX" fall into parts; "McDonald" does not.
bool parts_at(std::string_view word, std::size_t i) {
  if (!upper(word[i])) return false;
  const std::string_view before = word.substr(0, i);
  if (before.ends_with("Mc") || before.ends_with("Mac")) return false;
  if (lower(word[i - 1])) return true;
  return upper(word[i - 1]) && i + 1 < word.size() && lower(word[i + 1]);
}

}  // namespace

std::string to_plain_ascii(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = std::min(length_of(lead), utf8.size() - i);
    if (length > 1)
      out += fold(utf8.substr(i, length));
    else
      out += lead < 0x20 || lead >= 0x7F ? ' ' : utf8[i];
    i += length;
  }
  return out;
}

std::string spoken_word(std::string_view word, bool shouted) {
  if (shouted && word.size() > 1) {
    for (const auto& [written, said] : kWords)
      if (word == written) return std::string(said);
    return text::to_lower(word);
  }
  for (const auto& [written, said] : kWords)
    if (word == written) return std::string(said);
  std::string_view ending;  // 's, or the s of "ETFs"
  std::string_view stem = word;
  if (const std::size_t mark = word.find('\''); mark != std::string_view::npos) {
    stem = word.substr(0, mark);
    ending = word.substr(mark);
  } else if (word.size() >= 3 && word.ends_with('s') && std::ranges::all_of(word.substr(0, word.size() - 1), upper)) {
    stem.remove_suffix(1);
    ending = "'s";
  }
  std::string out;
  std::size_t start = 0;
  for (std::size_t i = 1; i <= stem.size(); ++i) {
    if (i < stem.size() && !parts_at(stem, i)) continue;
    if (!out.empty()) out += ' ';
    out += spoken_part(stem.substr(start, i - start));
    start = i;
  }
  return out.append(ending);
}

std::optional<std::string_view> abbreviation(std::string_view word) {
  for (const auto& [written, said] : kAbbreviations)
    if (word == written) return said;
  return std::nullopt;
}

bool is_month(std::string_view word) {
  return std::ranges::find(kMonths, word) != std::end(kMonths);
}

std::optional<std::string_view> month_name(std::string_view word) {
  for (const auto month : kMonths)
    if (word == month || (word.size() == 3 && month.starts_with(word)) || (word == "Sept" && month == "September"))
      return month;
  return std::nullopt;
}

std::string_view month_name(int month) {
  return kMonths[month - 1];
}

}  // namespace odeon::ai
