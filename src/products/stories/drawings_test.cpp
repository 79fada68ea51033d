#include "products/stories/drawings.hpp"

#include <gmock/gmock.h>

#include "products/stories/by_hand.hpp"
#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A painter that paints nothing but one picture, and what it was asked for.
class OnePicture final : public ai::ImageModel {
 public:
  explicit OnePicture(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string name() const override { return "a/brush"; }
  bool takes_references() const override { return true; }
  Task<ai::Images> draw(ai::ImageRequest request) override {
    asked.push_back(request);
    if (fault) throw *fault;
    co_return ai::Images{.pictures = {{"image/png", bytes_, ""}}, .model = name(), .usage = {.images = 1}};
  }
  std::optional<Error> fault;
  std::vector<ai::ImageRequest> asked;

 private:
  std::string bytes_;
};

struct DrawingsTest : StoriesHouse {
  std::string written() { return "/api/stories/" + new_story(hero); }
  // Those of the story, drawn.
  json::array drawn(const std::string& story, json::object wish = {}) {
    const auto asked = ask(story + "/illustrations", std::move(wish));
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(ended(asked.at("job")), jobs::State::completed);
    return see(story + "/illustrations").at("illustrations").as_array();
  }
  std::string bytes_at(const json::value& url) {
    const auto address = text(url);
    return get(address.substr(address.find("/media/"))).body;
  }
  OnePicture& painter_with(std::string bytes) {
    auto model = std::make_unique<OnePicture>(std::move(bytes));
    OnePicture& told = *model;
    gateway.add(std::move(model));
    return told;
  }
  std::string hero = new_hero();
};

// Width and height, as the header of a PNG has them.
std::pair<int, int> png_size(const std::string& bytes) {
  const auto number = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return value;
  };
  return {number(16), number(20)};
}

TEST_F(DrawingsTest, AreDrawnOfScenesAndChained) {
  const auto story = written();
  EXPECT_EQ(see(story + "/illustrations/status").at("status"), "none");
  const auto pictures = drawn(story);
  ASSERT_EQ(pictures.size(), 3U);
  json::value before = nullptr;
  double at = -1;
  for (const auto& picture : pictures) {
    EXPECT_EQ(picture.at("generationStatus"), "completed");
    EXPECT_EQ(picture.at("previousGenerationId"), before);
    before = picture.at("generationId");
    EXPECT_GT(picture.at("timestamp").to_number<double>(), at);
    at = picture.at("timestamp").to_number<double>();
    EXPECT_EQ(png_size(bytes_at(picture.at("imageUrl"))), std::pair(1024, 1024));
  }
  const auto status = see(story + "/illustrations/status");
  EXPECT_EQ(status.at("status"), "completed");
  EXPECT_EQ(status.at("progress"), json::value({{"completed", 3}, {"total", 3}, {"percentage", 100}}));
  EXPECT_FALSE(see("/api/heroes/" + hero).at("hero").at("visualProfile").is_null()) << "learnt on the way";
}

TEST_F(DrawingsTest, ComeWhenTheyWereAskedFor) {
  const auto pictures = drawn(written(), {{"sceneTimestamps", {5.0, 20.5}}});
  ASSERT_EQ(pictures.size(), 2U);
  EXPECT_EQ(pictures[0].at("timestamp").to_number<double>(), 5.0);
  EXPECT_EQ(pictures[0].at("duration").to_number<double>(), 15.5);
  EXPECT_EQ(pictures[1].at("timestamp").to_number<double>(), 20.5);
}

TEST_F(DrawingsTest, MoveToTheTimesOfTheNarration) {
  const auto story = written();
  const auto before = drawn(story, {{"count", 2}});
  ended(ask(story + "/audio").at("job"));
  const auto list = see(story + "/illustrations");
  const auto after = list.at("illustrations").as_array();
  EXPECT_NE(after[1].at("timestamp"), before[1].at("timestamp"));
  EXPECT_NEAR(after[1].at("timestamp").to_number<double>() + after[1].at("duration").to_number<double>(),
              list.at("totalDuration").to_number<double>(), 0.001);
}

TEST_F(DrawingsTest, ByAModelGetThePortraitToMatch) {
  const auto first = drawn(written(), {{"count", 1}});
  auto& brush = painter_with(bytes_at(first[0].at("imageUrl")));
  ASSERT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 200);
  const auto portrait = see("/api/heroes/" + hero).at("hero").at("avatarGenerationId");
  const auto pictures = drawn(written(), {{"count", 2}});
  ASSERT_EQ(pictures.size(), 2U);
  EXPECT_EQ(pictures[0].at("model"), "a/brush");
  EXPECT_EQ(pictures[0].at("previousGenerationId"), portrait);
  ASSERT_THAT(brush.asked, SizeIs(3));
  EXPECT_THAT(brush.asked[0].references, IsEmpty());
  EXPECT_THAT(brush.asked[1].references, SizeIs(1));
  EXPECT_THAT(brush.asked[2].references, SizeIs(2)) << "the portrait, and the picture before";
  EXPECT_EQ(brush.asked[2].task, "stories.image");
}

// "die" is an article, "war" a verb, and "allein" what a prompt may not have.
TEST_F(DrawingsTest, AreAskedForInWordsThatAreFitInTheirLanguage) {
  const auto first = drawn(written(), {{"count", 1}});
  run_task(store::prefer(*database, user(), {.language = Language::de}));
  const auto story = "/api/stories/" + new_story(hero, {{"language", "de"}});
  ASSERT_EQ(patch(story, {{"content", "Die Katze war klein, und die Nacht war warm. Mia kam allein."}}).status, 200);
  auto& brush = painter_with(bytes_at(first[0].at("imageUrl")));
  drawn(story, {{"sceneTimestamps", json::array{0.0}}});
  ASSERT_THAT(brush.asked, SizeIs(1));
  EXPECT_THAT(brush.asked[0].prompt, HasSubstr("Die Katze war klein, und die Nacht war warm. Mia kam mit Freunden."));
  EXPECT_EQ(ask("/api/heroes/" + hero + "/avatar", {{"customPrompt", "Alice und die Katze, es war Nacht, ganz nah"}})
                .at("hero")
                .at("avatarPrompt"),
            "Alice und die Katze, es war Nacht, ganz nah");
  const auto event =
      ask("/api/custom-events", {{"title", "Die Nacht"}, {"description", "Es war Nacht, und sie war da."}});
  ASSERT_EQ(ask("/api/custom-events/" + text(event.at("event").at("id")) + "/pictogram").status, 200);
  EXPECT_THAT(brush.asked.back().prompt, HasSubstr("Die Nacht. Es war Nacht, und sie war da."));
}

TEST_F(DrawingsTest, OfScenesThatAModelChoseAreReadInEnglish) {
  const auto id = new_story(hero, {{"language", "de"}});
  ASSERT_EQ(patch("/api/stories/" + id, {{"content", "Mia segelte durch die Nacht. Alles war gut."}}).status, 200);
  writer().says = R"({"scenes":[{"text":"A girl sails on the sea at night","quote":"Mia segelte"}]})";
  drawn("/api/stories/" + id, {{"count", 1}});
  const auto rows = run_task(store::illustrations(*database, id));
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].scene.text, "A girl sails on the sea at night");
  EXPECT_EQ(rows[0].scene.language, Language::en);
  StoryScene german{.text = rows[0].scene.text, .language = Language::de};
  StoryScene english{.text = rows[0].scene.text, .language = Language::en};
  const HeroRow mia{.id = "hero_1", .name = "Mia", .age = 7};
  EXPECT_NE(scene_by_hand(mia, {}, english), scene_by_hand(mia, {}, german)) << "the sea, and a meadow";
}

TEST_F(DrawingsTest, ThatAModelRefusesAreDrawnByHand) {
  auto& brush = painter_with("no picture at all");
  const auto pictures = drawn(written(), {{"count", 1}});
  EXPECT_EQ(pictures.at(0).at("model"), "odeon-offline/storybook");
  EXPECT_THAT(brush.asked, SizeIs(1));
}

TEST_F(DrawingsTest, AreDeletedOneByOne) {
  const auto story = written();
  const auto pictures = drawn(story);
  EXPECT_EQ(remove(story + "/illustrations/" + text(pictures[0].at("id"))).at("success"), true);
  const auto left = see(story + "/illustrations").at("illustrations").as_array();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].at("displayOrder"), 0);
  EXPECT_EQ(left[0].at("id"), pictures[1].at("id"));
  EXPECT_EQ(remove(story + "/illustrations/" + text(pictures[0].at("id"))).status, 404);
  EXPECT_EQ(remove(written() + "/illustrations/" + text(left[0].at("id"))).status, 404) << "of another story";
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(2));
}

TEST_F(DrawingsTest, TakeThePlaceOfThoseBefore) {
  const auto story = written();
  drawn(story);
  EXPECT_EQ(drawn(story, {{"count", 1}}).size(), 1U);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1));
}

TEST_F(DrawingsTest, AskedForAnewAreNotHarmedByThoseThatAreGivenUp) {
  const auto story = written(), id = story.substr(story.rfind('/') + 1);
  const auto given_up = run_task([](DrawingsTest& self, std::string id) -> Task<std::string> {
    auto tx = co_await self.database->begin();
    const auto job = co_await self.queue.enqueue(*tx, IllustrateStory{.id = id, .pictures = {"ill_before"}},
                                                 {.run_at = self.clock.now() + std::chrono::hours(1)});
    co_await store::expect_illustrations(*tx, id, job.id);
    co_await tx->commit();
    co_return job.id;
  }(*this, id));
  for (const auto& picture : drawn(story)) {
    EXPECT_EQ(picture.at("generationStatus"), "completed");
    EXPECT_FALSE(picture.as_object().contains("errorMessage")) << json::write(picture);
    EXPECT_EQ(picture.at("retryCount"), 0);
  }
  EXPECT_EQ(ended(json::object{{"id", given_up}}), jobs::State::cancelled);
}

TEST_F(DrawingsTest, ThatAreGivenUpFail) {
  const auto story = written(), id = story.substr(story.rfind('/') + 1);
  run_task(store::add_each(*database, {{.id = "ill_awaited", .story_id = id, .user_id = user()},
                                       {.id = "ill_other", .story_id = id, .user_id = user(), .display_order = 1}}));
  run_task(store::mark_rest_undrawn(*database, {"ill_awaited"}, "Given up.", clock.now()));
  const auto pictures = see(story + "/illustrations").at("illustrations").as_array();
  EXPECT_EQ(pictures.at(0).at("errorMessage"), "Given up.");
  EXPECT_EQ(pictures.at(1).at("generationStatus"), "pending");
  run_task(store::mark_drawn(*database, {.id = "ill_awaited"}, clock.now()));
  EXPECT_FALSE(see(story + "/illustrations").at("illustrations").at(0).as_object().contains("errorMessage"));
}

TEST_F(DrawingsTest, AreRefusedWithAReason) {
  const auto story = written();
  for (const json::object& wish : std::vector<json::object>{{{"count", 0}},
                                                            {{"count", 6}},
                                                            {{"sceneTimestamps", {3.0, 2.0}}},
                                                            {{"sceneTimestamps", json::array{-1.0}}},
                                                            {{"sceneTimestamps", {1.0, 2.0}}, {"count", 3}},
                                                            {{"priority", "soon"}}})
    EXPECT_EQ(ask(story + "/illustrations", wish).status, 400) << json::write(wish);
  EXPECT_EQ(ask(story + "/illustrations", {}, join("bob@example.com")).status, 404);
  EXPECT_EQ(see(story + "/illustrations").at("illustrations").as_array().size(), 0U);
}

TEST_F(DrawingsTest, AreAskedForFiveTimesAnHourAtTheMost) {
  const auto story = written();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(story + "/illustrations", {{"count", 1}}).status, 202);
  const auto refused = ask(story + "/illustrations", {{"count", 1}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "5");
}

TEST_F(DrawingsTest, BeginWithAPortraitAndItsProfile) {
  const auto answer = ask("/api/heroes/" + hero + "/avatar");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto shown = answer.at("hero");
  EXPECT_EQ(png_size(bytes_at(shown.at("avatarUrl"))), std::pair(1024, 1024));
  EXPECT_EQ(shown.at("visualProfile").at("eyeColor"), "blue");
  EXPECT_FALSE(text(shown.at("avatarPrompt")).empty());
  EXPECT_EQ(text(shown.at("avatarGenerationId")).substr(0, 4), "gen_");
  EXPECT_EQ(shown.at("avatarModel"), "odeon-offline/storybook");
  EXPECT_EQ(ask("/api/heroes/" + hero + "/avatar", {{"customPrompt", "Alice with a red scarf"}})
                .at("hero")
                .at("avatarPrompt"),
            "Alice with a red scarf");
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1)) << "the first is gone";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 200);
  EXPECT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 429);
  EXPECT_EQ(ask("/api/heroes/hero_none/avatar").status, 404);
}

TEST_F(DrawingsTest, ShowAHeroInTheSameClothesOnceItsPortraitHasTaughtItsColours) {
  auto row = run_task(store::hero(*database, user(), hero)).value();
  const VisualLook before = plain_look(hero_told(row));
  const StoryScene scene{.text = "Alice is in a meadow"};
  const auto drawn_before = scene_by_hand(row, before, scene);
  ASSERT_EQ(ask("/api/heroes/" + hero + "/avatar").status, 200);
  row = run_task(store::hero(*database, user(), hero)).value();
  const VisualLook after = row.visual_profile.value();
  EXPECT_THAT(after.colorPalette, ::testing::Each(::testing::MatchesRegex("#[0-9a-f]{6}")));
  EXPECT_GT(after.colorPalette.size(), 3U) << "of the picture too";
  EXPECT_EQ(scene_by_hand(row, after, scene), drawn_before);
}

TEST_F(DrawingsTest, OfAPortraitThatWasBroughtTakeItsColours) {
  auto row = run_task(store::hero(*database, user(), hero)).value();
  run_task(store::take_portrait(*database, hero, {"stories/avatars/brought.png", {"#112233"}}, clock.now()));
  drawn(written(), {{"count", 1}});
  const auto profile = see("/api/heroes/" + hero).at("hero").at("visualProfile");
  EXPECT_EQ(profile.at("colorPalette"), json::value(json::array{"#112233"}));
  EXPECT_EQ(profile.at("eyeColor"), "blue") << "learnt on the way, as of any hero";
}

TEST_F(DrawingsTest, OfAHeroOfColoursInWordsNameThemAsTheyAre) {
  auto wanted = alice();
  wanted["appearance"] = "Blue eyes and a red dress";
  hero = new_hero(wanted);
  drawn(written(), {{"count", 1}});
  for (const auto& colour : see("/api/heroes/" + hero).at("hero").at("visualProfile").at("colorPalette").as_array())
    EXPECT_EQ(text(colour).front(), '#');
}

}  // namespace
}  // namespace odeon::stories
