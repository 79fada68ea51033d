#include "engine/privacy/monthly_exports.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/privacy/fixture_test.hpp"

namespace odeon::privacy {
namespace {

using std::chrono::days;
using ::testing::UnorderedElementsAre;

struct MonthlyExportsTest : PrivacyTest {
  MonthlyExportsTest() {
    monthly.offered_by([this](this auto, database::Transaction&, ExportOffer offer) -> Task<void> {
      offers.push_back(std::move(offer));
      co_return;
    });
  }
  void decide(const std::string& who, const std::string& product, const std::string& purpose, bool granted) {
    on_loop(consents.decide(*database, who, product, purpose, granted, "2026-11"));
  }

  testing::FakeClock date;
  MonthlyExports monthly{*database, std::string(32, 'm'), date};
  std::vector<ExportOffer> offers;
};

TEST_F(MonthlyExportsTest, AreOfferedToWhoAgreedLast) {
  decide("ann", "chat", "monthly_export", true);
  decide("ann", "podcasts", "monthly_export", true);
  decide("bob", "chat", "monthly_export", true);
  decide("bob", "chat", "monthly_export", false);
  decide("cleo", "chat", "voice_logs", true);
  EXPECT_EQ(on_loop(monthly.offer()), 2);
  std::vector<std::string> whom;
  for (const auto& offer : offers) {
    whom.push_back(offer.user_id + " " + offer.product);
    EXPECT_EQ(monthly.whose(offer.token, offer.product), "ann");
    EXPECT_EQ(offer.key.find("ann"), std::string::npos);
  }
  EXPECT_THAT(whom, UnorderedElementsAre("ann chat", "ann podcasts"));
  EXPECT_NE(offers[0].key, offers[1].key);

  EXPECT_EQ(on_loop(monthly.offer()), 2);
  EXPECT_EQ(offers[2].key, offers[0].key) << "the same month";
  date.advance(days(31));
  EXPECT_EQ(on_loop(monthly.offer()), 2);
  EXPECT_NE(offers[4].key, offers[0].key);
}

TEST_F(MonthlyExportsTest, OpenForThreeDaysWhatTheyAreOf) {
  const auto token = monthly.token_of("ann", "chat", date.now() + kExportOffered);
  EXPECT_EQ(monthly.whose(token, "chat"), "ann");
  EXPECT_FALSE(monthly.whose(token, "podcasts"));
  EXPECT_FALSE(MonthlyExports(*database, std::string(32, 'n'), date).whose(token, "chat"));
  EXPECT_FALSE(monthly.whose("bob" + token.substr(3), "chat"));
  date.advance(days(3));
  EXPECT_TRUE(monthly.whose(token, "chat"));
  date.advance(std::chrono::seconds(1));
  EXPECT_FALSE(monthly.whose(token, "chat"));
}

TEST_F(MonthlyExportsTest, NothingElseOpensThem) {
  const std::string good = monthly.token_of("ann", "chat", date.now() + kExportOffered);
  EXPECT_TRUE(rc::check([&] {
    RC_ASSERT(!monthly.whose(*rc::gen::arbitrary<std::string>(), "chat"));
    std::string token = good;
    const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
    const char other = *rc::gen::arbitrary<char>();
    RC_PRE(other != token[at]);
    token[at] = other;
    RC_ASSERT(!monthly.whose(token, "chat"));
  }));
}

}  // namespace
}  // namespace odeon::privacy
