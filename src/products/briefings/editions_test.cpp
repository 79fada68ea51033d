#include "products/briefings/editions.hpp"

#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

// What a WebSocket was told.
class Listener final : public http::WebSocket {
 public:
  Task<std::optional<http::SocketMessage>> receive() override {
    co_await sleep_on_loop(std::chrono::hours(1));  // a client that says nothing
    co_return std::nullopt;
  }
  Task<void> send(http::SocketMessage message) override {
    told.push_back(json::from<ProgressMessage>(message.data));
    co_return;
  }
  Task<void> close(std::uint16_t code, std::string) override {
    closed_with = code;
    co_return;
  }
  std::vector<ProgressMessage> told;
  std::uint16_t closed_with = 0;
};

class EditionsTest : public BriefingsTest {};

TEST_F(EditionsTest, BecomesPlayable) {
  open(example_feeds(), 150);
  const std::string id = made();

  const auto latest = data("/api/briefings/general/latest");
  EXPECT_EQ(latest.at("id"), id.c_str());
  EXPECT_EQ(latest.at("audio_url"), ("http://test/briefings/api/audio/" + id + ".mp3").c_str());
  EXPECT_TRUE(parse_iso8601(std::string(latest.at("next_update_at").as_string())).value() > clock.now());

  const auto briefing = data("/api/briefings/" + id);
  EXPECT_EQ(briefing.at("status"), "ready");
  EXPECT_EQ(briefing.at("percent"), 100);
  EXPECT_EQ(briefing.at("script_model"), "odeon-offline");
  EXPECT_NEAR(briefing.at("loudness").to_number<double>(), -16, 0.2);
  EXPECT_LE(briefing.at("true_peak").to_number<double>(), -1.5);

  // Speech lies between the two slots, a pause from each, ±5 % of the length that was ordered.
  const auto& markers = briefing.at("ad_markers").as_array();
  ASSERT_EQ(markers.size(), 2U);
  const double from = markers[0].at("position").to_number<double>() + markers[0].at("duration").to_number<double>();
  const double pauses = 2 * media::natural_pause(media::Boundary::section);
  EXPECT_NEAR(markers[1].at("position").to_number<double>() - from - pauses, 150, 7.5);
  const double duration = latest.at("duration").to_number<double>();
  EXPECT_NEAR(markers[1].at("position").to_number<double>() + markers[1].at("duration").to_number<double>(), duration,
              0.05);

  const auto quick = data("/api/briefings/" + id + "/quick");
  EXPECT_EQ(quick.at("audio_url"), latest.at("audio_url"));
  EXPECT_EQ(quick.at("duration"), latest.at("duration"));
  EXPECT_EQ(data("/api/briefings/general/history").at("briefings").as_array().size(), 1U);
}

TEST_F(EditionsTest, EveryAnswerSaysItsVersionAndWhenItWasGiven) {
  open(example_feeds());
  for (const auto* target : {"/api/health/mobile", "/api/briefings/general/latest", "/api/nothing"}) {
    const auto body = server.get(std::string("/briefings") + target).json().as_object();
    EXPECT_EQ(body.size(), 4U) << target;
    EXPECT_TRUE(body.at("success").is_bool());
    EXPECT_NE(body.at("data").is_null(), body.at("error").is_null()) << target;
    EXPECT_EQ(body.at("metadata").as_object(),
              (json::object{{"version", "1.0"}, {"timestamp", "2026-11-20T07:30:00Z"}}));
  }
}

TEST_F(EditionsTest, SaysWhichSourcesItUsed) {
  open(example_feeds());
  const std::string id = made();
  std::map<std::string, bool> used;
  const auto briefing = data("/api/briefings/" + id);
  for (const auto& source : briefing.at("sources").as_array()) {
    used[std::string(source.at("address").as_string())] = source.at("used").as_bool();
    EXPECT_EQ(source.as_object().contains("reason"), !source.at("used").as_bool());
  }
  EXPECT_EQ(used, (std::map<std::string, bool>{{"broken.xml", false},
                                               {"no-such-file.xml", false},
                                               {"meridian-wire.xml", true},
                                               {"ledger-daily.xml", true},
                                               {"harbour-street.xml", true}}));
}

TEST_F(EditionsTest, ServesAudioInRanges) {
  open(example_feeds());
  const std::string id = made();
  const std::string target = "/briefings/api/audio/" + id + ".mp3";
  const auto whole = server.get(target);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.headers.get("Content-Type"), "audio/mpeg");
  EXPECT_TRUE(whole.body.starts_with("ID3"));
  const auto tail = server.get(target, {{"Range", "bytes=-100"}});
  EXPECT_EQ(tail.status, 206);
  EXPECT_EQ(tail.body, whole.body.substr(whole.body.size() - 100));
  EXPECT_EQ(server.get(target, {{"If-None-Match", std::string(whole.headers.get("ETag"))}}).status, 304);
}

TEST_F(EditionsTest, CaptionsFollowTheSentences) {
  open(example_feeds());
  const std::string id = made();
  const auto captions = server.get("/briefings/api/briefings/" + id + "/captions.vtt");
  EXPECT_EQ(captions.headers.get("Content-Type"), "text/vtt; charset=utf-8");
  EXPECT_TRUE(captions.body.starts_with("WEBVTT\n\n00:00:0"));
  std::string previous;
  int cues = 0;
  for (auto line : text::split(captions.body, '\n')) {
    EXPECT_LE(text::length(line), 65U);
    if (line.find(" --> ") == std::string_view::npos) continue;
    ++cues;
    EXPECT_LT(previous, line);  // fixed width, so text order is time order
    previous = line;
  }
  EXPECT_GT(cues, 5);
}

TEST_F(EditionsTest, BeforeTheFirstSaysWhenToComeBack) {
  open(example_feeds());
  EXPECT_EQ(data("/api/briefings/general/current", 404).at("code"), "NO_EDITION");
  const auto reply = server.get("/briefings/api/briefings/general/latest");
  EXPECT_EQ(reply.status, 503);
  EXPECT_FALSE(reply.headers.get("Retry-After").empty());
  EXPECT_FALSE(reply.headers.get("RateLimit-Limit").empty());
  const auto body = reply.json();
  EXPECT_EQ(body.at("success"), false);
  EXPECT_EQ(body.at("error").at("code"), "NOT_READY_YET");
  EXPECT_GT(body.at("error").at("retry_after").as_int64(), 0);
}

TEST_F(EditionsTest, OneEditionAFourHourSlotHoweverOftenItIsAskedFor) {
  open(example_feeds());
  const std::string id = on_loop(jobs->request_current());
  EXPECT_EQ(on_loop(jobs->request_current()), id);
  const auto queued = data("/api/briefings/" + id);
  EXPECT_EQ(queued.at("status"), "queued");
  EXPECT_EQ(queued.at("queue_position"), 1);
  EXPECT_EQ(data("/api/briefings/general/current").at("id"), id.c_str());
  EXPECT_EQ(made(), id);
  EXPECT_EQ(on_loop(jobs->request_current()), id);
}

TEST_F(EditionsTest, TellsWatchersToTheEnd) {
  open(example_feeds());
  const std::string id = on_loop(jobs->request_current());
  work();
  Listener listener;
  auto socket = on_loop(playback.watch({}, {id}));
  on_loop(socket.serve(listener));
  ASSERT_FALSE(listener.told.empty());
  EXPECT_EQ(listener.told.back().status, Status::ready);
  EXPECT_EQ(listener.told.back().percent, 100);
  EXPECT_TRUE(std::ranges::is_sorted(listener.told, {}, &ProgressMessage::percent));
  EXPECT_EQ(listener.closed_with, 1000);
}

TEST_F(EditionsTest, WithoutNewsFailsAndSaysWhatToDo) {
  open({ODEON_SOURCE_DIR "/examples/feeds/broken.xml"});
  const std::string id = made();
  const auto briefing = data("/api/briefings/" + id);
  EXPECT_EQ(briefing.at("status"), "failed");
  const auto& error = briefing.at("error");
  EXPECT_EQ(error.at("fallback_action"), "play_previous");
  EXPECT_GT(error.at("retry_after").as_int64(), 0);
  EXPECT_EQ(std::string(error.at("message").as_string()).find(ODEON_SOURCE_DIR), std::string::npos);
  EXPECT_EQ(data("/api/briefings/" + id + "/quick", 404).at("code"), "NOT_READY");
}

TEST_F(EditionsTest, WhatIsNotThereIs404) {
  open(example_feeds());
  for (const char* id : {"x", "01a1fb0b-3b65-7000-9832-f8f81238d67f", "..%2f..%2fetc%2fpasswd"})
    EXPECT_EQ(server.get(std::string("/briefings/api/audio/") + id).status, 404) << id;
  EXPECT_EQ(data("/api/briefings/nothing", 404).at("code"), "BRIEFING_NOT_FOUND");
}

TEST_F(EditionsTest, PagesOfTheHistoryAreClamped) {
  open(example_feeds());
  made();
  EXPECT_EQ(data("/api/briefings/general/history?limit=100000&offset=1").at("briefings").as_array().size(), 0U);
  EXPECT_EQ(server.get("/briefings/api/briefings/general/history?limit=x").status, 400);
}

}  // namespace
}  // namespace odeon::briefings
