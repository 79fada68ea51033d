#include "products/stories/custom_events.hpp"

#include <gmock/gmock.h>

#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct CustomEventsTest : StoriesHouse {
  static json::object pool_day() {
    return {{"title", "First day at the pool"},
            {"description", "Going to the swimming pool with grandpa for the very first time"},
            {"keywords", {"water", "grandpa"}},
            {"category", "family"},
            {"tone", "funny"}};
  }
  std::string new_event(json::object event = pool_day()) {
    const auto reply = ask("/api/custom-events", std::move(event));
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("event").at("id"));
  }
  std::vector<std::string> event_titles(const std::string& query) {
    std::vector<std::string> found;
    for (const auto& event : see("/api/custom-events" + query).at("events").as_array())
      found.push_back(text(event.at("title")));
    return found;
  }
};

TEST_F(CustomEventsTest, AreMadeReadChangedAndDeleted) {
  const auto id = new_event();
  EXPECT_EQ(id.substr(0, 6), "event_");
  const auto event = see("/api/custom-events/" + id).at("event");
  EXPECT_EQ(event.at("promptSeed"), event.at("description"));
  EXPECT_EQ(event.at("tone"), "funny");
  EXPECT_EQ(event.at("aiEnhanced"), false);
  const auto changed = patch("/api/custom-events/" + id, {{"isFavorite", true}, {"pictogramEmoji", "🏊"}}).at("event");
  EXPECT_EQ(changed.at("title"), "First day at the pool");
  EXPECT_EQ(changed.at("pictogramEmoji"), "🏊");
  const auto other = join("bob@example.com");
  for (const auto& reply :
       {see("/api/custom-events/" + id, other), patch("/api/custom-events/" + id, {{"title", "Mine"}}, other),
        remove("/api/custom-events/" + id, other), ask("/api/custom-events/" + id + "/enhance", {}, other),
        ask("/api/custom-events/" + id + "/pictogram", {}, other)}) {
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.at("code"), "CUSTOM_EVENT_NOT_FOUND");
  }
  EXPECT_EQ(remove("/api/custom-events/" + id).at("success"), true);
  EXPECT_EQ(see("/api/custom-events/" + id).status, 404);
}

TEST_F(CustomEventsTest, AreRefusedWithEveryFault) {
  const std::vector<json::object> table{
      {{"title", ""}},      {{"title", std::string(101, 'x')}}, {{"description", nullptr}}, {{"tone", "gruesome"}},
      {{"language", "xx"}}, {{"keywords", json::array(11)}},    {{"category", " "}}};
  for (const auto& change : table) {
    auto event = pool_day();
    for (const auto& [key, value] : change) event[key] = value;
    const auto refused = ask("/api/custom-events", event);
    EXPECT_EQ(refused.status, 400) << json::write(change) << refused.body;
  }
  auto unfit = pool_day();
  unfit["description"] = "A massacre in the park";
  EXPECT_EQ(ask("/api/custom-events", unfit).at("code"), "CONTENT_NOT_ALLOWED");
  EXPECT_THAT(event_titles(""), IsEmpty());
}

TEST_F(CustomEventsTest, AreListedAsWanted) {
  auto second = pool_day();
  second["title"] = "Moving house";
  second["category"] = "home";
  const auto pool = new_event();
  clock.advance(std::chrono::seconds(1));
  new_event(second);
  EXPECT_THAT(event_titles(""), ElementsAre("Moving house", "First day at the pool"));
  EXPECT_THAT(event_titles("?category=family"), ElementsAre("First day at the pool"));
  EXPECT_THAT(event_titles("?isFavorite=true"), IsEmpty());
  new_story(new_hero(), {{"eventType", nullptr}, {"customEventId", pool}});
  EXPECT_THAT(event_titles("?sortBy=usageCount"), ElementsAre("First day at the pool", "Moving house"));
  EXPECT_EQ(see("/api/custom-events/" + pool).at("event").at("usageCount"), 1);
}

TEST_F(CustomEventsTest, BecomeStoriesThatOutliveThem) {
  const auto pool = new_event();
  const auto id = new_story(new_hero(), {{"eventType", nullptr}, {"customEventId", pool}});
  EXPECT_EQ(text(see("/api/stories/" + id).at("story").at("customEventId")), pool);
  remove("/api/custom-events/" + pool);
  EXPECT_TRUE(see("/api/stories/" + id).at("story").at("customEventId").is_null());
}

TEST_F(CustomEventsTest, AreEnhancedByAModelAndKeepWhatWasWritten) {
  const auto id = new_event();
  auto& model = writer();
  model.says =
      R"({"title":"The pool","description":"Grandpa wears a snorkel to the pool.","promptSeed":"Tell of the first jump.",)"
      R"("keywords":["snorkel","jump"]})";
  const auto enhanced = ask("/api/custom-events/" + id + "/enhance");
  ASSERT_EQ(enhanced.status, 200) << enhanced.body;
  EXPECT_EQ(enhanced.at("job").at("status"), "completed");
  const auto event = enhanced.at("event");
  EXPECT_EQ(event.at("promptSeed"), "Tell of the first jump.");
  EXPECT_EQ(event.at("originalPrompt"), pool_day().at("description"));
  EXPECT_EQ(event.at("aiEnhanced"), true);
  EXPECT_EQ(event.at("model"), "a/writer");
  EXPECT_EQ(model.asked.at(0).task, "event_enhancement");
  ask("/api/custom-events/" + id + "/enhance");
  EXPECT_EQ(see("/api/custom-events/" + id).at("event").at("originalPrompt"), pool_day().at("description"));
}

TEST_F(CustomEventsTest, SayThatNoModelEnhancedThem) {
  const auto event = ask("/api/custom-events/" + new_event() + "/enhance").at("event");
  EXPECT_EQ(event.at("aiEnhanced"), false);
  EXPECT_EQ(event.at("model"), "odeon-offline");
  EXPECT_EQ(event.at("originalPrompt"), pool_day().at("description"));
}

// Awaits one call before it writes.
class PatientWriter final : public ai::TextModel {
 public:
  explicit PatientWriter(std::function<Task<void>()> call) : call_(std::move(call)) {}
  std::string name() const override { return "a/patient"; }
  Task<ai::TextReply> complete(const ai::TextRequest&, TraceContext) override {
    co_await call_();
    co_return ai::TextReply::of(R"({"title":"Pool","description":"Richer.","promptSeed":"Seed.","keywords":[]})",
                                name(), {});
  }

 private:
  std::function<Task<void>()> call_;
};

TEST_F(CustomEventsTest, KeepWhatTheirOwnerChangesWhileTheyAreEnhanced) {
  const auto id = new_event();
  gateway.add(std::make_unique<PatientWriter>([this, id](this auto) -> Task<void> {
    co_await database->execute("UPDATE stories_custom_events SET is_favorite = TRUE, title = 'Pool' WHERE id = $1", id);
  }));
  const auto event = ask("/api/custom-events/" + id + "/enhance").at("event");
  EXPECT_EQ(event.at("promptSeed"), "Seed.");
  EXPECT_EQ(event.at("isFavorite"), true);
  EXPECT_EQ(event.at("title"), "Pool");
}

TEST_F(CustomEventsTest, HavePictograms) {
  const auto id = new_event();
  const auto drawn = ask("/api/custom-events/" + id + "/pictogram");
  ASSERT_EQ(drawn.status, 200) << drawn.body;
  EXPECT_EQ(drawn.at("event").at("pictogramModel"), "odeon-offline/storybook");
  const auto url = text(drawn.at("event").at("pictogramUrl"));
  EXPECT_EQ(get(url.substr(url.find("/media/"))).body.substr(1, 3), "PNG");
  ask("/api/custom-events/" + id + "/pictogram");
  run_task(sweeper.sweep());
  EXPECT_EQ(objects().size(), 1U);
  EXPECT_EQ(see("/api/user/usage").at("summary").at("imagesGenerated"), 2);
}

}  // namespace
}  // namespace odeon::stories
