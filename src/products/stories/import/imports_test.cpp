#include "products/stories/import/imports.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/media/books/zip.hpp"
#include "engine/media/pictures/encode.hpp"
#include "products/stories/file_kinds.hpp"
#include "products/stories/house_test.hpp"

namespace odeon::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using FilesOfZip = std::vector<std::pair<std::string, std::string>>;

std::string zip_of(const FilesOfZip& files) {
  std::string bytes;
  const books::Sink sink = [&](std::string_view more) { bytes += more; };
  books::Zip zip(sink);
  for (const auto& [name, content] : files) zip.deflate(name, content);
  zip.finish();
  return bytes;
}

std::string some_picture(pictures::Format format = pictures::Format::jpeg) {
  pictures::Picture blank(40, 30);
  for (auto& pixel : blank.pixels()) pixel = 0xFF3366CC;
  return pictures::encode(blank, format);
}

// Two seconds of a tone.
std::string some_sound() {
  Pcm tone{.rate = 16'000};
  for (int i = 0; i < 32'000; ++i) tone.samples.push_back(0.3F * std::sin(0.1F * static_cast<float>(i)));
  std::vector<media::Segment> segments;
  segments.push_back({.audio = std::move(tone)});
  return media::produce(std::move(segments), {}).mp3;
}

json::object whole_library() {
  return json::parse(R"({"version": 1,
    "heroes": [{"id": "H1", "name": "Alice", "age": 7, "traits": ["Brave", "Kind", "Unheard of"],
                "appearance": "Curly blonde hair", "abilities": ["magic"], "avatar": "avatars/a.jpg",
                "visualProfile": {"hairColor": "blonde", "colorPalette": ["#ffcc00"], "artStyle": 7},
                "createdAt": "2024-05-01T10:00:00Z"}],
    "customEvents": [{"id": "E1", "title": "Picnic", "description": "In the park", "pictogram": "pictograms/p.png"}],
    "stories": [{"id": "S1", "heroId": "H1", "customEventId": "E1", "title": "The Picnic of Alice",
                 "content": "Alice found a basket. It was full of buns.\n\nShe shared them all.", "language": "en",
                 "eventType": "Bedtime", "isFavorite": true, "listenCount": 5,
                 "lastListenedAt": "2024-06-02T19:00:00Z", "audio": "audio/s.mp3",
                 "illustrations": [{"image": "illustrations/1.png", "timestamp": 1.5}, {"image": "illustrations/0.png"}],
                 "createdAt": "2024-06-01T19:00:00Z"},
                {"id": "S2", "heroName": "Bob", "title": "Zwei", "content": "Bob schlief gut.", "language": "de"}]})")
      .as_object();
}

FilesOfZip with_files(const json::object& library, const std::string& folder = "") {
  return {{folder + "library.json", json::write(library)},
          {folder + "avatars/a.jpg", some_picture()},
          {folder + "pictograms/p.png", some_picture(pictures::Format::png)},
          {folder + "illustrations/0.png", some_picture()},
          {folder + "illustrations/1.png", some_picture()},
          {folder + "audio/s.mp3", some_sound()}};
}

struct ImportsTest : StoriesHouse {
  // What is said of an import that was sent, once it has ended.
  json::object brought(const std::string& zip) {
    const auto key = keep(fmt::format("uploads/library-{}", ++sent_), zip, "application/zip");
    const auto reply =
        run_on(loops, imports.bring({.user_id = user()}, {.file = {.key = key, .size = std::ssize(zip)}}));
    ended(json::object{{"id", reply.value.import_.jobId}});
    return see("/api/import/" + reply.value.import_.id).at("import").as_object();
  }
  std::string only(const std::string& path, const std::string& list) {
    const auto items = see(path).at(list).as_array();
    EXPECT_THAT(items, SizeIs(1));
    return text(items.at(0).at("id"));
  }
  int sent_ = 0;
};

TEST_F(ImportsTest, BringAllThatThereIs) {
  const auto told = brought(zip_of(with_files(whole_library())));
  EXPECT_EQ(told.at("status"), "finished");
  EXPECT_EQ(told.at("heroes"), 1);
  EXPECT_EQ(told.at("customEvents"), 1);
  EXPECT_EQ(told.at("stories"), 2);
  EXPECT_EQ(told.at("files"), 5);
  EXPECT_THAT(told.at("skipped").as_array(), IsEmpty());
  EXPECT_EQ(told.at("endedAt"), "2026-11-20T07:30:00Z");

  const auto hero = see("/api/heroes/" + only("/api/heroes", "heroes")).at("hero");
  EXPECT_EQ(hero.at("traits"), json::value({"brave", "kind"}));
  EXPECT_EQ(hero.at("createdAt"), "2024-05-01T10:00:00Z");
  EXPECT_EQ(hero.at("visualProfile").at("hairColor"), "blonde");
  EXPECT_TRUE(hero.at("visualProfile").at("artStyle").is_null()) << "a number is no style";
  const auto url = text(hero.at("avatarUrl"));
  EXPECT_EQ(get(url.substr(url.find("/media/"))).body.substr(1, 3), "PNG");
  const auto event = only("/api/custom-events", "events");
  EXPECT_FALSE(see("/api/custom-events/" + event).at("event").at("pictogramUrl").is_null());

  const auto listed = see("/api/stories?sortBy=listenCount").at("stories").as_array();
  ASSERT_THAT(listed, SizeIs(2));
  const auto story = see("/api/stories/" + text(listed[0].at("id")) + "?includeIllustrations=true").at("story");
  EXPECT_EQ(story.at("title"), "The Picnic of Alice");
  EXPECT_EQ(story.at("heroId"), hero.at("id"));
  EXPECT_EQ(text(story.at("customEventId")), event);
  EXPECT_EQ(story.at("eventType"), "bedtime");
  EXPECT_EQ(story.at("isFavorite"), true);
  EXPECT_EQ(story.at("listenCount"), 5);
  EXPECT_EQ(story.at("lastListenedAt"), "2024-06-02T19:00:00Z");
  EXPECT_EQ(story.at("createdAt"), "2024-06-01T19:00:00Z");
  EXPECT_NEAR(story.at("audioDuration").to_number<double>(), 2, 0.1);
  ASSERT_THAT(story.at("illustrations").as_array(), SizeIs(2));
  EXPECT_EQ(story.at("illustrations").at(0).at("timestamp").to_number<double>(), 1.5);
  EXPECT_EQ(story.at("illustrations").at(1).at("displayOrder"), 1);
  const auto other = see("/api/stories/" + text(listed[1].at("id"))).at("story");
  EXPECT_TRUE(other.at("heroId").is_null());
  EXPECT_EQ(other.at("heroName"), "Bob");
  EXPECT_EQ(other.at("language"), "de");
  EXPECT_EQ(run_task(allowances.of(user(), product, "stories")).used, 0) << "what was written elsewhere is free";
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(5)) << "the ZIP is gone";
}

TEST_F(ImportsTest, BringNothingTwice) {
  const auto zip = zip_of(with_files(whole_library(), "My stories/"));
  EXPECT_EQ(brought(zip).at("stories"), 2);
  const auto again = brought(zip);
  EXPECT_EQ(again.at("status"), "finished");
  for (const auto* kind : {"heroes", "customEvents", "stories", "files"}) EXPECT_EQ(again.at(kind), 0) << kind;
  EXPECT_EQ(see("/api/stories").at("pagination").at("total"), 2);
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), SizeIs(5));
  remove("/api/heroes/" + only("/api/heroes", "heroes"));
  EXPECT_EQ(brought(zip).at("heroes"), 1) << "what was deleted may come back";
}

TEST_F(ImportsTest, LeaveOutWhatDoesNotFitAndSayWhy) {
  auto library = whole_library();
  auto& heroes = library.at("heroes").as_array();
  heroes.push_back({{"id", "H2"}, {"name", "Old"}, {"age", 19}});
  heroes.push_back({{"id", "H3"}, {"name", "massacre"}, {"age", 9}});
  heroes.push_back("no hero");
  library.at("stories").as_array().push_back(
      {{"id", "S3"}, {"title", "Tres"}, {"content", "Hola."}, {"language", "pt"}});
  library.at("stories").as_array()[1].as_object()["audio"] = "audio/none.mp3";
  auto files = with_files(library);
  files[1].second = "<svg onload='alert(1)'/>";
  const auto told = brought(zip_of(files));
  EXPECT_EQ(told.at("status"), "finished");
  EXPECT_EQ(told.at("heroes"), 1);
  EXPECT_EQ(told.at("stories"), 2);
  EXPECT_EQ(told.at("files"), 4);
  std::vector<std::string> skipped;
  for (const auto& each : told.at("skipped").as_array()) {
    skipped.push_back(text(each.at("kind")) + " " + text(each.at("name")));
    EXPECT_FALSE(text(each.at("reason")).empty());
  }
  EXPECT_THAT(skipped, ElementsAre("hero Old", "hero ?", "story Tres", "hero massacre", "file avatars/a.jpg",
                                   "file audio/none.mp3"));
  EXPECT_THAT(text(told.at("skipped").at(0).at("reason")), HasSubstr("age"));
}

TEST_F(ImportsTest, FailOnWhatIsNoLibrary) {
  for (const std::string& bytes : {std::string("no zip at all"), std::string(), zip_of({{"holiday.txt", "sea"}}),
                                   zip_of({{"library.json", "[1, 2"}}), zip_of({{"library.json", "{\"version\": 1}"}}),
                                   zip_of(with_files(whole_library())).substr(0, 300)}) {
    const auto told = brought(bytes);
    EXPECT_EQ(told.at("status"), "failed") << bytes.size();
    EXPECT_FALSE(text(told.at("error")).empty());
  }
  run_task(sweeper.sweep());
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(see("/api/heroes").at("pagination").at("total"), 0);
}

TEST_F(ImportsTest, AreTheirOwnersOnlyAndForgotten) {
  const auto told = brought(zip_of(with_files(whole_library())));
  const auto path = "/api/import/" + text(told.at("id"));
  EXPECT_EQ(see(path, join("bob@example.com")).at("code"), "IMPORT_NOT_FOUND");
  StoriesData data{*database, *storage};
  EXPECT_GE(run_task(data.forget(user(), "")).rows, 14);
  EXPECT_EQ(see(path).status, 404);
  EXPECT_THAT(objects(), IsEmpty());
}

// A file that is large only once it is unpacked.
TEST(Unpacking, HoldsNoMoreThanItMay) {
  media::ScratchFile file("");
  const auto bytes = zip_of({{"library.json", std::string(2'000'000, ' ')}});
  ASSERT_LT(bytes.size(), 10'000U);
  file.write(0, bytes);
  ZipReader zip(file);
  EXPECT_EQ(zip.next(), "library.json");
  EXPECT_THROW(zip.read(1'000'000), Error);
}

RC_GTEST_PROP(Unpacking, TakesWhateverBytesComeForAFault, (std::size_t at, std::uint8_t other, std::size_t cut)) {
  static const std::string whole = zip_of({{"library.json", json::write(whole_library())}, {"avatars/a.jpg", "x"}});
  auto bytes = whole;
  bytes[at % bytes.size()] = static_cast<char>(other);
  if (cut % 3 == 0) bytes.resize(cut % bytes.size());
  media::ScratchFile file("");
  file.write(0, bytes);
  try {
    library_in(file);
    ZipReader zip(file);
    while (next_wanted(zip, "", {"avatars/a.jpg"})) {
    }
  } catch (const Error& fault) {
    RC_ASSERT(fault.fault == Fault::invalid);
  }
}

TEST(BroughtLook, TakesWhatItKnows) {
  EXPECT_EQ(brought_look(std::nullopt), std::nullopt);
  EXPECT_EQ(brought_look(json::object{{"hairColor", ""}, {"other", "x"}}), std::nullopt);
  json::array many;
  for (int i = 0; i < 100; ++i) many.emplace_back(std::string(1000, 'x'));
  const auto look = brought_look(json::object{{"hairColor", "red"}, {"accessories", many}, {"eyeColor", 3}});
  ASSERT_TRUE(look);
  EXPECT_EQ(look->hairColor, "red");
  EXPECT_EQ(look->eyeColor, "");
  ASSERT_THAT(look->accessories, SizeIs(10));
  EXPECT_EQ(look->accessories[0].size(), 400U);
}

}  // namespace
}  // namespace odeon::stories
