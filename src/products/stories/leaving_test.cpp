#include "products/stories/leaving.hpp"

#include <gmock/gmock.h>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::SizeIs;
using ::testing::StartsWith;

struct LeavingTest : StoriesHouse {};

TEST_F(LeavingTest, TakesAlongWhatAnAppReads) {
  const auto hero = new_hero(), gone = new_hero();
  const auto story = new_story(hero), left = new_story(gone);
  remove("/api/heroes/" + gone);
  ask("/api/heroes/" + hero + "/avatar");
  ask("/api/custom-events", {{"title", "Picnic"}, {"description", "In the park"}});
  const auto reply = see("/api/user/export");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(reply.headers.get("Content-Disposition"), "attachment; filename=\"data-export-1795159800000.json\"");
  const auto copy = reply.json();
  EXPECT_EQ(copy.at("email"), "ada@example.com");
  EXPECT_THAT(text(copy.at("id")), StartsWith("user_"));
  ASSERT_THAT(copy.at("heroes").as_array(), SizeIs(1));
  EXPECT_EQ(text(copy.at("heroes").at(0).at("stories").at(0).at("id")), story);
  EXPECT_FALSE(text(copy.at("heroes").at(0).at("stories").at(0).at("content")).empty());
  EXPECT_EQ(copy.at("heroes").at(0).at("visualProfile").at("eyeColor"), "blue");
  EXPECT_EQ(text(copy.at("storiesWithoutHero").at(0).at("id")), left);
  EXPECT_EQ(copy.at("customEvents").at(0).at("title"), "Picnic");
  EXPECT_EQ(copy.at("usageMetrics").at(1).at("operation"), "story_generation");
  EXPECT_EQ(copy.at("usageMetrics").at(1).at("count"), 2);
  EXPECT_EQ(get("/api/user/export", join("bob@example.com")).at("heroes"), json::value(json::array()));
  EXPECT_EQ(get("/api/user/export").status, 401);
  EXPECT_EQ(run_task(audit.of(user(), "", 10)).at(0).action, "exported");
}

TEST_F(LeavingTest, TakesAlongEverythingAsAZip) {
  new_hero();
  const auto reply = see("/api/user/archive");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.get("Content-Type"), "application/zip");
}

TEST_F(LeavingTest, IsAnsweredWithAReceipt) {
  const auto reply = remove("/api/user/account");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.at("success"), true);
  EXPECT_EQ(get("/api/user/erasures/" + text(reply.at("id"))).at("id"), reply.at("id"));
}

}  // namespace
}  // namespace odeon::stories
