// From a sound that arrives to an episode that is heard.
#include <gmock/gmock.h>

#include "engine/media/strangers_test.hpp"
#include "products/podcasts/sound/processing_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct ProcessingTest : ProcessingHouse {
  // The bytes between `before` and `after` in the feed.
  std::string in_feed(const std::string& before, const std::string& after) {
    const std::string feed = get("/api/podcasts/" + podcast + "/rss").body;
    const auto at = feed.find(before);
    if (at == std::string::npos) return "";
    const auto from = at + before.size();
    return feed.substr(from, feed.find(after, from) - from);
  }
};

TEST_F(ProcessingTest, WhatAPersonSaidIsHeardInTheFeed) {
  const auto episode = upload(human());
  EXPECT_EQ(status(episode).at("processing_status"), "uploaded");
  EXPECT_EQ(status(episode).at("queue_position"), 1);
  run_jobs();
  const auto now = status(episode);
  EXPECT_EQ(now.at("processing_status"), "complete") << now.body;
  EXPECT_EQ(now.at("percent"), 100);
  EXPECT_EQ(now.at("error"), nullptr);
  EXPECT_EQ(state_of(job_of(episode)), "completed");
  const auto sound = heard(episode);
  const auto measurements = now.at("measurements");
  EXPECT_NEAR(measurements.at("after").at("integrated_lufs").to_number<double>(), -16, 0.3);
  EXPECT_LE(measurements.at("after").at("true_peak_dbtp").to_number<double>(), -1);
  EXPECT_NEAR(measurements.at("duration_seconds").to_number<double>(), sound.seconds(), 0.001);
  EXPECT_NEAR(measurements.at("recorded_seconds").to_number<double>(), (95724 - 44) / 2 / 16000.0, 0.01);
  EXPECT_EQ(measurements.at("cut_short"), false);

  EXPECT_EQ(post("/api/episodes/" + episode + "/publish", json::object(), token).status, 200);
  const auto row = run_task(store::episode(*database, episode)).value();
  EXPECT_EQ(in_feed("length=\"", "\""), std::to_string(bytes_of(*row.audio_key).size()));
  EXPECT_EQ(in_feed("<itunes:duration>", "<"), std::to_string(std::llround(sound.seconds())));
  EXPECT_EQ(measurements.at("bytes").to_number<std::size_t>(), bytes_of(*row.audio_key).size());
}

TEST_F(ProcessingTest, TheOutlineIsDrawn) {
  const auto episode = upload(human());
  EXPECT_EQ(get("/api/episodes/" + episode + "/waveform", token).at("code"), "NO_WAVEFORM");
  run_jobs();
  const auto outline = get("/api/episodes/" + episode + "/waveform", token);
  EXPECT_EQ(outline.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(outline.at("version"), 2);
  EXPECT_EQ(outline.at("bits"), 8);
  EXPECT_EQ(outline.at("data").as_array().size(), 2 * outline.at("length").to_number<std::size_t>());
  const auto pixels = outline.at("length").to_number<double>();
  const auto frames = pixels * outline.at("samples_per_pixel").to_number<double>();
  EXPECT_NEAR(frames / outline.at("sample_rate").to_number<double>(), measured(episode, "duration_seconds"), 0.1);
  const auto picture = get("/api/episodes/" + episode + "/waveform.svg", token);
  EXPECT_EQ(picture.headers.get("Content-Type"), "image/svg+xml");
  EXPECT_THAT(picture.body, HasSubstr("<path"));
  const auto stranger = join("eve@example.com");
  for (const auto* path : {"/waveform", "/waveform.svg", "/status"})
    EXPECT_EQ(get("/api/episodes/" + episode + path, stranger).status, 404) << path;
  EXPECT_EQ(post("/api/episodes/" + episode + "/process", json::object(), stranger).status, 404);
}

TEST_F(ProcessingTest, ARecordingCostsTheMinutesThatItIsLong) {
  const auto began = post("/api/recording/start", {{"podcast_id", podcast}, {"mime_type", "audio/wav"}}, token);
  const auto session = text(began.at("session_id"));
  EXPECT_EQ(used("recording"), 3600);
  const std::string bytes = human();
  for (std::size_t at = 0, number = 0; at < bytes.size(); at += 40'000, ++number)
    EXPECT_EQ(send("/api/recording/upload", {{"session_id", session}, {"number", std::to_string(number)}}, "chunk",
                   bytes.substr(at, 40'000))
                  .status,
              200);
  const auto ended = post("/api/recording/finish", {{"session_id", session}, {"remove_silences", false}}, token);
  const auto episode = text(ended.at("episode_id"));
  run_jobs();  // joins it
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(status(episode).at("options").at("remove_silences"), false);
  EXPECT_EQ(used("recording"), 3);  // 2.99 s
  EXPECT_NEAR(heard(episode).seconds(), measured(episode, "recorded_seconds"), 0.01);
}

TEST_F(ProcessingTest, ARecordingThatIsTooLongForThePlanStaysUntilItIsNot) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  ASSERT_TRUE(use(ids.at("ada@example.com"), "recording", 7199));
  const auto began = post("/api/recording/start", {{"podcast_id", podcast}, {"mime_type", "audio/wav"}}, token);
  EXPECT_EQ(began.at("limit_seconds"), 1);
  const std::string bytes = thinking(59.5);
  EXPECT_EQ(send("/api/recording/upload", {}, "chunk", bytes).status, 200);
  const auto episode = text(post("/api/recording/finish", json::object(), token).at("episode_id"));
  run_jobs();  // joins it
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "error");
  EXPECT_THAT(text(status(episode).at("error")), HasSubstr("minutes of recording"));
  EXPECT_THAT(told("episode.failed"), SizeIs(1));
  EXPECT_EQ(used("recording"), 7199) << "what was held is free again";
  EXPECT_EQ(see(episode).at("audio_file_url"), nullptr);
  EXPECT_EQ(source_of(episode), bytes);

  take_plan("creator");
  EXPECT_EQ(process(episode).status, 202);
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(used("recording"), 7199 + 63);
}

TEST_F(ProcessingTest, WhatIsNoSoundSaysSoAndStays) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  auto cut = human();
  cut.resize(60);
  media::strangers::save(folder / "human.wav", human());
  media::strangers::run({"ffmpeg", "-v", "error", "-i", folder / "human.wav", "-c:a", "aac", folder / "human.m4a"});
  auto locked = media::strangers::load(folder / "human.m4a");
  locked.replace(locked.find("mp4a"), 4, "drms");
  const struct {
    std::string what, bytes, says;
  } cases[] = {{"copy protection", locked, "DRM"},
               {"no time at all", media::wav({48000, 1, {}}), "no length"},
               {"a letter", "Dear listeners, this is not a sound at all. " + std::string(4000, 'x'), "audio file"},
               {"silence", media::wav({48000, 1, std::vector<float>(48000)}), "heard"},
               {"a beginning", cut, ""}};
  std::size_t failures = 0;
  for (const auto& given : cases) {
    SCOPED_TRACE(given.what);
    const auto episode = upload(given.bytes);
    run_jobs();
    const auto now = status(episode);
    EXPECT_EQ(now.at("processing_status"), "error");
    EXPECT_GT(text(now.at("error")).size(), 20u);
    EXPECT_THAT(text(now.at("error")), HasSubstr(given.says));
    EXPECT_EQ(now.at("measurements"), nullptr);
    EXPECT_EQ(state_of(job_of(episode)), "failed");
    EXPECT_EQ(source_of(episode), given.bytes);
    EXPECT_EQ(post("/api/episodes/" + episode + "/publish", json::object(), token).at("code"), "AUDIO_NOT_READY");
    EXPECT_THAT(told("episode.failed"), SizeIs(++failures));
    run_jobs();  // delivers the mail
    ASSERT_THAT(mailboxes.letters, SizeIs(failures));
    EXPECT_THAT(mailboxes.letters.back().text, HasSubstr(text(now.at("error"))));
  }
  EXPECT_THAT(told("episode.processed"), IsEmpty());
}

struct LongSoundTest : ProcessingHouse {
  LongSoundTest() : ProcessingHouse(60) {}
};

TEST_F(LongSoundTest, ThatIsATinyFileIsRefusedAndStays) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  media::strangers::run({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3600", "-c:a", "flac",
                         folder / "bomb.flac"});
  const std::string bomb = media::strangers::load(folder / "bomb.flac");
  ASSERT_LT(bomb.size(), 1'000'000U);
  post("/api/recording/start", {{"podcast_id", podcast}, {"mime_type", "audio/flac"}}, token);
  EXPECT_EQ(send("/api/recording/upload", {}, "chunk", bomb).status, 200);
  EXPECT_EQ(used("recording"), 3600);
  const auto episode = text(post("/api/recording/finish", json::object(), token).at("episode_id"));
  run_jobs();  // joins it
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "error");
  EXPECT_THAT(text(status(episode).at("error")), HasSubstr("longer than"));
  EXPECT_EQ(state_of(job_of(episode)), "failed");
  EXPECT_THAT(told("episode.failed"), SizeIs(1));
  EXPECT_EQ(source_of(episode), bomb);
  EXPECT_EQ(used("recording"), 0);
  EXPECT_EQ(used("storage"), std::ssize(bomb));
}

TEST_F(ProcessingTest, AFileThatIsCutOffIsSaved) {
  auto cut = human();
  cut.resize(cut.size() / 2);
  const auto episode = upload(cut);
  run_jobs();
  const auto now = status(episode);
  EXPECT_EQ(now.at("processing_status"), "complete") << now.body;
  EXPECT_NEAR(measured(episode, "recorded_seconds"), 1.49, 0.02);
}

TEST_F(ProcessingTest, SilencesAreShortenedUnlessSomebodyWantsThem) {
  const auto episode = upload(thinking(3));
  run_jobs();
  EXPECT_NEAR(measured(episode, "recorded_seconds"), 6, 0.01);
  EXPECT_GT(measured(episode, "silence_removed_seconds"), 1);
  EXPECT_NEAR(measured(episode, "duration_seconds") + measured(episode, "silence_removed_seconds"), 6, 0.01);
  const auto cuts = cuts_from(run_task(store::edits(*database, episode)).value());
  EXPECT_NEAR(cuts.edits.removed_seconds(), measured(episode, "silence_removed_seconds"), 0.001);
  ASSERT_FALSE(cuts.pauses.empty());

  const auto again = process(episode, {{"remove_silences", false}, {"target_lufs", -20}, {"bitrate", 64}});
  EXPECT_EQ(again.status, 202) << again.body;
  const auto first = objects();
  run_jobs();
  EXPECT_NEAR(heard(episode).seconds(), 6, 0.01);
  const auto now = status(episode).at("measurements");
  EXPECT_NEAR(now.at("after").at("integrated_lufs").to_number<double>(), -20, 0.3);
  EXPECT_EQ(now.at("bitrate"), 64);
  EXPECT_EQ(run_task(leftovers.sweep()), 1) << "what was made before";
  EXPECT_THAT(objects(), SizeIs(first.size()));
}

TEST_F(ProcessingTest, OptionsAreCheckedAndKept) {
  const auto episode = upload(human());
  for (const auto& [field, wrong] : json::object{{"bitrate", 100}, {"target_lufs", -40}, {"language", "Klingon!"}})
    EXPECT_EQ(process(episode, {{field, wrong}}).status, 400) << field;
  EXPECT_EQ(process(begin_episode(podcast)).at("code"), "NO_SOUND");
  EXPECT_EQ(process(episode, {{"language", "de"}, {"normalize_loudness", false}}).status, 202);
  const auto options = process(episode, {{"bitrate", 96}}).at("options");
  EXPECT_EQ(json::write(options),
            R"({"remove_noise":true,"remove_silences":true,"normalize_loudness":false,"target_lufs":-16,"fades":true,)"
            R"("bitrate":96,"transcribe":true,"show_notes":true,"language":"de"})");
  EXPECT_EQ(send("/api/upload", {{"podcast_id", podcast}, {"target_lufs", "loud"}}, "file", human()).status, 400);
}

TEST_F(ProcessingTest, OneJobIsEnoughForOneChoice) {
  const auto episode = upload(human());
  const auto first = job_of(episode);
  EXPECT_EQ(process(episode).at("job_id"), json::value(first));
  EXPECT_EQ(process(episode, {{"remove_noise", true}}).at("job_id"), json::value(first)) << "as it is anyway";
  const auto second = text(process(episode, {{"remove_noise", false}}).at("job_id"));
  EXPECT_NE(second, first);
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete");
  EXPECT_EQ(job_of(episode), second);
  EXPECT_EQ(state_of(first), "completed") << "without effect";
  EXPECT_EQ(run_task(leftovers.sweep()), 0) << "nothing was made twice";
  EXPECT_NE(text(process(episode).at("job_id")), second) << "it has ended";
}

TEST_F(ProcessingTest, WhatIsFarAwayIsReadPieceByPiece) {
  storage.far = true;
  const auto episode = upload(human());
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_NEAR(measured(episode, "recorded_seconds"), 2.99, 0.01);
}

TEST_F(ProcessingTest, WhoGoesOnIsToldInTheSameTransaction) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  std::vector<ProcessedEpisode> seen;
  processing.on_processed([&seen](this auto, Transaction&, ProcessedEpisode episode) -> Task<bool> {
    seen.push_back(std::move(episode));
    co_return true;
  });
  const auto episode = upload(human(), {{"language", "en-GB"}});
  run_jobs();
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].episode_id, episode);
  EXPECT_EQ(seen[0].podcast_id, podcast);
  EXPECT_EQ(seen[0].language, "en-GB");
  EXPECT_EQ(seen[0].options.transcribe, true);
  EXPECT_EQ(seen[0].options.show_notes, false) << "the free plan has none";
  EXPECT_EQ(seen[0].seconds, heard(episode).seconds());
  EXPECT_EQ(seen[0].audio_key, run_task(store::episode(*database, episode)).value().audio_key);
  EXPECT_EQ(seen[0].job_id, job_of(episode));
  EXPECT_EQ(status(episode).at("processing_status"), "transcribing");
  EXPECT_EQ(see(episode).at("status"), "processing");
  EXPECT_THAT(told("episode.processed"), IsEmpty());

  take_plan("creator");
  process(episode, {{"language", ""}});
  run_jobs();
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[1].options.show_notes, true);
  EXPECT_EQ(seen[1].language, "en") << "the podcast's";
}

TEST_F(ProcessingTest, WhoWaitsIsTold) {
  run_task(webhooks.create({.owner = ids.at("ada@example.com"), .product = product, .url = "https://example.com/"}));
  const auto quick = upload(human());
  run_jobs();
  ASSERT_THAT(told("episode.processed"), SizeIs(1));
  const auto data = json::parse(told("episode.processed")[0]).at("data");
  EXPECT_EQ(data.at("id"), json::value(quick));
  EXPECT_EQ(data.at("url"), json::value("https://odeon.test/podcasts/api/episodes/" + quick));
  const auto address = text(data.at("audio_url")).substr(std::string("https://odeon.test/podcasts").size());
  EXPECT_EQ(get(address).status, 200) << "without a token";
  EXPECT_THAT(mailboxes.letters, IsEmpty()) << "it was watched";

  post("/api/episodes/" + quick + "/publish", json::object(), token);
  put("/api/podcasts/" + podcast, {{"status", "draft"}});
  clock.advance(std::chrono::seconds(1));
  process(quick);
  run_jobs();
  ASSERT_THAT(told("episode.processed"), SizeIs(2));
  const auto hidden = text(json::parse(told("episode.processed")[1]).at("data").at("audio_url"));
  EXPECT_EQ(get(hidden.substr(hidden.find("/audio/"))).status, 200) << "nobody hears it in the feed";

  const auto slow = upload(human());
  clock.advance(std::chrono::minutes(2));
  run_jobs();
  run_jobs();
  EXPECT_THAT(told("episode.processed"), SizeIs(3));
  ASSERT_THAT(mailboxes.letters, SizeIs(1));
  EXPECT_EQ(mailboxes.letters[0].to.address, "ada@example.com");
  EXPECT_THAT(mailboxes.letters[0].subject, HasSubstr("Pilot"));
  EXPECT_THAT(mailboxes.letters[0].text, HasSubstr("/audio/" + slow));
}

}  // namespace
}  // namespace odeon::podcasts
