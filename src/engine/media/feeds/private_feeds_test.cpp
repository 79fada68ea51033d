#include "engine/media/feeds/private_feeds.hpp"

#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "engine/media/feeds/private_feed_store.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"

namespace odeon::feeds {
namespace {

struct PrivateFeedsTest : ::testing::Test {
  PrivateFeedsTest() { run_task(database::migrate(*database, migrations(), clock)); }
  std::string token(PrivateFeeds& of, const std::string& who) { return run_task(of.token_of(who)); }
  // Empty: nobody's.
  std::string owner(PrivateFeeds& of, const std::string& file) {
    try {
      return run_task(of.owner_of({file}));
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "FEED_NOT_FOUND");
      return "";
    }
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  PrivateFeeds feeds{*database, "stories", std::string(32, 's'), clock};
};

TEST_F(PrivateFeedsTest, AreKnownByTheirTokensAlone) {
  const auto anns = token(feeds, "ann"), bobs = token(feeds, "bob");
  EXPECT_EQ(token(feeds, "ann"), anns) << "it can be shown again";
  EXPECT_NE(anns, bobs);
  EXPECT_EQ(owner(feeds, anns + ".xml"), "ann");
  EXPECT_EQ(owner(feeds, bobs + ".xml"), "bob");
  for (const auto& none : {anns, anns + "x.xml", std::string(".xml"), std::string(43, 'a') + ".xml"})
    EXPECT_EQ(owner(feeds, none), "") << none;
  for (const auto& hash : run_task(database->query<std::string>("SELECT token_hash FROM feeds_private")))
    EXPECT_TRUE(hash != anns && hash != bobs) << "the database does not hold a token";
}

TEST_F(PrivateFeedsTest, ANewOneEndsTheOldOne) {
  const auto before = token(feeds, "ann");
  const auto after = run_task(feeds.replace("ann"));
  EXPECT_NE(after, before);
  EXPECT_EQ(token(feeds, "ann"), after);
  EXPECT_EQ(owner(feeds, before + ".xml"), "");
  EXPECT_EQ(owner(feeds, after + ".xml"), "ann");
}

TEST_F(PrivateFeedsTest, OpenInTheirProductOnly) {
  PrivateFeeds others{*database, "briefings", std::string(32, 's'), clock};
  const auto here = token(feeds, "ann"), there = token(others, "ann");
  EXPECT_EQ(owner(others, here + ".xml"), "");
  EXPECT_EQ(owner(feeds, there + ".xml"), "");
  EXPECT_EQ(run_task(store::forget(*database, "stories", "ann")), 1);
  EXPECT_EQ(owner(feeds, here + ".xml"), "");
  EXPECT_EQ(owner(others, there + ".xml"), "ann");
}

// Addresses that people have in their apps already stay what they are.
TEST_F(PrivateFeedsTest, ATokenIsDerivedAsItEverWas) {
  run_task(store::replace(*database, {.product = "stories", .user_id = "ann", .salt = "salt", .token_hash = "old"}));
  EXPECT_EQ(token(feeds, "ann"),
            crypto::to_base64url(crypto::hmac_sha256(std::string(32, 's'), "odeon stories feed 1\nsalt\nann")));
}

TEST_F(PrivateFeedsTest, NeedASecret) {
  EXPECT_THROW(PrivateFeeds(*database, "stories", "short", clock), std::invalid_argument);
}

}  // namespace
}  // namespace odeon::feeds
