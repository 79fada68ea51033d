#include "engine/billing/prices.hpp"

#include <gtest/gtest.h>

namespace odeon::billing {
namespace {

TEST(PriceList, SellsTheFirstAndKnowsThemAll) {
  PriceList prices;
  EXPECT_TRUE(prices.empty());
  const Offer pro{"briefings", "pro", Cycle::yearly};
  prices.add(pro, {"price_new", "price_old"});
  EXPECT_EQ(*prices.price_of(pro), "price_new");
  EXPECT_EQ(*prices.offer_of("price_old"), pro);
  EXPECT_EQ(prices.offer_of("price_other"), nullptr);
  EXPECT_EQ(prices.price_of({"briefings", "pro", Cycle::monthly}), nullptr);
}

TEST(PriceList, APriceStandsForOneThing) {
  PriceList prices;
  prices.add({"briefings", "pro", Cycle::yearly}, {"price_1"});
  prices.add({"briefings", "pro", Cycle::yearly}, {"price_1"});
  EXPECT_THROW(prices.add({"briefings", "pro", Cycle::monthly}, {"price_1"}), Error);
}

}  // namespace
}  // namespace odeon::billing
