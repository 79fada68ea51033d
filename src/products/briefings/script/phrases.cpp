#include "products/briefings/script/phrases.hpp"

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/sentences.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono;
using Pool = std::string_view;

enum Wheel : std::size_t { opening, closing, first, plain, brief, again, linked, more, second, parting, wheels };

int hour_of(Instant when) {
  return static_cast<int>(hh_mm_ss(floor<minutes>(when - floor<days>(when))).hours().count());
}

std::string_view weekday_name(Instant when) {
  constexpr std::array<std::string_view, 7> names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
  return names[weekday(floor<days>(when)).c_encoding()];
}

std::string_view subject(Theme theme) {
  switch (theme) {
    case Theme::markets:
      return "the markets";
    case Theme::economy:
      return "the economy and interest rates";
    case Theme::companies:
      return "company news";
    case Theme::energy:
      return "energy and commodities";
    case Theme::technology:
      return "technology";
    case Theme::world:
      return "trade and world news";
  }
  return "other news";
}

// A sentence from a phrase; its first letter is a capital.
std::string fill(std::string_view phrase, std::string_view what, std::string_view who) {
  const auto at = phrase.find("{who}");
  std::string out(phrase.substr(0, at));
  if (at != Pool::npos) out += std::string(who) + std::string(phrase.substr(at + 5));
  const auto hole = phrase.find("{what}");
  if (hole != Pool::npos) {
    const std::size_t moved = at != Pool::npos && at < hole ? hole - 5 + who.size() : hole;
    out.replace(moved, 6, what);
  }
  if (out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 32);
  return out;
}

std::string without_stop(std::string_view sentence) {
  while (sentence.ends_with('.')) sentence.remove_suffix(1);
  return std::string(sentence);
}

}  // namespace

std::string_view part_of_day(Instant when) {
  const int hour = hour_of(when);
  return hour < 5 ? "night" : hour < 12 ? "morning" : hour < 17 ? "afternoon" : hour < 22 ? "evening" : "night";
}

std::string spoken_date(Instant when) {
  constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
  const year_month_day date{floor<days>(when)};
  return fmt::format("{}, {} {}", weekday_name(when), names[static_cast<unsigned>(date.month()) - 1],
                     static_cast<unsigned>(date.day()));
}

Phrases::Phrases(Instant now)
    : now_(now),
      seed_(static_cast<std::size_t>(duration_cast<hours>(now.time_since_epoch()).count() / 4)),
      turns_(wheels) {}

std::string_view Phrases::next(std::size_t wheel, std::span<const std::string_view> phrases, std::string_view outlet) {
  for (;;) {
    const auto phrase = phrases[(seed_ + turns_[wheel]++) % phrases.size()];
    // "The Energy Report reports" is hard on the ear.
    const bool echo = outlet.find("eport") != Pool::npos && phrase.find("report") != Pool::npos;
    if (!echo) return phrase;
  }
}

std::string Phrases::greeting() const {
  const auto part = part_of_day(now_);
  const std::string hello = part == "night" ? "Hello, and welcome" : fmt::format("Good {}", part);
  constexpr Pool forms[] = {"{}. It's {}, and this is your market briefing.",
                            "{}. Here is your market briefing for {}.", "{}. This is your market briefing for {}."};
  return fmt::format(fmt::runtime(forms[seed_ % std::size(forms)]), hello, spoken_date(now_));
}

std::string Phrases::dated(Instant latest) const {
  const auto year = [](Instant when) { return year_month_day(floor<days>(when)).year(); };
  const std::string then = spoken_date(latest);
  return year(latest) == year(now_)
             ? fmt::format("The latest reports we have are from {}.", then)
             : fmt::format("The latest reports we have are from {}, {}.", then, static_cast<int>(year(latest)));
}

std::string Phrases::headline(std::size_t place, std::string_view headline) {
  constexpr Pool lead[] = {"Our top story: {what}", "Leading the news: {what}", "The main headline: {what}"};
  constexpr Pool then[] = {"Also ahead: {what}", "Also making news: {what}", "We'll also hear about this: {what}"};
  constexpr Pool last[] = {"And: {what}", "And finally in the headlines: {what}", "And one more: {what}"};
  const auto pool = place == 0 ? std::span(lead) : place == 1 ? std::span(then) : std::span(last);
  return fill(pool[seed_ % pool.size()], headline, {});
}

std::string Phrases::section(Theme theme, std::size_t place, bool last) {
  constexpr Pool begin[] = {"We begin with {what}.", "Let's start with {what}.", "First, a look at {what}."};
  constexpr Pool go_on[] = {"Let's turn to {what}.", "Next, we look at {what}.", "Now for {what}.",
                            "We move on to {what}."};
  constexpr Pool end[] = {"Finally, we turn to {what}.", "And last, a look at {what}."};
  if (place == 0) return fill(next(opening, begin), subject(theme), {});
  if (last && place > 1) return fill(next(closing, end), subject(theme), {});
  return fill(next(opening, go_on), subject(theme), {});
}

std::string Phrases::lead(std::string_view sentence, std::string_view outlet, bool same_outlet, std::size_t place) {
  constexpr Pool whole[] = {"From {who}: {what}", "{who} has this: {what}", "This comes from {who}: {what}"};
  constexpr Pool before[] = {"According to {who}, {what}", "{who} reports that {what}", "{who} says that {what}"};
  constexpr Pool after[] = {"{what}, {who} reports.", "{what}, according to {who}.", "{what}, writes {who}."};
  constexpr Pool also[] = {"{who} also reports that {what}", "{who} also has this: {what}", "Also from {who}: {what}"};
  constexpr Pool joined[] = {"Meanwhile, {what}", "Elsewhere, {what}"};

  const std::string flowing = continued(sentence);
  const std::size_t words = words_of(sentence).size();
  const bool ends_plainly = sentence.ends_with('.') && sentence.find('"') == std::string_view::npos;
  if (same_outlet) {
    const auto phrase = next(again, also, outlet);
    return fill(phrase, phrase.find(": ") == Pool::npos ? flowing : sentence, outlet);
  }
  // A long sentence, or one that names another source at its end, takes its own source in front.
  if (words > 30) return fill(next(plain, whole), sentence, outlet);
  const bool behind = ends_plainly && words < 24 && !is_attributed(sentence) && place % 2 == 1;
  if (!behind) return fill(next(brief, before, outlet), flowing, outlet);
  const std::string attributed = fill(next(first, after, outlet), without_stop(sentence), outlet);
  return place > 0 && place % 3 == 0 ? fill(next(linked, joined), continued(attributed), {}) : attributed;
}

std::string Phrases::addition(std::string_view sentence, std::string_view outlet) {
  constexpr Pool adding[] = {"{who} adds that {what}", "And from {who}, we hear that {what}"};
  return fill(next(more, adding), continued(sentence), outlet);
}

std::string Phrases::seconded(std::string_view outlet) {
  constexpr Pool seconding[] = {"{who} has the story too.", "{who} also carries that report.",
                                "That is also in {who}."};
  return fill(next(second, seconding, outlet), {}, outlet);
}

std::string Phrases::farewell() const {
  const auto part = part_of_day(now_);
  return part == "night" ? std::string("That's your market briefing for tonight.")
                         : fmt::format("That's your market briefing for this {} {}.", weekday_name(now_), part);
}

std::string Phrases::thanks() {
  constexpr Pool thanking[] = {"Thanks for listening, and join us again for the next update.",
                               "Thank you for listening. We'll be back with the next update.",
                               "Thanks for your time, and until the next update."};
  return std::string(next(parting, thanking));
}

std::string_view heading(Theme theme) {
  switch (theme) {
    case Theme::markets:
      return "Markets";
    case Theme::economy:
      return "Economy and rates";
    case Theme::companies:
      return "Companies";
    case Theme::energy:
      return "Energy and commodities";
    case Theme::technology:
      return "Technology";
    case Theme::world:
      return "World";
  }
  return "News";
}

std::string outlet_name(std::string_view feed_title) {
  const std::string plain = plain_punctuation(feed_title);
  std::string_view name = plain;
  for (std::string_view separator : {" | ", " - ", " -- ", ": ", " / ", " (", " :: "})
    if (const auto at = name.find(separator); at != std::string_view::npos && at > 2) name = name.substr(0, at);
  for (std::string_view ending : {" RSS", " Feed", " feed", " Atom", " RSS Feed"})
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  std::string clean;
  for (char c : text::prefix(text::trim(name), 60))
    if (std::string_view("@#[]{}|<>*_=\\^~`()\"").find(c) == std::string_view::npos) clean += c;
  clean = text::collapse_spaces(clean);
  while (clean.ends_with('.') || clean.ends_with(',') || clean.ends_with(' ')) clean.pop_back();
  clean = text::replace_all(clean, " & ", " and ");
  if (text::equals_ignoring_case(clean.substr(0, 4), "the ")) clean.erase(0, 4), clean.insert(0, "the ");
  for (std::string_view paper : {" Journal", " Times", " Post", " Report", " Herald", " Gazette", " Tribune",
                                 " Chronicle", " Review", " Observer", " Telegraph", " Monitor", " Mail", " Standard"})
    if (clean.ends_with(paper) && !clean.starts_with("the ")) clean.insert(0, "the ");
  const bool address = clean.find("www.") != std::string::npos || clean.find("://") != std::string::npos;
  return clean.empty() || address ? std::string("one of our sources") : clean;
}

}  // namespace odeon::briefings
