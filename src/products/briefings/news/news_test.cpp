#include "products/briefings/news/news.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const Instant kNow = *parse_iso8601("2026-11-20T15:00:00Z");

Article article(const std::string& title, const std::string& source = "Wire", Micros age = 1h,
                const std::string& summary = "") {
  return {.source = source, .title = title, .published = kNow - age, .summary = summary};
}

std::vector<std::string> titles(const std::vector<Story>& stories) {
  std::vector<std::string> out;
  for (const auto& story : stories) out.push_back(story.title());
  return out;
}

TEST(News, OneEventIsRecognised) {
  const std::pair<std::string, std::string> same[] = {
      {"Brightwater Foods raises full-year outlook", "Brightwater Foods lifts full-year outlook"},
      {"Oil slips for fourth day as stockpiles build", "Oil falls for a fourth day as stockpiles build"},
      {"Castellan to buy Merrow Trust in $5.8 billion deal", "Castellan to buy Merrow Trust for $5.8bn"},
      {"Central bank keeps rates on hold", "Central bank keeps its rates on hold, says report"},
  };
  for (const auto& [a, b] : same) EXPECT_TRUE(same_event(article(a), article(b, "Other"))) << a << " / " << b;
}

TEST(News, LikeHeadlinesOfDifferentEventsAreKeptApart) {
  const std::pair<std::string, std::string> different[] = {
      {"FTSE 100 closes higher on Thursday", "FTSE 100 closes lower on Thursday"},
      {"Brightwater Foods profit rises 12 percent", "Halden Foods profit rises 12 percent"},
      {"Inflation slows to 2.1 percent in October", "Inflation slows to 3.4 percent in October"},
      {"Shares rise", "Bonds rise"},
      {"", ""},
  };
  for (const auto& [a, b] : different) EXPECT_FALSE(same_event(article(a), article(b, "Other"))) << a << " / " << b;
  EXPECT_FALSE(same_event(article("Stocks on Wall Street close higher", "A", 1h),
                          article("Stocks on Wall Street close higher", "B", 25h)))
      << "a day later it is another session";
}

TEST(News, SharedFiguresTellDifferentWordsOfOneEvent) {
  EXPECT_TRUE(same_event(
      article("S&P 500 closes at record as chip shares lead rally", "A", 1h,
              "The index rose 1.1 percent to 7,214 points."),
      article("Wall Street ends at a record on chip rally", "B", 2h, "Shares were up 1.1 percent at 7,214 points.")));
}

TEST(News, LinksAndGuidsDecide) {
  Article a = article("One headline about something"), b = article("Quite another wording here", "Other");
  a.url = "https://www.news.example/story/?utm_source=x";
  b.url = "http://news.example/story#top";
  EXPECT_TRUE(same_event(a, b));
  b.url = "http://news.example/story?page=2";
  EXPECT_FALSE(same_event(a, b));
  a.guid = b.guid = "17";
  EXPECT_FALSE(same_event(a, b)) << "a short guid is unique within its feed only";
  b.source = a.source;
  EXPECT_TRUE(same_event(a, b));
}

TEST(News, AStoryNamesAllItsSources) {
  const auto stories = stories_from({article("Tamarind Air lifts profit target on winter bookings", "Meridian Wire"),
                                     article("Gold holds near its record", "Kestrel"),
                                     article("Tamarind Air raises profit target on winter bookings", "Harbour Street")},
                                    kNow);
  ASSERT_EQ(stories.size(), 2U);
  EXPECT_THAT(stories.front().sources(), ElementsAre("Meridian Wire", "Harbour Street"));
}

TEST(News, TheWindowEndsNowOrAtTheNewest) {
  const std::vector<Article> all{article("Old", "W", 60h),
                                 article("Recent", "W", 2h),
                                 article("Yesterday", "W", 30h),
                                 {.source = "W", .title = "Undated"}};
  const auto names = [](const std::vector<Article>& articles) {
    std::vector<std::string> out;
    for (const auto& one : articles) out.push_back(one.title);
    return out;
  };
  EXPECT_THAT(names(newest(all, kNow, {})), ElementsAre("Recent", "Yesterday", "Undated"));
  EXPECT_THAT(names(newest(all, kNow + 24h * 365, {})), ElementsAre("Recent", "Yesterday", "Undated"))
      << "nothing in the window: the newest there is";
  EXPECT_THAT(names(newest(all, kNow - 24h * 365, {})), ElementsAre("Recent", "Yesterday", "Undated"))
      << "a clock that is behind";
  EXPECT_THAT(names(newest(all, kNow, {.window = 96h, .max_articles = 2})), ElementsAre("Recent", "Yesterday"));
  EXPECT_TRUE(newest({}, kNow, {}).empty());
}

TEST(News, OneCompanyDoesNotCrowdOutTheOthers) {
  std::vector<Article> articles;
  for (const char* verb : {"raises its profit outlook", "names new finance chief", "opens plant abroad",
                           "sells its bakery unit", "faces strike at mill"})
    articles.push_back(article(std::string("Brightwater ") + verb, "Wire", 1h));
  articles.push_back(article("Copper climbs on supply fears", "Wire", 5h));
  articles.push_back(article("Halden workers vote on pay", "Wire", 6h));
  const auto told = titles(stories_from(articles, kNow));
  ASSERT_EQ(told.size(), 7U);
  const auto ours =
      std::count_if(told.begin(), told.begin() + 3, [](const auto& title) { return title.starts_with("Brightwater"); });
  EXPECT_EQ(ours, 1);
}

TEST(News, ThemesFollowTheSubject) {
  const std::pair<std::string, Theme> cases[] = {
      {"S&P 500 closes at record", Theme::markets},           {"Central bank split on next rate cut", Theme::economy},
      {"Retail sales beat forecasts", Theme::economy},        {"Tamarind Air raises profit target", Theme::companies},
      {"Oil falls for a fourth day", Theme::energy},          {"Memory chip prices climb", Theme::technology},
      {"Ministers delay tariffs on machinery", Theme::world}, {"Something nobody expected", Theme::companies},
  };
  for (const auto& [title, theme] : cases) EXPECT_EQ(theme_of(article(title)), theme) << title;
}

rc::Gen<Article> any_article() {
  const auto word =
      rc::gen::element<std::string>("Oil", "Halden", "rises", "falls", "3%", "profit", "Castellan", "bank", "record",
                                    "cuts", "2,400", "jobs", "the", "FTSE", "as", "chips");
  return rc::gen::map(rc::gen::tuple(rc::gen::container<std::vector<std::string>>(word), rc::gen::inRange(0, 80),
                                     rc::gen::inRange(0, 4), rc::gen::inRange(0, 12)),
                      [](const auto& parts) {
                        const auto& [words, age, source, link] = parts;
                        Article made{.source = std::string(1, static_cast<char>('A' + source))};
                        for (const auto& one : words) made.title += one + " ";
                        if (age < 70) made.published = kNow - std::chrono::hours(age);
                        if (link < 6) made.url = "https://n.example/" + std::to_string(link);
                        if (link > 9) made.guid = std::to_string(link);
                        return made;
                      });
}

RC_GTEST_PROP(NewsProperty, MergingIsIdempotentAndKeepsTheOrder, ()) {
  const auto articles = *rc::gen::container<std::vector<Article>>(any_article());
  const auto once = merged(articles);
  std::vector<Article> firsts;
  std::size_t count = 0, at = 0;
  for (const auto& story : once) {
    firsts.push_back(story.articles.front());
    count += story.articles.size();
    while (at < articles.size() && articles[at] != firsts.back()) ++at;
    RC_ASSERT(at < articles.size());
  }
  RC_ASSERT(count == articles.size());
  const auto twice = merged(firsts);
  RC_ASSERT(titles(twice) == titles(once));
}

RC_GTEST_PROP(NewsProperty, EveryStoryIsToldOnceWithinTheBounds, ()) {
  const auto articles = *rc::gen::container<std::vector<Article>>(any_article());
  const NewsOptions options{.max_articles = 20};
  const auto chosen = newest(articles, kNow, options);
  RC_ASSERT(chosen.size() <= 20U);
  RC_ASSERT(articles.empty() == chosen.empty());
  auto expected = titles(merged(chosen)), told = titles(stories_from(articles, kNow, options));
  std::ranges::sort(expected);
  std::ranges::sort(told);
  RC_ASSERT(told == expected);
}

}  // namespace
}  // namespace odeon::briefings
