#include "engine/billing/plans.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace odeon::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Plans, ThoseOfBriefingsAreWhatIsSold) {
  const Plans plans = Plans::standard();
  const ProductPlans& briefings = plans.of("briefings");
  EXPECT_EQ(briefings.standard().name, "free");
  EXPECT_EQ(briefings.trial_days, 7);

  const Plan& premium = *briefings.find("premium");
  EXPECT_EQ(premium.monthly_price, 499);
  EXPECT_EQ(premium.yearly_price, 4999);
  EXPECT_EQ(premium.limit("briefings_per_day"), 5);
  EXPECT_EQ(premium.limit("stocks"), 10);
  EXPECT_EQ(premium.limit("history_days"), 30);
  EXPECT_TRUE(premium.has("downloads"));
  EXPECT_FALSE(premium.has("api_access"));

  const Plan& pro = *briefings.find("pro");
  EXPECT_EQ(pro.monthly_price, 1499);
  EXPECT_EQ(pro.limit("stocks"), kUnlimited);
  EXPECT_TRUE(pro.has("api_access"));
  EXPECT_THAT(pro.voices, ElementsAre("basic", "premium", "cartesia"));
}

using Limits = std::map<std::string, std::int64_t, std::less<>>;

struct Sold {
  const char *product, *plan;
  std::int64_t monthly, yearly;
  Limits limits;
};

TEST(Plans, EveryPlanHasTheNumbersThatItIsSoldWith) {
  const Plans plans = Plans::standard();
  const std::vector<Sold> all{
      {"briefings", "free", 0, 0, {{"briefings_per_day", 1}, {"stocks", 0}, {"history_days", 7}, {"seconds", 180}}},
      {"briefings", "premium", 499, 4999, {{"briefings_per_day", 5}, {"stocks", 10}, {"history_days", 30}}},
      {"briefings", "pro", 1499, 14999, {{"briefings_per_day", -1}, {"stocks", -1}, {"history_days", -1}}},
      {"stories", "free", 0, 0, {{"stories_per_month", 10}}},
      {"stories", "premium", 999, 0, {{"stories_per_month", 100}}},
      {"chat", "none", 0, 0, {{"conversations_per_month", 0}, {"voice_sessions_per_day", 0}, {"dollars_per_day", 0}}},
      {"chat",
       "pro",
       4900,
       0,
       {{"conversations_per_month", 50}, {"voice_sessions_per_day", 1}, {"dollars_per_day", 10}}},
      {"chat",
       "ultra",
       12900,
       0,
       {{"conversations_per_month", -1}, {"voice_sessions_per_day", -1}, {"dollars_per_day", 30}}},
      {"chat",
       "enterprise",
       0,
       0,
       {{"conversations_per_month", -1}, {"voice_sessions_per_day", -1}, {"dollars_per_day", 300}}},
      {"podcasts", "free", 0, 0, {{"recording_minutes_per_month", 120}, {"storage_gb", 3}, {"podcasts", 1}}},
      {"podcasts", "creator", 1900, 0, {{"recording_minutes_per_month", 600}, {"storage_gb", 50}, {"podcasts", 1}}},
      {"podcasts", "pro", 4900, 0, {{"recording_minutes_per_month", -1}, {"storage_gb", 200}, {"podcasts", 3}}},
      {"podcasts", "network", 9900, 0, {{"recording_minutes_per_month", -1}, {"storage_gb", 1000}, {"podcasts", -1}}},
      {"studio", "free", 0, 0, {{"assets_per_month", 5}, {"platforms", 1}, {"requests_per_minute", 60}}},
      {"studio", "pro", 1900, 0, {{"assets_per_month", 100}, {"platforms", 3}, {"requests_per_minute", 300}}},
      {"studio", "studio", 4900, 0, {{"assets_per_month", -1}, {"platforms", -1}, {"requests_per_minute", 1000}}},
  };
  std::size_t count = 0;
  for (const auto& [name, product] : plans.all()) count += product.plans.size();
  EXPECT_EQ(count, all.size());
  for (const Sold& sold : all) {
    const Plan* plan = plans.of(sold.product).find(sold.plan);
    ASSERT_NE(plan, nullptr) << sold.product << ' ' << sold.plan;
    EXPECT_EQ(plan->monthly_price, sold.monthly) << sold.product << ' ' << sold.plan;
    EXPECT_EQ(plan->yearly_price, sold.yearly) << sold.product << ' ' << sold.plan;
    for (const auto& [limit, value] : sold.limits)
      EXPECT_EQ(plan->limit(limit), value) << sold.product << ' ' << sold.plan << ' ' << limit;
  }
}

TEST(Plans, ThoseOfPodcastsHaveTheirFeatures) {
  const Plans plans = Plans::standard();
  const std::map<std::string, std::set<std::string, std::less<>>> features{
      {"free", {"basic_editing", "ai_transcription", "rss_feed"}},
      {"creator", {"basic_editing", "ai_transcription", "ai_show_notes", "rss_feed", "email_support"}},
      {"pro",
       {"basic_editing", "advanced_editing", "ai_transcription", "ai_show_notes", "rss_feed", "priority_support",
        "api_access"}},
      {"network", {"all_features", "team_collaboration", "white_label", "dedicated_support"}}};
  for (const auto& [plan, expected] : features) EXPECT_EQ(plans.of("podcasts").find(plan)->features, expected) << plan;
  EXPECT_TRUE(plans.of("podcasts").find("network")->has("api_access")) << "all features are all";
  EXPECT_FALSE(plans.of("podcasts").find("creator")->has("api_access"));
}

TEST(Plans, ChatHasATrialAndThreeCurrencies) {
  const Plans plans = Plans::standard();
  const ProductPlans& chat = plans.of("chat");
  EXPECT_EQ(chat.starts_on, "pro");
  EXPECT_EQ(chat.trial_days, 14);
  EXPECT_THAT(chat.priced_daily, ElementsAre("try"));
  EXPECT_EQ(chat.find("pro")->prices.at("eur").monthly, 4500);
  EXPECT_EQ(chat.find("ultra")->prices.at("eur").monthly, 11900);
}

struct Counted {
  const char *product, *meter, *plan;
  Period period;
  std::int64_t limit;
  bool warns;
};

TEST(Plans, MetersCountInTheirOwnUnits) {
  const Plans plans = Plans::standard();
  for (const Counted& c : {Counted{"briefings", "briefings", "premium", Period::day, 5, false},
                           Counted{"briefings", "stocks", "pro", Period::always, -1, false},
                           Counted{"stories", "stories", "free", Period::month, 10, true},
                           Counted{"chat", "conversations", "pro", Period::month, 50, true},
                           Counted{"chat", "voice_sessions", "pro", Period::day, 1, false},
                           Counted{"chat", "spend", "pro", Period::day, 10'000'000'000, false},
                           Counted{"podcasts", "recording", "free", Period::cycle, 7200, true},
                           Counted{"podcasts", "transcription", "free", Period::cycle, 14'400, false},
                           Counted{"podcasts", "storage", "free", Period::always, 3'000'000'000, true},
                           Counted{"podcasts", "podcasts", "network", Period::always, -1, false},
                           Counted{"studio", "assets", "pro", Period::cycle, 100, true},
                           Counted{"studio", "platforms", "free", Period::always, 1, false},
                           Counted{"studio", "team_members", "studio", Period::always, -1, false}}) {
    const Meter& meter = plans.of(c.product).meter(c.meter);
    EXPECT_EQ(meter.period, c.period) << c.meter;
    EXPECT_EQ(meter.limit_of(*plans.of(c.product).find(c.plan)), c.limit) << c.meter;
    EXPECT_EQ(meter.warns, c.warns) << c.meter;
  }
  EXPECT_EQ(plans.of("studio").find("pro")->overage.at("assets"), 25);
}

TEST(Plans, AreOrderedByPrice) {
  std::vector<std::string> names;
  const Plans plans = Plans::standard();
  for (const auto& plan : plans.of("briefings").plans) names.push_back(plan.name);
  EXPECT_THAT(names, ElementsAre("free", "premium", "pro"));
}

TEST(Plans, WhatIsAgreedUponIsTheDearest) {
  std::vector<std::string> names;
  const Plans plans = Plans::standard();
  for (const auto& plan : plans.of("chat").plans) names.push_back(plan.name);
  EXPECT_THAT(names, ElementsAre("none", "pro", "ultra", "enterprise"));
  EXPECT_TRUE(plans.of("chat").find("enterprise")->has("multi_model"));
}

TEST(Plans, AWrongFileSaysEverythingThatIsWrongWithItsLine) {
  try {
    const Plans plans(R"([chat]
default = "gold"
upgrade_url = "https://chat.example/upgrade"
[chat.plans.silver]
title = "Silver"
prise = 3
limits = { conversations = "many" }
[chat.plans.bronze]
title = "Bronze"
limits = { talks = -2 }
prices = { usd = { monthly = 1 }, Euro = { monthly = 1 } }
overage = { posts = 25 }
by_agreement = true
[chat.meters]
talks = { limit = "words", period = "week", times = 0, warns = "often" }
)",
                      "my-plans.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PLANS_INVALID");
    for (const char* fault :
         {"my-plans.toml:6: chat.plans.silver.prise: no such setting",
          "my-plans.toml:7: chat.plans.silver.limits.conversations: must be a whole number",
          "my-plans.toml:10: chat.plans.bronze.limits.talks: must be a whole number from -1",
          "my-plans.toml:11: chat.plans.bronze.prices.usd: usd must be a currency but", "Euro must be a currency but",
          "chat.plans.bronze: a plan by_agreement has no price", "chat.meters.talks.warns: must be true or false",
          "the overage of bronze is of no meter", "chat.meters.talks.times: must be a whole number from 1",
          "limit must name a limit", "chat.meters.talks.period: must be day, month, cycle or always",
          "default must name", "every plan must have the same limits"})
      EXPECT_THAT(error.message, HasSubstr(fault));
  }
}

constexpr std::string_view kOwnStories = R"([stories]
default = "only"
upgrade_url = "/pricing"
[stories.meters]
stories = { limit = "stories_per_month", period = "day" }
[stories.plans.only]
title = "Only"
limits = { stories_per_month = 3 }
)";

TEST(Plans, AnOperatorsTakeThePlaceOfTheirProducts) {
  const Plans plans = Plans::replaced(kOwnStories, "my-plans.toml");
  EXPECT_EQ(plans.of("stories").standard().limit("stories_per_month"), 3);
  EXPECT_EQ(plans.of("studio").plans.size(), 3U);
}

TEST(Plans, AnOperatorsHaveWhatTheProgramAsksFor) {
  try {
    static_cast<void>(Plans::replaced(R"([stories]
default = "only"
upgrade_url = "/pricing"
[stories.plans.only]
title = "Only"
limits = { pages = 3 }
)",
                                      "my-plans.toml"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PLANS_INVALID");
    EXPECT_THAT(error.message, HasSubstr("my-plans.toml: stories needs a meter stories"));
    EXPECT_THAT(error.message, HasSubstr("the plans of stories need a limit stories_per_month"));
  }
}

TEST(Plans, AFileThatIsNotTomlIsRefused) {
  EXPECT_THROW(Plans("[chat", "my-plans.toml"), Error);
  EXPECT_THROW(Plans("chat = 3", "my-plans.toml"), Error);
}

TEST(Plans, WhatIsNotThereIsAFaultOfTheProgram) {
  const Plans plans = Plans::standard();
  EXPECT_THROW(plans.of("nothing"), std::logic_error);
  EXPECT_THROW(plans.of("briefings").standard().limit("nothing"), std::logic_error);
  EXPECT_THROW(plans.of("briefings").meter("nothing"), std::logic_error);
}

}  // namespace
}  // namespace odeon::billing
