#include "products/stories/tales.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <thread>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kToldStory =
    "The Lantern of Alice\n\n"
    "Alice found a lantern in the garden, and its little flame was fast asleep. She sat down beside it and hummed the "
    "song that her grandmother hums when the soup is nearly done.\n\n"
    "The flame yawned, stretched, and told her about the moths who had lost their way home. So they went together, "
    "very "
    "slowly, and left a small warm light at every corner.\n\n"
    "At the first corner a hedgehog asked whether there was any light left for him, because his reading lamp had run "
    "out "
    "of oil in the middle of the best chapter. Alice gave him a spark in a walnut shell, and he promised to tell her "
    "how "
    "the chapter ended.\n\n"
    "When the last moth had waved good night, Alice carried the lantern home and put it on the window sill. It blinked "
    "twice, and then they both fell asleep, warm and round and very much at home.";

struct TalesTest : StoriesHouse {
  std::vector<std::string> titles(const std::string& query) {
    std::vector<std::string> found;
    for (const auto& story : see("/api/stories" + query).at("stories").as_array())
      found.push_back(text(story.at("title")));
    return found;
  }
  std::int64_t used() { return run_task(allowances.of(user(), product, "stories")).used; }
  std::int64_t held() { return run_task(allowances.of(user(), product, "stories")).reserved; }
};

TEST_F(TalesTest, AreWrittenAsTheSpecShows) {
  const auto hero = new_hero();
  const auto made = ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}, {"language", "en"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const auto story = made.at("story");
  EXPECT_EQ(text(story.at("id")).substr(0, 6), "story_");
  EXPECT_EQ(text(story.at("heroId")), hero);
  EXPECT_EQ(story.at("language"), "en");
  EXPECT_EQ(story.at("eventType"), "bedtime");
  EXPECT_EQ(story.at("model"), "odeon-offline");
  EXPECT_THAT(text(story.at("content")), HasSubstr("Alice"));
  EXPECT_FALSE(text(story.at("title")).empty());
  const auto audio = made.at("jobs").at("audioGeneration");
  EXPECT_EQ(audio.at("queued"), true);
  EXPECT_FALSE(made.at("jobs").as_object().contains("illustrationGeneration"));
  EXPECT_EQ(ended(audio), jobs::State::completed);
  EXPECT_EQ(used(), 1);
  EXPECT_EQ(held(), 0);
}

TEST_F(TalesTest, AreAnsweredAtOnceToWhoDoesNotWait) {
  const auto made = ask("/api/stories",
                        {{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateAudio", false}, {"wait", false}});
  ASSERT_EQ(made.status, 202) << made.body;
  EXPECT_EQ(ended(made.at("jobs").at("storyGeneration")), jobs::State::completed);
  const auto read = see("/api/stories/" + text(made.at("story").at("id"))).at("story");
  EXPECT_EQ(read.at("status"), "ready");
  EXPECT_EQ(read.at("hero").at("name"), "Alice");
}

TEST_F(TalesTest, OfOneHeroAreAllDifferent) {
  take_premium();
  const auto hero = new_hero();
  std::set<std::string> told;
  for (int i = 0; i < 6; ++i) told.insert(text(see("/api/stories/" + new_story(hero)).at("story").at("content")));
  EXPECT_EQ(told.size(), 6U);
}

TEST_F(TalesTest, BothJobsAreQueuedForWhoWantsBoth) {
  const auto made = ask(
      "/api/stories",
      {{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateIllustrations", true}, {"illustrationCount", 2}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(ended(made.at("jobs").at("audioGeneration")), jobs::State::completed);
  EXPECT_EQ(ended(made.at("jobs").at("illustrationGeneration")), jobs::State::completed);
  const auto story = see("/api/stories/" + text(made.at("story").at("id")) + "?includeIllustrations=true").at("story");
  EXPECT_EQ(story.at("illustrationCount"), 2);
  EXPECT_EQ(story.at("illustrations").as_array().size(), 2U);
  EXPECT_EQ(story.at("audioGenerated"), true);
}

TEST_F(TalesTest, ByAModelAreLookedThroughAndPaidFor) {
  auto& model = writer();
  model.says = kToldStory;
  const auto id = new_story(new_hero());
  const auto story = see("/api/stories/" + id).at("story");
  EXPECT_EQ(story.at("title"), "The Lantern of Alice");
  EXPECT_EQ(story.at("model"), "a/writer");
  ASSERT_EQ(model.asked.size(), 1U);
  EXPECT_EQ(model.asked[0].task, "stories.write");
  EXPECT_THAT(model.asked[0].messages[1].text(), HasSubstr("Alice"));
  const auto usage = see("/api/user/usage");
  EXPECT_EQ(usage.at("summary").at("storiesGenerated"), 1);
  EXPECT_EQ(usage.at("summary").at("totalTokensUsed"), 1700);
  EXPECT_EQ(usage.at("breakdown").at(0).at("operation"), "story_generation");
}

// A story that is written is not thrown away for its title.
TEST_F(TalesTest, ByAModelWithoutATitleAreGivenOne) {
  const std::string told = kToldStory;
  auto& model = writer();
  model.says = "<b>A title</b>" + told.substr(told.find('\n'));
  const auto story = see("/api/stories/" + new_story(new_hero())).at("story");
  EXPECT_EQ(story.at("model"), "a/writer");
  EXPECT_FALSE(text(story.at("title")).empty()) << "composed, since what it answered was no title again";
  ASSERT_EQ(model.asked.size(), 2U);
  EXPECT_THAT(model.asked[1].messages[0].text(), HasSubstr("title"));
  model.after = "A Title of Its Own";
  EXPECT_EQ(see("/api/stories/" + new_story(new_hero())).at("story").at("title"), "A Title of Its Own");
}

TEST_F(TalesTest, ThatAModelSpoilsAreComposed) {
  auto& model = writer();
  model.says = "No.";
  EXPECT_EQ(see("/api/stories/" + new_story(new_hero())).at("story").at("model"), "odeon-offline");
}

struct FaultyStory {
  json::object change;
  unsigned status;
  const char* code;
};

TEST_F(TalesTest, AreRefusedWithAReason) {
  const auto hero = new_hero();
  const std::vector<FaultyStory> table{
      {{{"heroId", "hero_none"}}, 404, "HERO_NOT_FOUND"},
      {{{"heroId", nullptr}}, 400, "VALIDATION_ERROR"},
      {{{"eventType", "a war"}}, 400, "VALIDATION_ERROR"},
      {{{"eventType", nullptr}}, 400, "VALIDATION_ERROR"},
      {{{"customEventId", "event_none"}}, 404, "CUSTOM_EVENT_NOT_FOUND"},
      {{{"language", "xx"}}, 400, "VALIDATION_ERROR"},
      {{{"illustrationCount", 0}}, 400, "VALIDATION_ERROR"},
      {{{"illustrationCount", 6}}, 400, "VALIDATION_ERROR"},
      {{{"generateAudio", "perhaps"}}, 400, "VALIDATION_ERROR"},
      {{{"voice", "darth"}}, 400, "VALIDATION_ERROR"},
  };
  for (const auto& row : table) {
    json::object wish{{"heroId", hero}, {"eventType", "bedtime"}};
    for (const auto& [key, value] : row.change) wish[key] = value;
    const auto refused = ask("/api/stories", wish);
    EXPECT_EQ(refused.status, row.status) << json::write(row.change) << refused.body;
    EXPECT_EQ(refused.at("code"), row.code);
  }
  EXPECT_EQ(ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}}, join("bob@example.com")).status, 404);
  const auto theirs =
      ask("/api/custom-events", {{"title", "Picnic"}, {"description", "In the park"}}, join("eve@example.com"));
  const auto refused = ask("/api/stories", {{"heroId", hero}, {"customEventId", text(theirs.at("event").at("id"))}});
  EXPECT_EQ(refused.status, 404) << "an event of somebody else's";
  EXPECT_EQ(refused.at("code"), "CUSTOM_EVENT_NOT_FOUND");
  EXPECT_EQ(used() + held(), 0);
}

TEST_F(TalesTest, TheEleventhOfAMonthIsRefused) {
  const auto hero = new_hero();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(use(user(), "stories"));
  const auto refused = ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "MONTHLY_LIMIT_REACHED");
  EXPECT_EQ(refused.at("upgrade_url"), "app://upgrade");
}

TEST_F(TalesTest, MoreThanTenInAnHourAreTooMany) {
  take_premium();
  const auto hero = new_hero();
  EXPECT_EQ(ask("/api/stories", {{"heroId", hero}}).status, 400) << "does not count";
  const json::object wish{{"heroId", hero}, {"eventType", "bedtime"}, {"generateAudio", false}};
  const auto first = ask("/api/stories", wish);
  EXPECT_EQ(first.headers.get("RateLimit-Limit"), "10");
  EXPECT_EQ(first.headers.get("RateLimit-Remaining"), "9");
  EXPECT_EQ(see("/api/stories").headers.get("RateLimit-Limit"), "100") << "of the minute";
  for (int i = 1; i < 10; ++i) new_story(hero);
  const auto refused = ask("/api/stories", wish);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "10");
  EXPECT_EQ(refused.headers.get("RateLimit-Remaining"), "0");
  EXPECT_EQ(refused.headers.get("RateLimit-Reset").empty(), false);
  EXPECT_FALSE(refused.headers.get("Retry-After").empty());
  EXPECT_EQ(used(), 10);
  EXPECT_EQ(held(), 0) << "what was refused holds nothing";
}

TEST_F(TalesTest, CountAsTheReadingsAndIllustrationsThatComeWithThem) {
  take_premium();
  const auto hero = new_hero();
  json::object wish{{"heroId", hero},
                    {"eventType", "bedtime"},
                    {"generateAudio", false},
                    {"generateIllustrations", true},
                    {"illustrationCount", 1}};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("/api/stories", wish).status, 201);
  for (int i = 0; i < 10; ++i) {
    const auto refused = ask("/api/stories", wish);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "5");
  }
  wish["generateIllustrations"] = false;
  for (int i = 5; i < 10; ++i) EXPECT_EQ(ask("/api/stories", wish).status, 201) << "what was refused did not count";
  EXPECT_EQ(ask("/api/stories", wish).status, 429);
  EXPECT_EQ(used(), 10);
}

TEST_F(TalesTest, ThatAreRefusedByTheLastLimitGiveTheFirstBack) {
  take_premium();
  const auto hero = new_hero(), story = "/api/stories/" + new_story(hero);
  for (int i = 1; i < 10; ++i) new_story(hero);
  const json::object wish{{"heroId", hero}, {"eventType", "bedtime"}, {"generateIllustrations", true}};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("/api/stories", wish).status, 429) << "ten were written";
  EXPECT_EQ(ask(story + "/illustrations", {{"count", 1}}).headers.get("RateLimit-Remaining"), "4");
  EXPECT_EQ(ask(story + "/audio").headers.get("RateLimit-Remaining"), "19");
}

TEST_F(TalesTest, ThatCouldNotBeWrittenCanBeAskedForByTheSameRequest) {
  const json::object wish{{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateAudio", false}, {"wait", false}};
  const auto by_one_key = [&] {
    return call(http::Method::post, "/api/stories", wish, token, {{"Idempotency-Key", "one"}});
  };
  const auto asked = by_one_key();
  const auto first = text(asked.at("story").at("id"));
  EXPECT_EQ(ended(asked.at("jobs").at("storyGeneration")), jobs::State::completed);
  run_task(database->execute("UPDATE stories_tales SET status = 'writing' WHERE id = $1", first));
  run_task(store::mark_unwritten(*database, first, "It could not be written.", clock.now()));
  EXPECT_EQ(see("/api/stories/" + first).at("story").at("status"), "failed");
  const auto second = text(by_one_key().at("story").at("id"));
  EXPECT_NE(second, first);
  EXPECT_EQ(text(by_one_key().at("story").at("id")), second);
}

TEST_F(TalesTest, LoseNoChangeToAnother) {
  const auto id = new_story(new_hero()), path = "/api/stories/" + id;
  for (int i = 0; i < 20; ++i) {
    server.limiter = {};
    const auto content = fmt::format("This is telling number {}.", i);
    std::latch both(2);
    std::jthread other([&] {
      both.arrive_and_wait();
      EXPECT_EQ(patch(path, {{"isFavorite", i % 2 == 0}}).status, 200);
    });
    both.arrive_and_wait();
    EXPECT_EQ(patch(path, {{"content", content}}).status, 200);
    other.join();
    const auto story = see(path).at("story");
    EXPECT_EQ(text(story.at("content")), content);
    EXPECT_EQ(story.at("isFavorite"), i % 2 == 0);
  }
}

TEST_F(TalesTest, AreAskedForOnceUnderOneKey) {
  const json::object wish{{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateAudio", false}};
  const auto first = call(http::Method::post, "/api/stories", wish, token, {{"Idempotency-Key", "one"}});
  const auto again = call(http::Method::post, "/api/stories", wish, token, {{"Idempotency-Key", "one"}});
  EXPECT_EQ(first.at("story").at("id"), again.at("story").at("id"));
  EXPECT_EQ(used(), 1);
}

TEST_F(TalesTest, AreListedAsWanted) {
  const auto alice = new_hero();
  auto other = StoriesHouse::alice();
  other["name"] = "Bob";
  const auto bob = new_hero(other);
  const auto first = new_story(alice);
  clock.advance(std::chrono::seconds(1));
  const auto second = new_story(bob, {{"language", "de"}});
  for (const auto& [id, title] : {std::pair(first, "One"), std::pair(second, "Two")})
    EXPECT_EQ(patch("/api/stories/" + id, {{"title", title}}).status, 200);
  EXPECT_THAT(titles(""), ElementsAre("Two", "One"));
  EXPECT_THAT(titles("?sortOrder=asc"), ElementsAre("One", "Two"));
  EXPECT_THAT(titles("?heroId=" + bob), ElementsAre("Two"));
  EXPECT_THAT(titles("?language=de"), ElementsAre("Two"));
  EXPECT_THAT(titles("?eventType=bedtime&limit=1"), ElementsAre("Two"));
  EXPECT_THAT(titles("?eventType=birthday"), IsEmpty());
  EXPECT_EQ(ask("/api/stories/" + first + "/listen").at("listenCount"), 1);
  EXPECT_EQ(ask("/api/stories/" + first + "/listen").at("lastListenedAt"), "2026-11-20T07:30:01Z");
  EXPECT_THAT(titles("?sortBy=listenCount"), ElementsAre("One", "Two"));
  EXPECT_EQ(patch("/api/stories/" + second, {{"isFavorite", true}}).at("story").at("isFavorite"), true);
  EXPECT_THAT(titles("?isFavorite=true"), ElementsAre("Two"));
  EXPECT_THAT(titles("?isFavorite=false"), ElementsAre("One"));
  EXPECT_EQ(see("/api/stories?offset=1").at("pagination").at("total"), 2);
  EXPECT_EQ(see("/api/heroes/" + alice + "?includeStories=true").at("hero").at("stories").at(0).at("title"), "One");
  EXPECT_EQ(see("/api/heroes").at("heroes").at(0).at("storyCount"), 1);
}

TEST_F(TalesTest, KeepTheirSoundUntilItIsMadeAnew) {
  const auto id = new_story(new_hero(), {{"generateAudio", true}});
  wait_for_audio(id);
  EXPECT_TRUE(patch("/api/stories/" + id, {{"content", "All is well. Good night."}})
                  .at("story")
                  .at("audioGenerated")
                  .as_bool());
  const auto changed =
      patch("/api/stories/" + id, {{"content", "All is very well. Sleep tight."}, {"regenerateAudio", true}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.at("jobs").at("audioRegeneration").at("queued"), true);
  EXPECT_EQ(ended(changed.at("jobs").at("audioRegeneration")), jobs::State::completed);
  EXPECT_EQ(voice->asked.back().voice, "nova");
  const auto along = see("/api/stories/" + id + "/read-along");
  EXPECT_EQ(along.at("estimated"), false);
  EXPECT_EQ(along.at("sentences").as_array().size(), 2U);
  EXPECT_EQ(along.at("words").as_array().size(), 6U);
  run_task(sweeper.sweep());
  EXPECT_EQ(objects().size(), 1U) << "the sound that there was is gone";
}

TEST_F(TalesTest, GoWithAllThatIsTheirs) {
  const auto made =
      ask("/api/stories", {{"heroId", new_hero()}, {"eventType", "bedtime"}, {"generateIllustrations", true}});
  ended(made.at("jobs").at("audioGeneration"));
  ended(made.at("jobs").at("illustrationGeneration"));
  EXPECT_EQ(objects().size(), 4U);
  const auto path = "/api/stories/" + text(made.at("story").at("id"));
  EXPECT_EQ(remove(path, join("bob@example.com")).status, 404);
  EXPECT_EQ(remove(path).at("success"), true);
  EXPECT_EQ(see(path).status, 404);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(used(), 1) << "it was written all the same";
}

TEST_F(TalesTest, OutliveTheirHero) {
  const auto hero = new_hero(), id = new_story(hero);
  EXPECT_EQ(remove("/api/heroes/" + hero).at("storiesAffected"), 1);
  const auto story = see("/api/stories/" + id).at("story");
  EXPECT_TRUE(story.at("heroId").is_null());
  EXPECT_EQ(story.at("heroName"), "Alice");
}

TEST_F(TalesTest, AreToldToPeoplesPrograms) {
  EXPECT_EQ(ask("/api/webhook-endpoints", {{"url", "https://hooks.example/stories"}}).status, 201);
  const auto made = ask("/api/stories", {{"heroId", new_hero()}, {"eventType", "bedtime"}});
  ended(made.at("jobs").at("audioGeneration"));
  std::vector<std::string> types;
  for (const auto& event : events()) types.push_back(text(event.at("type")));
  EXPECT_THAT(types, ElementsAre("story.ready", "story.audio_ready"));
  EXPECT_THAT(text(events()[1].at("data").at("audio_url")), HasSubstr("https://example.com/stories/media/audio/"));
}

TEST_F(TalesTest, EditedUnfitlyAreRefused) {
  const auto id = new_story(new_hero());
  const auto refused = patch("/api/stories/" + id, {{"content", "There was a massacre and a bloodbath."}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.at("code"), "CONTENT_NOT_ALLOWED");
}

}  // namespace
}  // namespace odeon::stories
