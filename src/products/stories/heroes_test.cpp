#include "products/stories/heroes.hpp"

#include <gmock/gmock.h>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct HeroesTest : StoriesHouse {
  std::vector<std::string> names(const std::string& query) {
    std::vector<std::string> found;
    for (const auto& hero : see("/api/heroes" + query).at("heroes").as_array()) found.push_back(text(hero.at("name")));
    return found;
  }
  std::string named(const std::string& name) {
    auto hero = alice();
    hero["name"] = name;
    clock.advance(std::chrono::seconds(1));
    return new_hero(hero);
  }
};

TEST_F(HeroesTest, AreMadeAsTheSpecShows) {
  const auto made = ask("/api/heroes", alice());
  ASSERT_EQ(made.status, 201) << made.body;
  const auto hero = made.at("hero");
  EXPECT_EQ(text(hero.at("id")).substr(0, 5), "hero_");
  EXPECT_EQ(hero.at("name"), "Alice");
  EXPECT_EQ(hero.at("age"), 7);
  EXPECT_EQ(hero.at("traits"), json::value({"brave", "kind"}));
  EXPECT_EQ(hero.at("abilities"), json::value(json::array{"magic"}));
  EXPECT_TRUE(hero.at("avatarUrl").is_null());
  EXPECT_EQ(hero.at("createdAt"), "2026-11-20T07:30:00Z");
  EXPECT_EQ(made.headers.get("RateLimit-Limit"), "10");
  EXPECT_EQ(see("/api/heroes/" + text(hero.at("id"))).at("hero").at("appearance"), alice().at("appearance"));
}

struct FaultyHero {
  json::object change;
  const char* field;
};

TEST_F(HeroesTest, AreRefusedWithEveryFault) {
  const std::string long_name(101, 'x'), long_looks(501, 'x');
  const std::vector<FaultyHero> table{
      {{{"name", ""}}, "name"},
      {{{"name", "   "}}, "name"},
      {{{"name", long_name}}, "name"},
      {{{"age", 0}}, "age"},
      {{{"age", 19}}, "age"},
      {{{"age", "seven"}}, "age"},
      {{{"traits", json::array()}}, "traits"},
      {{{"traits", {"brave", "invisible to all"}}}, "traits[1]"},
      {{{"traits", {"brave", "kind", "funny", "shy", "calm", "clever"}}}, "traits"},
      {{{"appearance", long_looks}}, "appearance"},
      {{{"appearance", nullptr}}, "appearance"},
      {{{"abilities", {"a", "b", "c", "d"}}}, "abilities"},
      {{{"abilities", {"magic", " "}}}, "abilities[1]"},
  };
  for (const auto& row : table) {
    server.limiter = {};
    auto hero = alice();
    for (const auto& [key, value] : row.change) hero[key] = value;
    const auto refused = ask("/api/heroes", hero);
    EXPECT_EQ(refused.status, 400) << row.field << refused.body;
    EXPECT_EQ(refused.at("code"), "VALIDATION_ERROR");
    EXPECT_TRUE(refused.at("details").as_object().contains(row.field)) << refused.body;
  }
  EXPECT_THAT(names(""), IsEmpty());
}

TEST_F(HeroesTest, AreListedAsWanted) {
  for (const auto* name : {"Bob", "alice", "Carl"}) named(name);
  EXPECT_THAT(names(""), ElementsAre("Carl", "alice", "Bob"));
  EXPECT_THAT(names("?sortOrder=asc"), ElementsAre("Bob", "alice", "Carl"));
  EXPECT_THAT(names("?sortBy=name&sortOrder=asc"), ElementsAre("alice", "Bob", "Carl"));
  EXPECT_THAT(names("?sortBy=name"), ElementsAre("Carl", "Bob", "alice"));
  EXPECT_THAT(names("?limit=1&offset=1"), ElementsAre("alice"));
  const auto page = see("/api/heroes?limit=1000&offset=2");
  EXPECT_EQ(page.at("pagination"), json::value({{"total", 3}, {"limit", 100}, {"offset", 2}}));
  EXPECT_EQ(page.at("heroes").at(0).at("storyCount"), 0);
  EXPECT_EQ(see("/api/heroes?sortBy=age").status, 400);
  EXPECT_EQ(see("/api/heroes?limit=many").status, 400);
}

TEST_F(HeroesTest, Change) {
  const auto id = new_hero();
  clock.advance(std::chrono::minutes(5));
  const auto changed = patch("/api/heroes/" + id, {{"age", 8}, {"traits", {"Curious", "curious"}}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.at("hero").at("name"), "Alice");
  EXPECT_EQ(changed.at("hero").at("age"), 8);
  EXPECT_EQ(changed.at("hero").at("traits"), json::value(json::array{"curious"})) << "each once";
  EXPECT_EQ(changed.at("hero").at("updatedAt"), "2026-11-20T07:35:00Z");
  EXPECT_EQ(patch("/api/heroes/" + id, {{"abilities", json::array()}}).at("hero").at("abilities"), json::array());
  EXPECT_EQ(patch("/api/heroes/" + id, {{"age", 19}}).status, 400);
}

TEST_F(HeroesTest, MayBeOfNoParticularLooks) {
  auto plain = alice();
  plain["appearance"] = "";
  const auto id = new_hero(plain);
  EXPECT_EQ(see("/api/heroes/" + id).at("hero").at("appearance"), "");
  EXPECT_EQ(patch("/api/heroes/" + id, {{"appearance", "Green eyes"}}).at("hero").at("appearance"), "Green eyes");
  EXPECT_EQ(patch("/api/heroes/" + id, {{"appearance", " "}}).at("hero").at("appearance"), "");
  EXPECT_EQ(ask("/api/heroes/" + id + "/avatar").status, 200);
  new_story(id);
}

TEST_F(HeroesTest, AreTheirOwnersOnly) {
  const auto id = new_hero(), other = join("bob@example.com");
  for (const auto& reply : {see("/api/heroes/" + id, other), patch("/api/heroes/" + id, {{"age", 3}}, other),
                            remove("/api/heroes/" + id, other), see("/api/heroes/hero_none")}) {
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.at("code"), "HERO_NOT_FOUND");
  }
  EXPECT_EQ(get("/api/heroes").status, 401);
  EXPECT_EQ(see("/api/heroes/" + id).at("hero").at("age"), 7);
}

TEST_F(HeroesTest, LeaveTheirPortraitBehindWhenTheyGo) {
  const auto id = new_hero();
  const auto key = keep(new_media_key("avatars", "png"), "a portrait", "image/png");
  EXPECT_TRUE(run_task(store::keep_portrait(
      *database, id,
      {.storage_key = key, .prompt = "A girl", .generation_id = "gen_1", .look = {.colorPalette = {"#aabbcc"}}},
      clock.now())));
  const auto hero = see("/api/heroes/" + id).at("hero");
  EXPECT_EQ(hero.at("visualProfile").at("colorPalette"), json::value(json::array{"#aabbcc"}));
  const auto url = text(hero.at("avatarUrl"));
  const auto path = url.substr(url.find("/media/"));
  EXPECT_EQ(get(path).body, "a portrait") << "without credentials";
  EXPECT_EQ(get(path.substr(0, path.size() - 1)).status, 403);
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(text(see("/api/heroes/" + id).at("hero").at("avatarUrl")), url) << "apps keep what they read";
  clock.advance(std::chrono::days(2));
  EXPECT_EQ(get(path).status, 403);

  token = run_task(door.sign_in("ada@example.com", "Correct horse 1", "127.0.0.1")).tokens.access_token;
  EXPECT_EQ(remove("/api/heroes/" + id).at("storiesAffected"), 0);
  EXPECT_EQ(see("/api/heroes/" + id).status, 404);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
}

}  // namespace
}  // namespace odeon::stories
