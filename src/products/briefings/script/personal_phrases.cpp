#include "products/briefings/script/personal_phrases.hpp"

#include "base/text.hpp"
#include "products/briefings/script/phrases.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kTitled = 4;  // tickers that a title names

std::string and_percent(const Spoken& spoken) {
  return spoken.percent.empty() ? spoken.amount : fmt::format("{}, or {},", spoken.amount, spoken.percent);
}

// Without the comma that would stand before a full stop.
std::string ended(std::string sentence) {
  while (sentence.ends_with(',')) sentence.pop_back();
  return sentence + ".";
}

}  // namespace

std::size_t PersonalPhrases::seed(Instant local) {
  return static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::hours>(local.time_since_epoch()).count());
}

std::string PersonalPhrases::greeting(std::string_view first_name) const {
  const auto part = part_of_day(local_);
  std::string hello = part == "night" ? "Hello" : fmt::format("Good {}", part);
  if (!first_name.empty()) hello += fmt::format(", {}", first_name);
  if (part == "night") hello += ", and welcome";
  constexpr std::string_view forms[] = {"{}. It's {}, and this is your personal market briefing.",
                                        "{}. Here is your personal market briefing for {}.",
                                        "{}. This is your own market briefing for {}."};
  return fmt::format(fmt::runtime(forms[seed(local_) % std::size(forms)]), hello, spoken_date(local_));
}

std::string PersonalPhrases::stocks(std::string_view focus) const {
  const std::string_view what = focus == "holdings" ? "holdings" : focus == "watchlist" ? "watchlist" : "stocks";
  constexpr std::string_view forms[] = {"We begin with your {}, compared with the previous close.",
                                        "First, your {}, measured against the previous close.",
                                        "Let's start with your {}, and how they compare with the previous close."};
  std::string said = fmt::format(fmt::runtime(forms[seed(local_) % std::size(forms)]), what);
  return what == "watchlist" ? text::replace_all(std::move(said), "they compare", "it compares") : said;
}

std::string PersonalPhrases::moved(const PositionFacts& position) {
  constexpr std::string_view up[] = {"{} is up {}", "{} has gained {}", "{} has risen {}", "{} is {} higher"};
  constexpr std::string_view down[] = {"{} is down {}", "{} has lost {}", "{} has fallen {}", "{} is {} lower"};
  constexpr std::string_view flat[] = {"{} is little changed", "{} has hardly moved"};
  if (!position.compared) return fmt::format("{} is at {}.", position.company, position.price);
  std::string said;
  const Spoken& change = position.change;
  if (change.direction != 0) {
    const auto& forms = change.direction > 0 ? up : down;
    said = fmt::format(fmt::runtime(forms[turn_++ % std::size(up)]), position.company, change.percent);
  } else {
    said = fmt::format(fmt::runtime(flat[turn_++ % std::size(flat)]), position.company);
  }
  return fmt::format("{}, at {}.", said, position.price);
}

std::string PersonalPhrases::holding(const PositionFacts& position) {
  if (position.value.empty()) return {};
  std::string said = fmt::format("Your {} {} worth {}", position.shares,
                                 position.shares.ends_with("share") ? "is" : "are", position.value);
  const Spoken& result = position.result;
  if (result.direction == 0) return said + ".";
  const char* gain = result.direction > 0 ? "gain" : "loss";
  return fmt::format("{}, a {} of {} on what you paid.", said, gain, and_percent(result));
}

std::string PersonalPhrases::total(const PersonalFacts& facts) {
  const std::string said = fmt::format("Together, all that you hold is worth about {}", facts.value);
  if (facts.day.direction == 0) return said + ".";
  return ended(fmt::format("{}, {} {}", said, facts.day.direction > 0 ? "up" : "down", and_percent(facts.day)));
}

std::string PersonalPhrases::result(const PersonalFacts& facts) {
  if (facts.result.direction == 0) return {};
  return fmt::format("That is a {} of {} on what you paid.", facts.result.direction > 0 ? "gain" : "loss",
                     and_percent(facts.result));
}

std::string PersonalPhrases::without_price(std::vector<std::string> companies) {
  const std::string last = std::move(companies.back());
  companies.pop_back();
  const std::string first = companies.empty() ? "" : text::join(companies, ", ") + " or ";
  return fmt::format("There is no current price for {}{}.", first, last);
}

std::string PersonalPhrases::news() const {
  constexpr std::string_view forms[] = {"Now, the news about your stocks.", "Here is the news that names your stocks.",
                                        "On to the news about your stocks."};
  return std::string(forms[seed(local_) % std::size(forms)]);
}

std::string PersonalPhrases::sectors() const {
  constexpr std::string_view forms[] = {"Next, news from your sectors.", "Let's look at the sectors of your stocks.",
                                        "Now to the sectors of your stocks."};
  return std::string(forms[seed(local_) % std::size(forms)]);
}

std::string personal_title(Instant local, const std::vector<std::string>& tickers) {
  const std::string edition = edition_title(local);
  std::string title = "Your Briefing" + edition.substr(edition.find(" - "));
  for (std::size_t i = 0; i < std::min(kTitled, tickers.size()); ++i) title += (i == 0 ? ": " : ", ") + tickers[i];
  return tickers.size() > kTitled ? title + " and more" : title;
}

}  // namespace odeon::briefings
