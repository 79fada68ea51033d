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

TEST(Plans, AreOrderedByPrice) {
  std::vector<std::string> names;
  const Plans plans = Plans::standard();
  for (const auto& plan : plans.of("briefings").plans) names.push_back(plan.name);
  EXPECT_THAT(names, ElementsAre("free", "premium", "pro"));
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
)",
                      "my-plans.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "PLANS_INVALID");
    for (const char* fault : {"my-plans.toml:6: chat.plans.silver.prise: no such setting",
                              "my-plans.toml:7: chat.plans.silver.limits.conversations: must be a whole number",
                              "my-plans.toml:10: chat.plans.bronze.limits.talks: must be a whole number from -1",
                              "default must name", "every plan must have the same limits"})
      EXPECT_THAT(error.message, HasSubstr(fault));
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
}

}  // namespace
}  // namespace odeon::billing
