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
  const auto url = text(see("/api/heroes/" + hero).at("hero").at("avatarUrl"));
  EXPECT_EQ(get(url.substr(url.find("/media/"))).body.substr(1, 3), "PNG");
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(1)) << "what was uploaded is gone";
  remove("/api/heroes/" + hero);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
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
  StoriesData data{*database, *storage};
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
