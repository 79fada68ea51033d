#include <algorithm>
#include <array>

#include "engine/ai/reasoning_signs.hpp"

namespace odeon::ai {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What a line is.
struct LineShape {
  bool step = false;       // "2. …", "3) …", "4、…"
  bool statement = false;  // ends as programs do, or begins as they do
};

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

LineShape line_of(std::string_view line) {
  line = trimmed(line);
  LineShape found;
  std::size_t digits = 0;
  while (digits < line.size() && digits < 3 && is_digit(line[digits])) ++digits;
  const std::string_view after = line.substr(digits);
  found.step = digits > 0 && (after.starts_with(". ") || after.starts_with(") ") || after.starts_with("、") ||
                              after.starts_with("．"));
  static constexpr std::array<std::string_view, 16> beginnings{
      "#include", "import ", "def ", "class ",  "function ", "return ", "public ", "private ",
      "const ",   "let ",    "var ", "SELECT ", "INSERT ",   "UPDATE ", "fn ",     "template"};
  const bool begins = std::ranges::any_of(beginnings, [&](auto word) { return line.starts_with(word); });
  const bool ends = line.ends_with(";") || line.ends_with("{") || line.ends_with("}") || line.ends_with("):") ||
                    line.ends_with("=>") || line.ends_with("});");
  // A sentence may begin with "return" or end in a semicolon; not both, nor with brackets beside it.
  found.statement = ends ? begins || line.find_first_of("(){}=<>") != std::string_view::npos
                         : begins && line.find_first_of("(){}=<>*") != std::string_view::npos;
  return found;
}

// Powers (x^2), LaTeX, and signs that only mathematics has.
bool is_maths(std::string_view text, std::size_t at) {
  const char c = text[at];
  const auto near = [&](std::size_t place) { return place < text.size() ? text[place] : '\0'; };
  const auto term = [&](char x) { return is_digit(x) || is_letter(x) || x == ')' || x == '('; };
  if (c == '^') return at > 0 && term(text[at - 1]) && (term(near(at + 1)) || near(at + 1) == '{');
  if (c == '\\') {
    static constexpr std::array<std::string_view, 9> commands{"\\frac", "\\sum",   "\\int",    "\\sqrt", "\\begin{",
                                                              "\\lim",  "\\alpha", "\\forall", "\\prod"};
    return std::ranges::any_of(commands, [&](auto command) { return text.substr(at).starts_with(command); });
  }
  // U+2200 to U+223F: sums, integrals, roots, quantifiers; but minus, and what prose has as a dot, a star or "about".
  static constexpr std::string_view plain = "\x92\x97\x99\xBC";
  return c == '\xE2' && near(at + 1) == '\x88' && at + 2 < text.size() && !plain.contains(text[at + 2]);
}

}  // namespace

Shapes shapes_of(std::string_view text) {
  Shapes found;
  int statements = 0;
  std::size_t line = 0;
  const auto end_line = [&](std::size_t end) {
    const LineShape what = line_of(text.substr(line, end - line));
    found.steps += what.step ? 1 : 0;
    statements += what.statement ? 1 : 0;
    line = end + 1;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '\n':
        end_line(at);
        break;
      case '?':
        ++found.questions;
        break;
      case '`':
        found.code = found.code || text.substr(at).starts_with("```");
        break;
      case '^':
      case '\\':
      case '\xE2':
        found.maths = found.maths || is_maths(text, at);
        break;
      case '\xEF':
        found.questions += text.substr(at).starts_with("？") ? 1 : 0;
        break;
      case '\xD8':
        found.questions += text.substr(at).starts_with("؟") ? 1 : 0;
        break;
      default:
        break;
    }
  }
  if (line < text.size()) end_line(text.size());
  found.code = found.code || statements >= 2;
  return found;
}

}  // namespace odeon::ai
