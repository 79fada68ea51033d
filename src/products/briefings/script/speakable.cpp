// How a written sentence becomes a spoken one.
#include <regex>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/figures.hpp"
#include "products/briefings/script/sentences.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kFewestWords = 4, kMostWords = 42, kMostBytes = 340;

struct Rewrite {
  std::string_view trigger;  // occurs in whatever the pattern matches: a cheap look before a dear one
  std::regex pattern;
  std::string by;
};

// "$1.5bn" is "1.5 billion dollars", "a $2 billion deal" is "a 2 billion dollar deal".
void add_money(std::vector<Rewrite>& list) {
  struct Currency {
    std::string_view sign;
    std::string pattern, one, many;
  };
  const Currency currencies[] = {{"$", R"((?:US)?\$)", " dollar ", " dollars"},
                                 {"\u00A3", "\u00A3", " pound ", " pounds"},
                                 {"\u20AC", "\u20AC", " euro ", " euros"}};
  const std::pair<std::string, std::string> scales[] = {
      {"(?:bn|b|billion)", " billion"}, {"(?:mn|mln|m|million)", " million"}, {"(?:tn|trillion)", " trillion"}};
  for (const auto& currency : currencies)
    for (const auto& [scale, name] : scales) {
      const std::string amount = currency.pattern + R"(([0-9][0-9,]*(?:\.[0-9]+)?)[ -]?)" + scale;
      list.push_back({currency.sign, std::regex(R"(\b(an?|its|their|his|her|the) )" + amount + "[ -](?=[a-z])"),
                      "$1 $2" + name + currency.one});
      list.push_back({currency.sign, std::regex(amount + R"((?![A-Za-z]))"), "$1" + name + currency.many});
    }
}

// In order. Sentences are short by now, so that the regular expressions stay cheap.
const std::vector<Rewrite>& rewrites() {
  static const std::vector<Rewrite> list = [] {
    std::vector<Rewrite> made;
    const auto add = [&](std::string_view trigger, const char* pattern, std::string by) {
      made.push_back({trigger, std::regex(pattern), std::move(by)});
    };
    // "LONDON (Wire) - ", "NEW YORK, Nov. 19 -- "
    add("- ", R"(^[A-Z]{3,}[A-Z]*[A-Za-z0-9 .,]{0,30}(\([A-Za-z ]{1,30}\))? (-|--) )", "");
    add("(", R"( ?\([^()]{0,80}\))", "");
    add(".", R"(,? (Inc|Corp|Ltd|Co)\.(?=[ ,]))", "");
    add_money(made);
    add("bn", R"(([0-9]) ?bn\b)", "$1 billion");
    add("mn", R"(([0-9]) ?mn\b)", "$1 million");
    add("tn", R"(([0-9]) ?tn\b)", "$1 trillion");
    add("bp", R"(([0-9]) ?bps?\b)", "$1 basis points");
    add("-", R"(([0-9])-([0-9.]+ ?(%|percent|per cent)))", "$1 to $2");
    add("%", R"(([0-9]) ?%)", "$1 percent");
    add("pct", R"(([0-9]) ?pct\b)", "$1 percent");
    add("per cent", R"(([0-9]) ?per cent\b)", "$1 percent");
    add("+", R"((^|[ ,])[+](?=[0-9]))", "$1");
    add("Q3", R"(\bin Q3\b)", "in the third quarter");
    add("Q3", R"(\bQ3 (?=[a-z]))", "third-quarter ");
    add("Q4", R"(\bin Q4\b)", "in the fourth quarter");
    add("Q4", R"(\bQ4 (?=[a-z]))", "fourth-quarter ");
    add("vs", R"(\bvs\.?(?= ))", "versus");
    for (std::string_view month : {"January", "February", "August", "September", "October", "November", "December"})
      made.push_back({month.substr(0, 3), std::regex(R"(\b)" + std::string(month.substr(0, 3)) + R"(t?\.? (?=[0-9]))"),
                      std::string(month) + " "});
    add("&", " & ", " and ");
    add("-", " --? |--", ", ");
    add(" ", R"( ([,.;:!?]))", "$1");
    add(",,", ",+", ",");
    return made;
  }();
  return list;
}

// Money of a country that has no name here: "A$5".
bool has_odd_currency(std::string_view written) {
  static const std::regex odd(R"([A-RT-Za-z]\$|[^U]S\$)");
  return written.find('$') != std::string_view::npos && std::regex_search(std::string(written), odd);
}

bool unfit_for_the_ear(std::string_view sentence) {
  if (sentence.find_first_of("@#[]{}|<>*_=\\^~`()") != std::string_view::npos) return true;
  const std::string lower = text::to_lower(sentence);
  for (std::string_view part : {"http:", "https:", "www.", ".com", ".org", ".net", "...", "://", "&amp", "&#"})
    if (lower.find(part) != std::string::npos) return true;
  return std::ranges::count(sentence, '"') % 2 != 0;
}

bool is_shouted(std::string_view sentence) {
  const auto large = std::ranges::count_if(sentence, [](char c) { return c >= 'A' && c <= 'Z'; });
  const auto small = std::ranges::count_if(sentence, [](char c) { return c >= 'a' && c <= 'z'; });
  return large > small;
}

bool is_whole(std::string_view sentence) {
  const char first = sentence.front();
  const bool starts = (first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9') || first == '"' ||
                      static_cast<std::uint8_t>(first) >= 0x80;
  while (sentence.ends_with('"') || sentence.ends_with('\'')) sentence.remove_suffix(1);
  if (!starts || !(sentence.ends_with('.') || sentence.ends_with('!'))) return false;
  const auto words = words_of(sentence);
  return words.size() >= kFewestWords && words.size() <= kMostWords && std::ranges::any_of(words, is_verb);
}

bool says_the_same_figures(std::string_view spoken, std::string_view written) {
  const auto before = figures(written);
  return std::ranges::all_of(figures(spoken),
                             [&](const auto& figure) { return std::ranges::find(before, figure) != before.end(); });
}

// "Shares fall - Meridian Wire", "UPDATE 2-Shares fall", "Breaking: shares fall"
std::string bare_headline(std::string_view title) {
  static const std::regex before(
      R"(^(update [0-9]+ ?-|(breaking|live|exclusive|just in|watch|opinion|analysis|explainer|updated?|corrected)( news)?[:|] *))",
      std::regex::icase);
  static const std::regex after(R"( (\||-|--) [A-Z][^|,]{2,30}$)");
  const std::string clean = std::regex_replace(plain_punctuation(title), before, "");
  return std::regex_replace(clean, after, "");
}

}  // namespace

std::optional<std::string> speakable(std::string_view sentence) {
  if (sentence.empty() || sentence.size() > kMostBytes || is_boilerplate(sentence)) return std::nullopt;
  const std::string written = text::collapse_spaces(plain_punctuation(sentence));
  if (has_odd_currency(written)) return std::nullopt;
  std::string spoken = written;
  for (const auto& [trigger, pattern, by] : rewrites())
    if (spoken.find(trigger) != std::string::npos) spoken = std::regex_replace(spoken, pattern, by);
  spoken = text::collapse_spaces(spoken);
  if (spoken.empty() || unfit_for_the_ear(spoken) || is_shouted(spoken) || !is_whole(spoken)) return std::nullopt;
  if (!says_the_same_figures(spoken, written)) return std::nullopt;
  return spoken;
}

std::optional<std::string> speakable_headline(std::string_view title) {
  if (title.size() > kMostBytes) return std::nullopt;
  std::string headline(text::trim(bare_headline(title)));
  if (headline.empty() || headline.ends_with('?') || headline.ends_with("...")) return std::nullopt;
  const auto words = words_of(headline);
  for (std::string_view teaser : {"why", "how", "what", "here's", "here", "watch", "when", "where", "who"})
    if (!words.empty() && words.front() == teaser) return std::nullopt;
  headline.front() =
      headline.front() >= 'a' && headline.front() <= 'z' ? static_cast<char>(headline.front() - 32) : headline.front();
  if (!headline.ends_with('.') && !headline.ends_with('!')) headline += '.';
  return speakable(headline);
}

}  // namespace odeon::briefings
