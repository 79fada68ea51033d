#include "products/briefings/news/news.hpp"

#include <cmath>
#include <set>

#include "base/text.hpp"
#include "products/briefings/links.hpp"
#include "products/briefings/script/figures.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;

// What is compared, prepared once for each article.
struct Fingerprint {
  std::string link, guid, subject;
  std::set<std::string> topics;   // of the headline
  std::set<std::string> numbers;  // of the headline
  std::set<std::string> telling;  // figures of headline and summary that two events rarely share
  std::optional<Instant> published;
};

bool is_telling(std::string_view figure) {
  const std::string number = number_of(figure);
  const bool year = number.size() == 4 && (number.starts_with("19") || number.starts_with("20"));
  return number != figure || number.find('.') != std::string::npos || (number.size() > 3 && !year);
}

Fingerprint fingerprint(const Article& article) {
  Fingerprint made{.link = canonical_link(article.url),
                   .subject = subject_of(article.title),
                   .topics = topics_of(article.title),
                   .published = article.published};
  // A short guid ("17") is unique within its feed at best.
  constexpr std::size_t world_wide = 16;
  made.guid = article.guid.size() >= world_wide ? article.guid : article.source + '\n' + article.guid;
  if (article.guid.empty()) made.guid.clear();
  for (auto& figure : figures(article.title)) made.numbers.insert(std::move(figure));
  for (auto& figure : figures(article.title + '\n' + article.summary))
    if (is_telling(figure)) made.telling.insert(std::move(figure));
  return made;
}

bool has_own(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& item) { return !b.contains(item); });
}

bool opposite(const Fingerprint& a, const Fingerprint& b) {
  const auto only = [](const Fingerprint& x, std::string_view yes, std::string_view no) {
    return x.topics.contains(std::string(yes)) && !x.topics.contains(std::string(no));
  };
  return (only(a, kUp, kDown) && only(b, kDown, kUp)) || (only(a, kDown, kUp) && only(b, kUp, kDown));
}

// Headlines that look alike but are about different figures or names.
bool differ(const Fingerprint& a, const Fingerprint& b) {
  if (has_own(a.numbers, b.numbers) && has_own(b.numbers, a.numbers)) return true;
  return !a.topics.contains(b.subject) && !b.topics.contains(a.subject) && a.subject != b.subject;
}

bool same_headline(const Fingerprint& a, const Fingerprint& b) {
  constexpr std::size_t fewest = 3;
  if (a.topics.size() < fewest || b.topics.size() < fewest) return a.topics == b.topics && a.topics.size() > 1;
  // What recurs daily ("Stocks close higher") is another event a day later.
  if (a.published && b.published && std::chrono::abs(*a.published - *b.published) > 20h) return false;
  if (opposite(a, b)) return false;
  const double alike = jaccard(a.topics, b.topics);
  const auto shared = std::ranges::count_if(a.telling, [&](const auto& figure) { return b.telling.contains(figure); });
  if (shared >= 2 && alike >= 0.2) return true;
  if (differ(a, b)) return false;
  if (alike >= 0.6 || (shared >= 1 && alike >= 0.4)) return true;
  return containment(a.topics, b.topics) >= 0.8 && std::min(a.topics.size(), b.topics.size()) > fewest;
}

bool same_event(const Fingerprint& a, const Fingerprint& b) {
  if (!a.link.empty() && a.link == b.link) return true;
  if (!a.guid.empty() && a.guid == b.guid) return true;
  return same_headline(a, b);
}

struct ThemeWords {
  Theme theme;
  // Reduced as topics_of reduces them: words that decide, and words that only lean this way.
  std::set<std::string> strong, weak;
};

std::set<std::string> nouns(std::string_view written) {
  auto words = topics_of(written);
  words.erase(std::string(kUp));
  words.erase(std::string(kDown));
  return words;
}

const std::vector<ThemeWords>& theme_words() {
  static const std::vector<ThemeWords> list{
      {Theme::markets,
       nouns(
           "stocks equities index indices S&P Nasdaq Dow FTSE DAX Nikkei Wall bonds Treasury Treasuries gilts futures "
           "currency currencies dollar sterling yen selloff"),
       nouns("shares Street yield investors volatility euro traders session benchmark rally points markets trading")},
      {Theme::economy,
       nouns(
           "inflation central Fed policymakers GDP economy economic unemployment payrolls wage wages mortgage jobless "
           "recession households retail house factory PMI savings"),
       nouns("rate rates interest consumer prices spending housing manufacturing budget tax deficit borrowing loans "
             "growth survey economists jobs claims percent")},
      {Theme::companies,
       nouns("profit profits earnings guidance outlook acquisition acquire takeover merger dividend buyback layoffs "
             "carmaker retailer airline drugmaker grocer insurers flotation branches hotel builder trial"),
       nouns("revenue quarter third-quarter quarterly chief executive bid company sales maker group shareholders "
             "bookings orders stores brand deal margins shares motors plant")},
      {Theme::energy,
       nouns("oil crude Brent barrel barrels OPEC copper gold silver zinc wheat grain cocoa lithium commodities mining "
             "refinery pipeline LNG turbine solar wind gas electricity"),
       nouns("power metal metals mine miner miners grid harvest storage energy tonne tonnes")},
      {Theme::technology,
       nouns(
           "chip chips chipmaker semiconductor AI artificial software cloud cyber cybersecurity robot robots robotics "
           "quantum smartphone satellite start-ups attackers"),
       nouns("data-centre data-center data-centres computing memory app phone phones technology networks machines")},
      {Theme::world,
       nouns("tariff tariffs treaty summit minister ministers ministry sanctions election parliament diplomats strike "
             "dock ports canal freight container"),
       nouns("trade talks shipping border negotiators government customs exports imports unions")}};
  return list;
}

// How much an article is about the markets at large, 0 to 1.
double relevance(const Article& article, const Fingerprint& print) {
  static const std::set<std::string> words = topics_of(
      "S&P Nasdaq Dow FTSE index stocks Fed rates inflation earnings profit guidance outlook record merger takeover "
      "tariffs jobs GDP oil yields bonds shares investors recession bank deal forecast markets central");
  double found = 0;
  for (const auto& topic : print.topics)
    if (words.contains(topic)) found += 1;
  if (print.topics.contains(std::string(kUp)) || print.topics.contains(std::string(kDown))) found += 0.5;
  found += 0.3 * static_cast<double>(std::min<std::size_t>(print.telling.size(), 4));
  for (const auto& topic : topics_of(text::prefix(article.summary, 300)))
    if (words.contains(topic)) found += 0.2;
  return std::min(found, 5.0) / 5.0;
}

double score(const Story& story, Instant newest) {
  const Article& first = story.articles.front();
  std::optional<Instant> published;
  for (const auto& article : story.articles)
    if (article.published && (!published || *published < *article.published)) published = article.published;
  // Half as urgent every 16 hours; what has no date counts as a day old.
  const auto age = published ? std::max(newest - *published, Micros(0)) : Micros(24h);
  const double hours = std::chrono::duration<double, std::ratio<3600>>(age).count();
  const double several = std::log2(static_cast<double>(story.sources().size()));
  const double substance = std::min(1.0, static_cast<double>(first.summary.size()) / 300.0);
  return 1.2 * std::exp2(-hours / 16) + 2.0 * relevance(first, fingerprint(first)) + 0.7 * several + 0.5 * substance;
}

// Takes the best story left again and again, where a subject or theme that was just told counts less.
std::vector<Story> varied(std::vector<Story> stories) {
  std::vector<Story> told;
  std::map<std::string, int> subjects;
  std::map<Theme, int> themes;
  while (!stories.empty()) {
    const auto worth = [&](const Story& story) {
      const std::string subject = subject_of(story.title());
      const int before = subject.empty() || !subjects.contains(subject) ? 0 : subjects.at(subject);
      const int alike = themes.contains(story.theme) ? themes.at(story.theme) : 0;
      return story.score - 1.2 * before - 0.12 * alike;
    };
    const auto best = std::ranges::max_element(stories, {}, worth);
    ++subjects[subject_of(best->title())];
    ++themes[best->theme];
    told.push_back(std::move(*best));
    stories.erase(best);
  }
  return told;
}

void sort_newest_first(std::vector<Article>& articles) {
  std::vector<std::pair<Instant, std::size_t>> order;
  for (std::size_t i = 0; i < articles.size(); ++i)
    order.emplace_back(articles[i].published.value_or(Instant::min()), i);
  std::ranges::sort(
      order, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::vector<Article> sorted;
  for (const auto& [published, index] : order) sorted.push_back(std::move(articles[index]));
  articles = std::move(sorted);
}

}  // namespace

std::vector<std::string> Story::sources() const {
  std::vector<std::string> names;
  for (const auto& article : articles)
    if (std::ranges::find(names, article.source) == names.end()) names.push_back(article.source);
  return names;
}

std::vector<Article> newest(std::vector<Article> articles, Instant now, const NewsOptions& options) {
  constexpr auto clocks_differ = 1h;
  const auto within = [&](Instant end) {
    return [=, window = options.window](const Article& article) {
      return !article.published || (*article.published <= end + clocks_differ && *article.published >= end - window);
    };
  };
  sort_newest_first(articles);
  const bool current =
      std::ranges::any_of(articles, [&](const Article& article) { return article.published && within(now)(article); });
  if (!articles.empty() && articles.front().published) {
    const Instant end = current ? now : *articles.front().published;
    std::erase_if(articles, std::not_fn(within(end)));
  }
  if (articles.size() > options.max_articles) articles.resize(options.max_articles);
  return articles;
}

bool same_event(const Article& a, const Article& b) {
  return same_event(fingerprint(a), fingerprint(b));
}

std::vector<Story> merged(std::vector<Article> articles) {
  std::vector<Story> stories;
  std::vector<Fingerprint> firsts;
  for (auto& article : articles) {
    const Fingerprint print = fingerprint(article);
    const auto known = std::ranges::find_if(firsts, [&](const auto& first) { return same_event(first, print); });
    if (known != firsts.end()) {
      stories[static_cast<std::size_t>(known - firsts.begin())].articles.push_back(std::move(article));
    } else {
      firsts.push_back(print);
      stories.emplace_back().articles.push_back(std::move(article));
    }
  }
  return stories;
}

Theme theme_of(const Article& article) {
  const auto title = topics_of(article.title), summary = topics_of(text::prefix(article.summary, 400));
  Theme best = Theme::companies;
  double most = 0;
  for (const auto& [theme, strong, weak] : theme_words()) {
    double found = 0;
    for (const auto& word : strong) found += (title.contains(word) ? 4 : 0) + (summary.contains(word) ? 1 : 0);
    for (const auto& word : weak) found += (title.contains(word) ? 1 : 0) + (summary.contains(word) ? 0.5 : 0);
    if (found > most) {
      most = found;
      best = theme;
    }
  }
  return best;
}

std::vector<Story> stories_from(std::vector<Article> articles, Instant now, const NewsOptions& options) {
  articles = newest(std::move(articles), now, options);
  const Instant latest = articles.empty() ? now : articles.front().published.value_or(now);
  auto stories = merged(std::move(articles));
  for (auto& story : stories) {
    story.theme = theme_of(story.articles.front());
    story.score = score(story, latest);
  }
  return varied(std::move(stories));
}

}  // namespace odeon::briefings
