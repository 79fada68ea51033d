#include "products/stories/files.hpp"

#include <gmock/gmock.h>

#include "engine/media/pictures/encode.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct FilesTest : StoriesHouse {
  // What an app asks for before it uploads that.
  json::value grant(const std::string& bytes, const std::string& type, const std::string& category = "avatar") {
    const auto reply =
        ask("/api/files/upload",
            {{"fileName", "my file"}, {"mimeType", type}, {"fileSize", std::ssize(bytes)}, {"category", category}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.json();
  }
  // The same, uploaded; the file's id.
  std::string uploaded(const std::string& bytes, const std::string& type, const std::string& category = "avatar") {
    const auto granted = grant(bytes, type, category);
    const auto id = text(granted.at("id"));
    keep(run_task(store::file(*database, user(), id)).value().upload_key, bytes, type);
    return id;
  }
  static std::string picture(pictures::Format format) {
    pictures::Picture blank(40, 30);
    for (auto& pixel : blank.pixels()) pixel = 0xFF3366CC;
    return pictures::encode(blank, format);
  }
  // Two seconds.
  static Pcm tone() {
    Pcm sound{.rate = 16'000};
    for (int i = 0; i < 32'000; ++i) sound.samples.push_back(0.3F * std::sin(0.1F * static_cast<float>(i)));
    return sound;
  }
  static std::string tone_mp3() {
    std::vector<media::Segment> segments;
    segments.push_back({.audio = tone()});
    return media::produce(std::move(segments), {}).mp3;
  }
  static std::string tone_wav() {
    const auto sound = tone();
    const auto size = static_cast<std::uint32_t>(sound.samples.size() * 2);
    const auto number = [](std::uint32_t value, int bytes) {
      std::string little;
      for (int i = 0; i < bytes; ++i) little += static_cast<char>(value >> (8 * i));
      return little;
    };
    std::string wav = "RIFF" + number(36 + size, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) +
                      number(16'000, 4) + number(32'000, 4) + number(2, 2) + number(16, 2) + "data" + number(size, 4);
    for (const float sample : sound.samples)
      wav += number(static_cast<std::uint16_t>(static_cast<std::int16_t>(sample * 32767)), 2);
    return wav;
  }
};

TEST_F(FilesTest, AreGrantedAnAddressOfTheirOwn) {
  const auto granted = grant("some bytes", "image/png");
  EXPECT_EQ(granted.at("method"), "PUT");
  EXPECT_EQ(granted.at("headers").at("Content-Type"), "image/png");
  EXPECT_EQ(granted.at("expiresAt"), "2026-11-20T08:30:00Z");
  EXPECT_THAT(text(granted.at("uploadUrl")), ::testing::HasSubstr("://"));
  EXPECT_THAT(text(granted.at("uploadUrl")), ::testing::HasSubstr("/files/stories/uploads/"));
  EXPECT_THAT(text(granted.at("storageKey")), StartsWith("stories/avatars/"));
  const auto url = text(granted.at("publicUrl"));
  EXPECT_EQ(get(url.substr(url.find("/media/"))).status, 404) << "not before it is confirmed";
}

struct FaultyUpload {
  json::object change;
  const char* field;
};

TEST_F(FilesTest, AreRefusedWithAReason) {
  const std::vector<FaultyUpload> table{
      {{{"fileName", ""}}, "fileName"},
      {{{"fileName", std::string(256, 'x')}}, "fileName"},
      {{{"mimeType", "image/svg+xml"}}, "mimeType"},
      {{{"mimeType", "audio/mpeg"}}, "mimeType"},
      {{{"category", "audio"}}, "mimeType"},
      {{{"category", "homework"}}, "category"},
      {{{"fileSize", 0}}, "fileSize"},
      {{{"fileSize", 10 * 1024 * 1024 + 1}}, "fileSize"},
      {{{"category", "audio"}, {"mimeType", "audio/mpeg"}, {"fileSize", 50 * 1024 * 1024 + 1}}, "fileSize"}};
  for (const auto& row : table) {
    json::object wish{{"fileName", "a.png"}, {"mimeType", "image/png"}, {"fileSize", 100}, {"category", "avatar"}};
    for (const auto& [key, value] : row.change) wish[key] = value;
    const auto refused = ask("/api/files/upload", wish);
    EXPECT_EQ(refused.status, 400) << json::write(row.change);
    EXPECT_TRUE(refused.at("details").as_object().contains(row.field)) << refused.body;
  }
}

TEST_F(FilesTest, BecomePicturesOfHeroesAndEvents) {
  const auto hero = new_hero();
  const auto id = uploaded(picture(pictures::Format::jpeg), "image/jpeg");
  const auto confirmed = ask("/api/files/" + id + "/confirm", {{"entityId", hero}});
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(confirmed.at("file").at("mimeType"), "image/png");
  EXPECT_EQ(text(confirmed.at("file").at("entityId")), hero);
  const auto shown = see("/api/heroes/" + hero).at("hero");
  const auto url = text(shown.at("avatarUrl"));
  EXPECT_EQ(get(url.substr(url.find("/media/"))).body.substr(1, 3), "PNG");
  const auto colours = shown.at("visualProfile").at("colorPalette").as_array();
  ASSERT_THAT(colours, SizeIs(1)) << "of a picture that is one blue";
  EXPECT_LT(pictures::distance(pictures::to_oklab(pictures::parse_colour(text(colours[0])).value()),
                               pictures::to_oklab(pictures::Colour{0x33, 0x66, 0xCC})),
            0.02);
  EXPECT_TRUE(shown.at("avatarModel").is_null());
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1)) << "what was uploaded is gone";
  remove("/api/heroes/" + hero);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(FilesTest, BecomeTheSoundOfAStory) {
  const auto id = new_story(new_hero(), {{"generateAudio", true}});
  wait_for_audio(id);
  const auto story = "/api/stories/" + id;
  for (const auto& [bytes, type] : {std::pair(tone_mp3(), "audio/mpeg"), std::pair(tone_wav(), "audio/wav")}) {
    const auto reply = ask("/api/files/" + uploaded(bytes, type, "audio") + "/confirm", {{"entityId", id}});
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.at("file").at("mimeType"), "audio/mpeg");
    const auto status = see(story + "/audio/status");
    EXPECT_NEAR(status.at("audioDuration").to_number<double>(), 2, 0.1);
    const auto url = text(status.at("audioUrl"));
    const auto heard = get(url.substr(url.find("/media/")));
    EXPECT_EQ(heard.headers.get("Content-Type"), "audio/mpeg");
    if (type == std::string_view("audio/mpeg")) EXPECT_EQ(heard.body, bytes) << "byte for byte";
    EXPECT_EQ(see(story + "/read-along").at("estimated"), true);
    run_task(sweeper.sweep());
    EXPECT_THAT(objects(), SizeIs(1)) << "the sound that there was is gone";
  }
  EXPECT_EQ(ended(ask(story + "/audio").at("job")), jobs::State::completed);
  EXPECT_EQ(see(story + "/read-along").at("estimated"), false);
}

TEST_F(FilesTest, BecomePicturesOfAStory) {
  const auto hero = new_hero(), id = new_story(hero), story = "/api/stories/" + id;
  const auto bring = [&](json::object more = {}) {
    more["entityId"] = id;
    return ask("/api/files/" + uploaded(picture(pictures::Format::jpeg), "image/jpeg", "illustration") + "/confirm",
               more);
  };
  EXPECT_EQ(bring({{"timestamp", 10}}).status, 200);
  EXPECT_EQ(bring().status, 200) << "in the middle of the first, which is looked at to the end";
  EXPECT_EQ(bring({{"timestamp", 5.5}}).status, 200);
  EXPECT_EQ(bring({{"timestamp", -1}}).at("details").as_object().count("timestamp"), 1U);
  const auto list = see(story + "/illustrations").at("illustrations").as_array();
  ASSERT_THAT(list, SizeIs(3));
  EXPECT_EQ(list[0].at("timestamp").to_number<double>(), 5.5);
  EXPECT_EQ(list[0].at("duration").to_number<double>(), 4.5);
  EXPECT_EQ(list[1].at("timestamp").to_number<double>(), 10);
  EXPECT_GT(list[2].at("timestamp").to_number<double>(), 60);
  for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(list[i].at("displayOrder"), i);
  EXPECT_EQ(see(story).at("story").at("illustrationCount"), 3);
  for (int i = 3; i < 20; ++i) EXPECT_EQ(bring().status, 200);
  EXPECT_EQ(bring().at("code"), "TOO_MANY_PICTURES");
  EXPECT_EQ(ended(ask(story + "/illustrations", {{"count", 1}}).at("job")), jobs::State::completed);
  EXPECT_EQ(see(story).at("story").at("illustrationCount"), 1) << "those that are drawn take their place";
  run_task(store::add_each(
      *database, {{.id = "ill_awaited", .story_id = id, .user_id = user(), .starts_at = 1, .display_order = 1}}));
  EXPECT_EQ(bring().at("code"), "BEING_DRAWN");
}

TEST_F(FilesTest, OfAStoryAreItsOwnersAndWaitForIt) {
  const auto other = join("bob@example.com");
  const auto theirs = ask("/api/heroes", alice(), other).at("hero").at("id");
  const auto story =
      ask("/api/stories", {{"heroId", theirs}, {"eventType", "bedtime"}, {"generateAudio", false}}, other);
  const auto id = text(story.at("story").at("id"));
  for (const auto& [bytes, type, category] : {std::tuple(picture(pictures::Format::png), "image/png", "illustration"),
                                              std::tuple(tone_mp3(), "audio/mpeg", "audio")}) {
    const auto refused = ask("/api/files/" + uploaded(bytes, type, category) + "/confirm", {{"entityId", id}});
    EXPECT_EQ(refused.status, 404) << category;
    EXPECT_EQ(refused.at("code"), "STORY_NOT_FOUND");
  }
  EXPECT_EQ(get("/api/stories/" + id, other).at("story").at("audioGenerated"), false);
}

TEST_F(FilesTest, ThatLieAboutTheirContentAreRefused) {
  const std::string png = picture(pictures::Format::png), jpeg = picture(pictures::Format::jpeg);
  const std::vector<std::tuple<std::string, std::string, std::string>> table{
      {jpeg, "image/png", "avatar"},
      {png, "image/webp", "pictogram"},
      {"<html><script>alert(1)</script></html>", "image/png", "avatar"},
      {png.substr(0, png.size() / 2), "image/png", "avatar"},
      {png, "audio/mpeg", "audio"},
      {"ID3 and then nothing that sounds", "audio/mpeg", "audio"},
  };
  for (const auto& [bytes, type, category] : table) {
    const auto refused = ask("/api/files/" + uploaded(bytes, type, category) + "/confirm");
    EXPECT_EQ(refused.status, 400) << type << refused.body;
  }
}

TEST_F(FilesTest, AreTheirOwnersOnly) {
  const auto id = uploaded(picture(pictures::Format::png), "image/png");
  EXPECT_EQ(ask("/api/files/" + id + "/confirm", {}, join("bob@example.com")).status, 404);
  EXPECT_EQ(ask("/api/files/" + id + "/confirm", {{"entityId", "hero_none"}}).at("code"), "HERO_NOT_FOUND");
  EXPECT_EQ(ask("/api/files/" + id + "/confirm").status, 200);
  EXPECT_EQ(ask("/api/files/" + id + "/confirm").status, 200) << "once is enough, twice is no harm";
  const auto empty = text(grant("never sent", "image/png").at("id"));
  EXPECT_EQ(ask("/api/files/" + empty + "/confirm").at("code"), "NOT_UPLOADED");
}

TEST_F(FilesTest, ThatBecameSomethingsCanBeConfirmedAgainForAWhile) {
  const auto id = uploaded(tone_wav(), "audio/wav", "audio"), story = new_story(new_hero());
  const auto confirmed = ask("/api/files/" + id + "/confirm", {{"entityId", story}});
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  const auto again = ask("/api/files/" + id + "/confirm", {{"entityId", story}});
  EXPECT_EQ(again.json(), confirmed.json());
  clock.advance(std::chrono::hours(4));
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1)) << "the story has its sound still";
  EXPECT_EQ(ask("/api/files/" + id + "/confirm", {{"entityId", story}}).status, 404);
}

TEST_F(FilesTest, UploadedOnceMoreToAnAddressThatIsUsedGo) {
  const auto hero = new_hero();
  const auto bytes = picture(pictures::Format::png);
  const auto granted = grant(bytes, "image/png");
  const auto row = run_task(store::file(*database, user(), text(granted.at("id")))).value();
  const auto upload = [&] { keep(row.upload_key, bytes, "image/png"); };
  upload();
  ASSERT_EQ(ask("/api/files/" + row.id + "/confirm", {{"entityId", hero}}).status, 200);
  EXPECT_THAT(objects(), SizeIs(1)) << "what was uploaded goes at once";
  upload();
  run_task(sweeper.sweep());
  clock.advance(std::chrono::hours(4));
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1)) << "the portrait";
}

TEST_F(FilesTest, UploadedAfterAnAccountWasErasedGo) {
  const auto bytes = picture(pictures::Format::png);
  std::vector<std::string> keys;
  for (int i = 0; i < 2; ++i) {
    const auto id = uploaded(bytes, "image/png");
    keys.push_back(run_task(store::file(*database, user(), id)).value().upload_key);
    if (i == 0) ASSERT_EQ(ask("/api/files/" + id + "/confirm").status, 200);
  }
  run_task(data.forget(user(), ""));
  EXPECT_THAT(objects(), IsEmpty());
  for (const auto& key : keys) keep(key, bytes, "image/png");
  EXPECT_EQ(run_task(database->find<std::int64_t>("SELECT COUNT(*) FROM stories_leftovers WHERE user_id = $1", user())),
            0)
      << "nothing says whose they are";
  clock.advance(std::chrono::hours(4));
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(FilesTest, ThatNobodyConfirmsGo) {
  uploaded(picture(pictures::Format::png), "image/png");
  clock.advance(std::chrono::hours(4));
  EXPECT_EQ(run_task(sweeper.sweep()), 1);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(FilesTest, AreToldAndForgottenWithAllElse) {
  const auto hero = new_hero();
  ask("/api/heroes/" + hero + "/avatar");
  ask("/api/files/" + uploaded(picture(pictures::Format::png), "image/png", "illustration") + "/confirm");
  uploaded(picture(pictures::Format::png), "image/png");
  const auto made = ask("/api/stories", {{"heroId", hero}, {"eventType", "bedtime"}, {"generateIllustrations", true}});
  ended(made.at("jobs").at("audioGeneration"));
  ended(made.at("jobs").at("illustrationGeneration"));
  const auto event = ask("/api/custom-events", {{"title", "Picnic"}, {"description", "In the park"}});
  ask("/api/custom-events/" + text(event.at("event").at("id")) + "/pictogram");

  struct Archive final : PersonalArchive {
    Task<void> document(std::string path, std::string) override {
      documents.push_back(path);
      co_return;
    }
    Task<void> object(std::string path, std::string) override {
      objects.push_back(path);
      co_return;
    }
    std::vector<std::string> documents, objects;
  } archive;
  run_task(data.tell(user(), "", archive));
  EXPECT_THAT(archive.documents, SizeIs(6)) << "hero, event, story, its pictures, two files";
  EXPECT_THAT(archive.objects, SizeIs(7)) << "portrait, pictogram, sound, three pictures, a file";
  const auto other = join("bob@example.com");
  EXPECT_EQ(ask("/api/heroes", alice(), other).status, 201);

  EXPECT_EQ(run_task(data.forget(user(), "chat")).rows, 0);
  EXPECT_GE(run_task(data.forget(user(), "stories")).rows, 8);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(run_task(data.forget(user(), "")).rows, 0);
  EXPECT_EQ(see("/api/heroes", other).at("pagination").at("total"), 1);
}

TEST_F(FilesTest, AreNotAllThereIsToChooseFrom) {
  const auto meta = get("/api/meta?language=de");
  ASSERT_EQ(meta.status, 200) << meta.body;
  EXPECT_GE(meta.at("traits").as_array().size(), 24U);
  EXPECT_FALSE(meta.at("eventTypes").as_array().empty());
  EXPECT_EQ(meta.at("languages").as_array().size(), 5U);
  EXPECT_EQ(meta.at("voices").as_array().size(), 7U);
  EXPECT_EQ(meta.at("voices").at(0), json::value({{"id", "nova"}, {"available", true}}));
  EXPECT_EQ(meta.at("traits").at(0).at("name"), meta.at("traits").at(0).at("names").at("de"));
}

}  // namespace
}  // namespace odeon::stories
