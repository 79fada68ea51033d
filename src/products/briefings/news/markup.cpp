#include "products/briefings/news/markup.hpp"

#include "base/text.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

// Elements whose text is not part of the article.
bool is_silent(std::string_view name) {
  return is_one_of(name, {"script", "style", "noscript", "figcaption", "figure", "iframe", "svg", "template", "title",
                          "textarea", "select", "button", "table", "pre"});
}

bool is_inline(std::string_view name) {
  return is_one_of(name, {"a", "abbr", "b",     "cite", "code",   "em",  "font", "i",    "img", "ins", "mark",
                          "q", "s",    "small", "span", "strong", "sub", "sup",  "time", "u",   "wbr"});
}

struct Tag {
  std::string name;  // in lower case; empty for comments and declarations
  bool closing = false;
};

// Takes the tag at the front of `html`, which starts with '<' and is shortened by it. Reads on to the
// end when the tag never closes.
Tag take_tag(std::string_view& html) {
  if (html.starts_with("<!--")) {
    const auto end = html.find("-->", 4);
    html.remove_prefix(end == std::string_view::npos ? html.size() : end + 3);
    return {};
  }
  Tag tag;
  std::size_t i = 1;
  if (i < html.size() && html[i] == '/') {
    tag.closing = true;
    ++i;
  }
  const std::size_t name = i;
  while (i < html.size() && std::string_view(" \t\r\n/>").find(html[i]) == std::string_view::npos) ++i;
  tag.name = text::to_lower(html.substr(name, i - name));
  char quote = 0, before = 0;
  for (; i < html.size(); ++i) {
    const char c = html[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && before == '=') {
      quote = c;
    } else if (c == '>') {
      break;
    }
    before = c;
  }
  html.remove_prefix(std::min(html.size(), i + 1));
  return tag;
}

bool starts_tag(std::string_view html) {
  if (html.size() < 2 || html[0] != '<') return false;
  const char next = html[1];
  return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?';
}

// Leaves out everything up to the end tag of `name`.
void skip_element(std::string_view& html, std::string_view name) {
  while (!html.empty()) {
    const auto at = html.find("</");
    html.remove_prefix(at == std::string_view::npos ? html.size() : at);
    if (html.size() < 2) return;
    const bool ours = text::equals_ignoring_case(html.substr(2, name.size()), name);
    if (ours) {
      take_tag(html);
      return;
    }
    html.remove_prefix(2);
  }
}

// What stands for a code point in spoken text: itself, a space, or nothing.
enum class Kind { letter, space, nothing };
Kind kind_of(char32_t c) {
  if (c == ' ' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
      c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000)
    return Kind::space;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
      (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0xFFFD || c == 0xFFFC)
    return Kind::nothing;
  return Kind::letter;
}

char32_t take_code_point(std::string_view& utf8) {
  const auto first = static_cast<std::uint8_t>(utf8.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t c = size == 1 ? first : first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) c = (c << 6) | (static_cast<std::uint8_t>(utf8[i]) & 0x3F);
  utf8.remove_prefix(size);
  return c;
}

}  // namespace

std::string tidy(std::string_view utf8) {
  const std::string valid = text::to_valid_utf8(utf8);
  std::string out;
  bool gap = false, line = false;
  for (std::string_view rest = valid; !rest.empty();) {
    const char32_t c = take_code_point(rest);
    if (c == '\n') {
      line = true;
    } else if (kind_of(c) == Kind::space) {
      gap = true;
    } else if (kind_of(c) == Kind::letter) {
      if (!out.empty() && (line || gap)) out += line ? '\n' : ' ';
      gap = line = false;
      text::append_code_point(out, c);
    }
  }
  return out;
}

std::string plain_punctuation(std::string_view utf8) {
  constexpr std::pair<std::string_view, std::string_view> plain[] = {
      {"\u2018", "'"},  {"\u2019", "'"}, {"\u201A", "'"},   {"\u201B", "'"}, {"\u201C", "\""}, {"\u201D", "\""},
      {"\u201E", "\""}, {"\u2010", "-"}, {"\u2011", "-"},   {"\u2012", "-"}, {"\u2013", "-"},  {"\u2014", "--"},
      {"\u2015", "--"}, {"\u2212", "-"}, {"\u2026", "..."}, {"\u2032", "'"}, {"\u2033", "\""}};
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto* found = utf8[i] == '\xE2'
                            ? std::ranges::find(plain, utf8.substr(i, 3), [](const auto& p) { return p.first; })
                            : std::end(plain);
    if (found == std::end(plain)) {
      out += utf8[i++];
    } else {
      out += found->second;
      i += found->first.size();
    }
  }
  return out;
}

std::string plain_text(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const auto at = html.find('<');
    // Line ends of the source are spaces; lines come from blocks.
    out += text::replace_all(decode_entities(html.substr(0, at)), "\n", " ");
    if (at == std::string_view::npos) break;
    html.remove_prefix(at);
    if (!starts_tag(html)) {
      out += '<';
      html.remove_prefix(1);
      continue;
    }
    const Tag tag = take_tag(html);
    if (!tag.closing && is_silent(tag.name))
      skip_element(html, tag.name);
    else if (tag.name == "br")
      out += ' ';
    else if (!tag.name.empty() && !is_inline(tag.name))
      out += '\n';
  }
  return tidy(out);
}

}  // namespace odeon::briefings
