// The stories of one person, apart from those of everybody.
#include <set>

#include "base/text.hpp"
#include "products/briefings/news/interest.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

constexpr double kTitle = 3, kTagged = 2, kSummary = 1.5;  // how close a story is to a stock it names there
constexpr std::size_t kSectorStories = 5;                  // unless the sectors are what was asked for
constexpr double kCrowding = 1.2, kFocused = 2, kPriorityWeight = 0.3;

struct Sector {
  std::string_view names;  // in lower case, separated by bars
  std::set<std::string> words;
};

const std::vector<Sector>& sectors() {
  static const std::vector<Sector> list{
      {"technology|information technology|software",
       topics_of("software cloud AI artificial app phone smartphone computing cyber cybersecurity quantum technology")},
      {"semiconductors|semiconductor", topics_of("chip chips chipmaker chipmakers semiconductor memory data-centre")},
      {"communication services|telecommunications|media",
       topics_of("networks telecom media streaming advertising broadband satellite television")},
      {"consumer discretionary|consumer cyclical|retail",
       topics_of("carmaker retailer retailers retail hotel luxury travel travellers shoppers fashion restaurants")},
      {"consumer staples|consumer defensive|food",
       topics_of("food grocer grocery supermarket coffee cocoa drinks household grain wheat")},
      {"financials|financial services|banks",
       topics_of("bank banks lender lenders insurer insurers insurance credit pension brokers mortgage")},
      {"health care|healthcare|pharmaceuticals|biotechnology",
       topics_of("drug drugmaker medicine medicines trial health hospital hospitals vaccine patients")},
      {"industrials|transport",
       topics_of("factory machinery shipping freight airline airlines port robotics robots manufacturing aerospace")},
      {"energy|oil and gas", topics_of("oil crude Brent OPEC gas solar refinery pipeline barrels wind LNG")},
      {"materials|basic materials|mining",
       topics_of("copper gold silver zinc lithium mining miners mine steel metals aluminium")},
      {"utilities", topics_of("power grid electricity utility utilities water")},
      {"real estate", topics_of("house housing homebuilders builders property mortgage rents homes")}};
  return list;
}

std::set<std::string> words_of_sector(std::string_view sector) {
  const std::string wanted = text::to_lower(text::trim(sector));
  for (const auto& [names, words] : sectors())
    for (auto name : text::split(names, '|'))
      if (name == wanted) return words;
  if (wanted == "index funds" || wanted == "etf") return {};
  return topics_of(wanted);
}

bool is_about(const Article& article, const std::set<std::string>& words) {
  const auto shared = [&](const std::set<std::string>& topics) {
    return std::ranges::count_if(words, [&](const auto& word) { return topics.contains(word); });
  };
  return shared(topics_of(article.title)) >= 1 || shared(topics_of(text::prefix(article.summary, 400))) >= 2;
}

// A story, read for names once.
struct Read {
  struct Part {
    Mentions title, summary;
    const Article* article;
  };
  explicit Read(const Story& from) : story(&from) {
    for (const auto& article : from.articles)
      parts.push_back({Mentions(article.title), Mentions(article.summary), &article});
  }
  const Story* story;
  std::vector<Part> parts;
};

double closeness(const Interest& interest, const Read& read) {
  double close = 0;
  for (const auto& [title, summary, article] : read.parts) {
    if (interest.named_in(title)) return kTitle;
    const auto& tags = article->tickers;
    if (tags && std::ranges::find(*tags, interest.ticker()) != tags->end()) close = kTagged;
    if (close < kSummary && interest.named_in(summary)) close = kSummary;
  }
  return close;
}

// A story that names stocks: how much it matters, and which they are.
struct Named {
  const Story* story = nullptr;
  double worth = 0;
  std::vector<std::size_t> positions;
};

std::optional<Named> named_holding(const Story& story, const std::vector<Interest>& interests,
                                   const PersonalBrief& brief) {
  const Read read(story);
  Named found{.story = &story};
  for (std::size_t i = 0; i < interests.size(); ++i) {
    const double close = closeness(interests[i], read);
    if (close == 0) continue;
    const Position& position = brief.positions[i];
    const bool held = position.shares && *position.shares > 0;
    const bool focused = (brief.focus == "holdings" && held) || (brief.focus == "watchlist" && !held);
    found.positions.push_back(i);
    found.worth = std::max(
        found.worth, close + (focused ? kFocused : 0) + kPriorityWeight * (5 - std::clamp(position.priority, 1, 10)));
  }
  if (found.positions.empty()) return std::nullopt;
  found.worth += story.score;
  return found;
}

}  // namespace

bool concerns_sector(const Article& article, std::string_view sector) {
  return is_about(article, words_of_sector(sector));
}

Picked pick(const std::vector<Story>& stories, const PersonalBrief& brief) {
  std::vector<Interest> interests;
  std::set<std::set<std::string>> sectors;
  for (const auto& position : brief.positions) {
    interests.emplace_back(position.quote);
    if (!position.quote.sector.empty()) sectors.insert(words_of_sector(position.quote.sector));
  }
  const std::size_t most = brief.focus == "sectors" ? stories.size() : kSectorStories;
  Picked picked;
  std::vector<Named> left;
  for (const auto& story : stories) {
    const auto about = [&](const auto& words) { return is_about(story.articles.front(), words); };
    if (auto found = named_holding(story, interests, brief))
      left.push_back(std::move(*found));
    else if (picked.sector.size() < most && std::ranges::any_of(sectors, about))
      picked.sector.push_back(story);
    else
      picked.rest.push_back(story);
  }
  std::vector<int> told(brief.positions.size());
  while (!left.empty()) {
    const auto worth = [&](const Named& one) {
      int before = 0;
      for (const auto position : one.positions) before = std::max(before, told[position]);
      return one.worth - kCrowding * before;
    };
    const auto best = std::ranges::max_element(left, {}, worth);
    for (const auto position : best->positions) ++told[position];
    picked.named.push_back(*best->story);
    left.erase(best);
  }
  return picked;
}

}  // namespace odeon::briefings
