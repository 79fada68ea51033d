#include <charconv>
#include <unordered_map>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"

namespace odeon::briefings {
namespace {

// Names of U+00A0 to U+00FF, in order.
constexpr std::array<std::string_view, 96> kLatin{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",
    "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",
    "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",
    "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",
    "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute",
    "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
    "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
    "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

constexpr std::pair<std::string_view, char32_t> kOthers[] = {
    {"quot", '"'},      {"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"apos", '\''},
    {"num", '#'},       {"dollar", '$'},    {"percnt", '%'},    {"lpar", '('},      {"rpar", ')'},
    {"comma", ','},     {"period", '.'},    {"colon", ':'},     {"semi", ';'},      {"excl", '!'},
    {"quest", '?'},     {"sol", '/'},       {"lsqb", '['},      {"rsqb", ']'},      {"Tab", '\t'},
    {"NewLine", '\n'},  {"OElig", 0x152},   {"oelig", 0x153},   {"Scaron", 0x160},  {"scaron", 0x161},
    {"Zcaron", 0x17D},  {"zcaron", 0x17E},  {"Ccaron", 0x10C},  {"ccaron", 0x10D},  {"Lstrok", 0x141},
    {"lstrok", 0x142},  {"Sacute", 0x15A},  {"sacute", 0x15B},  {"Yuml", 0x178},    {"fnof", 0x192},
    {"circ", 0x2C6},    {"tilde", 0x2DC},   {"alpha", 0x3B1},   {"beta", 0x3B2},    {"gamma", 0x3B3},
    {"delta", 0x3B4},   {"Delta", 0x394},   {"mu", 0x3BC},      {"pi", 0x3C0},      {"sigma", 0x3C3},
    {"omega", 0x3C9},   {"Omega", 0x3A9},   {"ensp", 0x2002},   {"emsp", 0x2003},   {"thinsp", 0x2009},
    {"hairsp", 0x200A}, {"zwnj", 0x200C},   {"zwj", 0x200D},    {"lrm", 0x200E},    {"rlm", 0x200F},
    {"hyphen", 0x2010}, {"ndash", 0x2013},  {"mdash", 0x2014},  {"horbar", 0x2015}, {"lsquo", 0x2018},
    {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"bdquo", 0x201E},
    {"dagger", 0x2020}, {"Dagger", 0x2021}, {"bull", 0x2022},   {"hellip", 0x2026}, {"mldr", 0x2026},
    {"permil", 0x2030}, {"prime", 0x2032},  {"Prime", 0x2033},  {"lsaquo", 0x2039}, {"rsaquo", 0x203A},
    {"euro", 0x20AC},   {"trade", 0x2122},  {"larr", 0x2190},   {"uarr", 0x2191},   {"rarr", 0x2192},
    {"darr", 0x2193},   {"harr", 0x2194},   {"minus", 0x2212},  {"infin", 0x221E},  {"asymp", 0x2248},
    {"ne", 0x2260},     {"le", 0x2264},     {"ge", 0x2265},     {"frac13", 0x2153}, {"frac23", 0x2154},
    {"nbsp", 0xA0},     {"rsquor", 0x2019}, {"ldquor", 0x201E}, {"half", 0xBD},     {"check", 0x2713}};

constexpr std::size_t kLongestReference = 12;

const std::unordered_map<std::string_view, char32_t>& names() {
  static const auto table = [] {
    std::unordered_map<std::string_view, char32_t> made(std::begin(kOthers), std::end(kOthers));
    for (std::size_t i = 0; i < kLatin.size(); ++i) made.emplace(kLatin[i], static_cast<char32_t>(0xA0 + i));
    return made;
  }();
  return table;
}

// Numbers 0x80–0x9F are meant as Windows-1252 by those who write them; the common ones.
char32_t meant(char32_t c) {
  switch (c) {
    case 0x80:
      return 0x20AC;
    case 0x85:
      return 0x2026;
    case 0x91:
      return 0x2018;
    case 0x92:
      return 0x2019;
    case 0x93:
      return 0x201C;
    case 0x94:
      return 0x201D;
    case 0x96:
      return 0x2013;
    case 0x97:
      return 0x2014;
    default:
      return c;
  }
}

std::optional<char32_t> referred(std::string_view name) {
  if (!name.starts_with('#')) {
    const auto found = names().find(name);
    return found == names().end() ? std::nullopt : std::optional(found->second);
  }
  name.remove_prefix(1);
  int base = 10;
  if (name.starts_with('x') || name.starts_with('X')) {
    base = 16;
    name.remove_prefix(1);
  }
  std::uint32_t number = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number, base);
  if (name.empty() || fault != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return meant(number);
}

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto at = text.find('&');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const auto end = text.substr(0, kLongestReference).find(';');
    const auto c = end == std::string_view::npos ? std::nullopt : referred(text.substr(1, end - 1));
    if (c)
      text::append_code_point(out, *c);
    else
      out += '&';
    text.remove_prefix(c ? end + 1 : 1);
  }
  return out;
}

}  // namespace odeon::briefings
