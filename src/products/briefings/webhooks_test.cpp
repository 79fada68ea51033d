#include "products/briefings/webhooks.hpp"

#include <gmock/gmock.h>

#include "engine/notify/webhooks_fixture_test.hpp"
#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;

struct WebhooksTest : BriefingsTest {
  WebhooksTest() {
    open(example_feeds());
    give("ann", "pro");
    give("bob", "pro");
  }
  std::string endpoint(const std::string& who, array events) {
    return text(post(who, "/api/webhook-endpoints", object{{"url", receiver.url()}, {"events", std::move(events)}}, 201)
                    .at("endpoint")
                    .at("id"));
  }
  std::string made_for(const std::string& who) {
    const std::string id = text(post(who, "/api/briefings", object{{"tickers", array{"AAPL"}}}).at("briefing_id"));
    finish(id);
    return id;
  }
  // Until every delivery has ended.
  void delivered() {
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    for (const auto& id : on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'notify.webhook'")))
      on_loop(queue.watch(id, ignore));
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }

  notify::Receiver receiver;
};

TEST_F(WebhooksTest, ABriefingThatIsReadyIsToldToItsOwnersPrograms) {
  endpoint("ann", {"briefing.ready"});
  endpoint("ann", {"subscription.changed"});
  endpoint("bob", {});
  const std::string id = made_for("ann");
  delivered();
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  const auto event = json::parse(received[0].body);
  EXPECT_EQ(event.at("type"), "briefing.ready");
  const auto told = event.at("data");
  const auto poll = data("/api/briefings/" + id, 200, "ann");
  EXPECT_EQ(told.at("id"), id.c_str());
  EXPECT_EQ(told.at("url"), ("https://odeon.test/briefings/api/briefings/" + id).c_str());
  for (const char* same : {"title", "duration", "generated_at"}) EXPECT_EQ(told.at(same), poll.at(same)) << same;
  std::string audio = text(told.at("audio_url"));
  ASSERT_TRUE(audio.starts_with("https://odeon.test/briefings/api/audio/" + id)) << audio;
  audio.erase(0, std::string("https://odeon.test").size());
  EXPECT_EQ(server.get(audio).status, 200) << "it plays";
}

TEST_F(WebhooksTest, TellOfWhatThereIs) {
  EXPECT_EQ(data("/api/webhook-endpoints", 200, "ann").at("event_types"),
            (array{"briefing.ready", "subscription.changed"}));
  const auto error = post("ann", "/api/webhook-endpoints",
                          object{{"url", receiver.url()}, {"events", array{"briefing.ready", "story.ready"}}}, 400);
  EXPECT_EQ(error.at("details").at(0).at("field"), "events[1]");
}

}  // namespace
}  // namespace odeon::briefings
