#include "products/podcasts/artwork/artwork_api.hpp"

#include <gmock/gmock.h>

#include "engine/media/pictures/decode.hpp"
#include "products/podcasts/artwork/artwork_files_test.hpp"
#include "products/podcasts/sound/processing_house_test.hpp"

namespace odeon::podcasts {
namespace {

using namespace artwork_files;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kBase = "http://test/podcasts";

struct ArtworkTest : ProcessingHouse {
  ArtworkTest() : path("/api/podcasts/" + podcast) {}

  Reply bring_artwork(const std::string& to, const std::string& bytes, const std::string& crop = "",
                      const std::string& who = "") {
    std::vector<std::pair<std::string, std::string>> fields;
    if (!crop.empty()) fields.emplace_back("crop", crop);
    return send(to + "/artwork", fields, "artwork", bytes, who);
  }
  // Its path below the product's address.
  std::string brought(const std::string& to, const std::string& bytes = small()) {
    const auto reply = bring_artwork(to, bytes);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return below(reply.at("artwork_url"));
  }
  static std::string below(const json::value& url) {
    EXPECT_THAT(text(url), StartsWith(kBase + "/artwork/"));
    return text(url).substr(kBase.size());
  }
  static const std::string& small() {
    static const std::string bytes = file(1400, 1400);
    return bytes;
  }
  std::vector<std::string> rows() {
    return run_task(database->query<std::string>("SELECT id FROM podcasts_artwork ORDER BY id"));
  }
  Reply see_podcast() { return get(path, token); }
  std::string rss() { return get(path + "/rss", token).body; }
  std::int64_t bytes_kept() {
    std::int64_t bytes = 0;
    for (const auto& key : objects()) bytes += std::ssize(bytes_of(key));
    return bytes;
  }

  std::string path;
};

TEST_F(ArtworkTest, IsShownToTheWorld) {
  const auto reply = bring_artwork(path, file(1500, 1500));
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_EQ(reply.at("side"), 1500);
  EXPECT_EQ(reply.at("media_type"), "image/jpeg");
  EXPECT_EQ(see_podcast().at("artwork_url"), reply.at("artwork_url"));
  EXPECT_EQ(get("/api/podcasts", token).at("podcasts").at(0).at("artwork_url"), reply.at("artwork_url"));

  const auto at = below(reply.at("artwork_url"));
  EXPECT_THAT(at, EndsWith(".jpg"));
  const auto seen = get(at);
  EXPECT_EQ(seen.status, 200) << "a draft's too, without a token";
  EXPECT_EQ(seen.headers.get("Content-Type"), "image/jpeg");
  EXPECT_EQ(seen.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(pictures::decode(seen.body).width(), 1500);
  const std::string etag(seen.headers.get("ETag"));
  EXPECT_EQ(get(at).headers.get("ETag"), etag);
  EXPECT_EQ(call(http::Method::get, at, nullptr, "", {{"If-None-Match", etag}}).status, 304);
  const auto head = call(http::Method::head, at);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.get("ETag"), etag);

  for (const int side : {100, 300, 600}) {
    const auto thumbnail = get(fmt::format("{}?size={}", at, side));
    EXPECT_EQ(thumbnail.headers.get("Content-Type"), "image/jpeg");
    EXPECT_EQ(thumbnail.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_NE(thumbnail.headers.get("ETag"), etag);
    EXPECT_EQ(pictures::decode(thumbnail.body).width(), side);
  }
  for (const auto* size : {"0", "200", "-100", "x"}) EXPECT_EQ(get(at + "?size=" + size).status, 400) << size;
  EXPECT_EQ(get(at.substr(0, at.size() - 3) + "png").status, 404);
  EXPECT_EQ(get(at.substr(0, at.size() - 4)).status, 404);
  EXPECT_EQ(get("/artwork/none.jpg").at("code"), "ARTWORK_NOT_FOUND");
}

TEST_F(ArtworkTest, OfAPngMayBeOne) {
  const auto at = brought(path, file(1400, 1400, Format::png, false));
  EXPECT_THAT(at, EndsWith(".png"));
  EXPECT_EQ(get(at).headers.get("Content-Type"), "image/png");
  EXPECT_EQ(get(at + "?size=100").headers.get("Content-Type"), "image/jpeg");
}

TEST_F(ArtworkTest, SaysWhatIsWrongAndKeepsNothing) {
  const struct {
    std::string bytes, code, says;
  } cases[] = {
      {file(1600, 900), "ARTWORK_NOT_SQUARE",
       "This picture is 1600 × 900; artwork must be square, 1400 to 3000 pixels."},
      {file(600, 600), "ARTWORK_TOO_SMALL", "This picture is 600 × 600; artwork must be square, 1400 to 3000 pixels."},
      {animated_png(1400), "PICTURE_ANIMATED", "animated"},
      {cmyk_jpeg(1400), "ARTWORK_NOT_RGB", "CMYK"},
      {small().substr(0, small().size() / 2), "PICTURE_DAMAGED", "damaged"},
      {png_said_to_be(60'000, 60'000), "PICTURE_TOO_LARGE", "60000 × 60000"},
      {"Dear listeners", "NOT_A_PICTURE", "PNG, JPEG or WebP"}};
  const auto episode = "/api/episodes/" + begin_episode(podcast);
  for (const auto& to : {path, episode})
    for (const auto& given : cases) {
      const auto reply = bring_artwork(to, given.bytes);
      EXPECT_EQ(reply.status, 400) << reply.body;
      EXPECT_EQ(reply.at("code"), json::value(given.code));
      EXPECT_THAT(text(reply.at("details").at("artwork")), HasSubstr(given.says));
      EXPECT_EQ(reply.at("error"), reply.at("details").at("artwork"));
    }
  EXPECT_EQ(bring_artwork(path, std::string(kLargestArtwork + 1, 'x')).status, 413);
  EXPECT_EQ(bring_artwork(path, small(), "perhaps").status, 400);
  EXPECT_EQ(post(path + "/artwork", {{"artwork", "https://example.com/a.jpg"}}, token).status, 415);
  EXPECT_EQ(send(path + "/artwork", {}, "picture", small()).status, 400) << "under its name alone";
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_EQ(used("storage"), 0);
  EXPECT_TRUE(see_podcast().at("artwork_url").is_null());
}

TEST_F(ArtworkTest, IsCutToASquareIfThatIsWanted) {
  const auto wide = file(2000, 1500);
  EXPECT_EQ(bring_artwork(path, wide, "false").at("code"), "ARTWORK_NOT_SQUARE");
  const auto cut = bring_artwork(path, wide, "true");
  EXPECT_EQ(cut.at("side"), 1500) << cut.body;
  const auto seen = pictures::decode(get(below(cut.at("artwork_url"))).body);
  EXPECT_EQ(std::pair(seen.width(), seen.height()), std::pair(1500, 1500));
  EXPECT_EQ(bring_artwork(path, file(1600, 900), "true").at("code"), "ARTWORK_TOO_SMALL");
}

TEST_F(ArtworkTest, IsTheOwnersToChange) {
  const auto episode = "/api/episodes/" + begin_episode(podcast);
  const auto bob = join("bob@example.com");
  for (const auto& to : {path, episode}) {
    EXPECT_EQ(bring_artwork(to, small(), "", bob).status, 404);
    EXPECT_EQ(remove(to + "/artwork", bob).status, 404);
    EXPECT_EQ(remove(to + "/artwork", "wrong").status, 401);
  }
  EXPECT_EQ(bring_artwork("/api/podcasts/none", small()).at("code"), "PODCAST_NOT_FOUND");
  EXPECT_EQ(bring_artwork("/api/episodes/none", small()).at("code"), "EPISODE_NOT_FOUND");
  EXPECT_THAT(objects(), IsEmpty()) << "what was uploaded for nothing";
}

TEST_F(ArtworkTest, StandsInTheFeed) {
  const auto episode = finished_episode(podcast);
  ASSERT_EQ(post("/api/episodes/" + episode + "/publish", {}, token).status, 200);
  const auto image = [](const std::string& at) { return "<itunes:image href=\"" + kBase + at + "\"/>"; };
  const std::string before = rss();
  EXPECT_THAT(before, Not(HasSubstr("itunes:image")));
  const auto of_podcast = brought(path), of_episode = brought("/api/episodes/" + episode);
  const auto feed = rss();
  const auto item = feed.find("<item>");
  EXPECT_THAT(feed.substr(0, item), HasSubstr(image(of_podcast)));
  EXPECT_THAT(feed.substr(item), HasSubstr(image(of_episode)));
  EXPECT_EQ(below(see(episode).at("artwork_url")), of_episode);
  EXPECT_EQ(remove("/api/episodes/" + episode + "/artwork").status, 204);
  EXPECT_THAT(rss().substr(item), Not(HasSubstr("itunes:image")));
}

TEST_F(ArtworkTest, IsServedForAWeekOnceItIsReplaced) {
  const auto first = brought(path);
  const std::string etag(get(first).headers.get("ETag"));
  const auto second = brought(path, file(1450, 1450));
  EXPECT_NE(first, second);
  EXPECT_EQ(below(see_podcast().at("artwork_url")), second);
  EXPECT_EQ(get(first).headers.get("ETag"), etag) << "feeds that were read before name it";
  EXPECT_EQ(run_task(leftovers.sweep()), 0);
  clock.advance(std::chrono::days(7) + std::chrono::seconds(1));
  token = join_again();
  EXPECT_EQ(get(first).status, 404);
  EXPECT_EQ(run_task(leftovers.sweep()), 4);
  EXPECT_EQ(get(second).status, 200);
  EXPECT_THAT(rows(), SizeIs(1));
  EXPECT_EQ(used("storage"), bytes_kept());

  const auto third = brought(path), fourth = brought(path);
  EXPECT_EQ(get(second).status, 404) << "of those that were replaced, the last is kept";
  EXPECT_EQ(get(third).status, 200);
  EXPECT_EQ(run_task(leftovers.sweep()), 4);
  EXPECT_EQ(get(fourth).status, 200);
}

TEST_F(ArtworkTest, GivesWayToAnotherAddress) {
  const auto episode = "/api/episodes/" + begin_episode(podcast);
  for (const auto& to : {path, episode}) {
    SCOPED_TRACE(to);
    const auto at = brought(to);
    const auto shown = get(to, token).at("artwork_url");
    for (const auto& same : {text(shown), "https://my.example" + at, " " + text(shown)})
      EXPECT_EQ(put(to, {{"title", "New"}, {"artwork_url", same}}).at("artwork_url"), shown) << "it is sent back";
    EXPECT_EQ(put(to, {{"title", "Newer"}}).at("artwork_url"), shown);
    EXPECT_EQ(put(to, {{"artwork_url", "no address"}}).status, 400);
    EXPECT_EQ(put(to, {{"artwork_url", "/artwork/x.jpg"}}).status, 400);
    EXPECT_GT(used("storage"), 0);
    EXPECT_EQ(put(to, {{"artwork_url", "https://example.com/a.jpg"}}).at("artwork_url"), "https://example.com/a.jpg");
    EXPECT_EQ(used("storage"), 0);
    const auto ours = brought(to);
    EXPECT_TRUE(put(to, {{"artwork_url", ""}}).at("artwork_url").is_null());
    EXPECT_EQ(used("storage"), 0);
    put(to, {{"artwork_url", "https://example.com/a.jpg"}});
    EXPECT_EQ(remove(to + "/artwork").status, 204);
    EXPECT_TRUE(get(to, token).at("artwork_url").is_null()) << "others' too";
  }
  EXPECT_EQ(post("/api/podcasts/" + podcast + "/episodes",
                 {{"title", "T"}, {"artwork_url", "https://example.com/b.jpg"}}, token)
                .at("artwork_url"),
            "https://example.com/b.jpg");
}

TEST_F(ArtworkTest, GoesAtOnceWhenItIsDeleted) {
  const auto first = brought(path), second = brought(path);
  EXPECT_EQ(remove(path + "/artwork").status, 204);
  EXPECT_EQ(remove(path + "/artwork").status, 204) << "there is none, as was wanted";
  for (const auto& at : {first, second, first + "?size=100"}) EXPECT_EQ(get(at).status, 404) << at;
  EXPECT_TRUE(see_podcast().at("artwork_url").is_null());
  EXPECT_EQ(used("storage"), 0);
  run_jobs();
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(ArtworkTest, GoesWithWhatItStandsFor) {
  const auto one = begin_episode(podcast), two = begin_episode(podcast);
  const auto of_podcast = brought(path), of_one = brought("/api/episodes/" + one),
             of_two = brought("/api/episodes/" + two);
  EXPECT_EQ(used("storage"), bytes_kept());
  EXPECT_EQ(remove("/api/episodes/" + one).status, 204);
  EXPECT_EQ(get(of_one).status, 404);
  EXPECT_EQ(get(of_two).status, 200);
  EXPECT_EQ(remove(path).status, 204);
  for (const auto& at : {of_podcast, of_two}) EXPECT_EQ(get(at).status, 404);
  EXPECT_EQ(used("storage"), 0);
  run_jobs();
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(ArtworkTest, CountsAsWhatItTakes) {
  const auto at = brought(path);
  EXPECT_EQ(used("storage"), bytes_kept());
  const auto room = run_task(allowances.of(ids.at("ada@example.com"), product, "storage")).left();
  EXPECT_TRUE(use(ids.at("ada@example.com"), "storage", room));
  const auto larger = file(3000, 3000);
  const auto refused = bring_artwork(path, larger);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "STORAGE_LIMIT_REACHED");
  EXPECT_EQ(below(see_podcast().at("artwork_url")), at) << "what was there stays";
  EXPECT_EQ(get(at).status, 200);
  EXPECT_THAT(objects(), SizeIs(4));
  EXPECT_THAT(rows(), SizeIs(1));
  clock.advance(std::chrono::seconds(2));
  brought(path);  // the one before makes room for it
}

TEST_F(ArtworkTest, IsOneHoweverManyComeAtOnce) {
  const auto told = run_task([](ArtworkTest& test) -> Task<std::int64_t> {
    const http::Caller caller{.user_id = test.ids.at("ada@example.com"), .base_url = kBase};
    std::vector<Task<Created<ArtworkShown>>> all;
    for (int i = 0; i < 4; ++i) {
      ArtworkForm form{.id = test.podcast, .artwork = {.key = fmt::format("uploads/{}", i)}, .crop = {}};
      co_await storage::put(test.storage, form.artwork.key, file(1400 + i, 1400 + i), {});
      all.push_back(test.artwork_api.upload_for_podcast(caller, std::move(form)));
    }
    co_return std::ssize(co_await all_of(std::move(all)));
  }(*this));
  EXPECT_EQ(told, 4);
  EXPECT_THAT(run_task(database->query<std::string>("SELECT id FROM podcasts_artwork WHERE kept_until IS NULL")),
              SizeIs(1));
  clock.advance(std::chrono::days(8));
  run_task(leftovers.sweep());
  token = join_again();
  EXPECT_THAT(objects(), SizeIs(4));
  EXPECT_EQ(used("storage"), bytes_kept());
  EXPECT_EQ(get(below(see_podcast().at("artwork_url"))).status, 200);
}

TEST_F(ArtworkTest, LeavesNothingBehindWhereStorageFails) {
  storage.dies = 1;
  EXPECT_EQ(bring_artwork(path, small()).status, 503);
  EXPECT_TRUE(see_podcast().at("artwork_url").is_null());
  EXPECT_THAT(objects(), SizeIs(1)) << "it was stored, and said that it was not";
  EXPECT_EQ(run_task(leftovers.sweep()), 0) << "somebody may be at it";
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(run_task(leftovers.sweep()), 1);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_EQ(used("storage"), 0);
}

// The bytes of a picture in the tag of an MP3, or nothing.
std::string cover_in(std::string_view mp3) {
  const auto at = mp3.find(std::string("APIC", 4));
  if (at == mp3.npos) return "";
  std::size_t size = 0;
  for (const char byte : mp3.substr(at + 4, 4)) size = size << 7 | static_cast<unsigned char>(byte);
  constexpr std::size_t kHead = 10, kSaid = 1 + sizeof("image/jpeg") + 1 + 1;  // encoding, type, kind, no description
  return std::string(mp3.substr(at + kHead + kSaid, size - kSaid));
}

TEST_F(ArtworkTest, IsTheCoverOfTheSound) {
  const auto episode = upload(human());
  const auto cover = [&] {
    EXPECT_EQ(process(episode).status, 202);
    run_jobs();
    const auto row = run_task(store::episode(*database, episode)).value();
    EXPECT_EQ(row.processing_status, ProcessingStatus::complete);
    return cover_in(bytes_of(row.audio_key.value()));
  };
  EXPECT_EQ(cover(), "");
  put(path, {{"artwork_url", "https://example.com/a.jpg"}});
  EXPECT_EQ(cover(), "") << "others' is not fetched";
  const auto of_podcast = get(brought(path) + "?size=600").body;
  EXPECT_EQ(cover(), of_podcast);
  EXPECT_LE(of_podcast.size(), 200'000U);
  const auto of_episode = get(brought("/api/episodes/" + episode, file(1450, 1450)) + "?size=600").body;
  EXPECT_NE(of_episode, of_podcast);
  EXPECT_EQ(cover(), of_episode) << "its own comes first";
}

TEST_F(ArtworkTest, GoesIntoASoundThatIsFinished) {
  const auto episode = upload(human()), own = "/api/episodes/" + episode;
  run_jobs();
  const auto mp3 = [&] {
    run_jobs();
    return bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value());
  };
  const auto thumbnail = [&](const std::string& at) { return get(at + "?size=600").body; };
  const auto before = mp3();
  EXPECT_EQ(cover_in(before), "");
  const auto of_podcast = thumbnail(brought(path));
  const auto after = mp3();
  EXPECT_EQ(cover_in(after), of_podcast);
  EXPECT_EQ(after.substr(media::id3_size(after)), before.substr(media::id3_size(before))) << "the sound is copied";
  EXPECT_EQ(see(episode).at("processing_status"), "complete");
  EXPECT_EQ(get(own + "/status", token).at("error"), nullptr);

  const auto of_episode = thumbnail(brought(own, file(1500, 1500)));
  EXPECT_EQ(cover_in(mp3()), of_episode);
  EXPECT_EQ(remove(own + "/artwork").status, 204);
  EXPECT_EQ(cover_in(mp3()), of_podcast);
}

TEST_F(ArtworkTest, OfWhatListenersHaveIsInTheFeedAlone) {
  const auto episode = upload(human()), own = "/api/episodes/" + episode;
  run_jobs();
  brought(path);
  run_jobs();
  EXPECT_EQ(post(own + "/publish", json::object(), token).status, 200);
  const auto address = [&] {
    run_jobs();
    return text(see(episode).at("audio_file_url"));
  };
  const auto before = address();
  brought(path, file(1450, 1450));
  EXPECT_EQ(address(), before);
  const auto at = brought(own, file(1500, 1500));
  EXPECT_EQ(address(), before) << "whoever heard it has it already";
  const auto feed = get("/api/podcasts/" + podcast + "/rss").body;
  EXPECT_THAT(feed, HasSubstr(at));
  EXPECT_THAT(feed, HasSubstr(before));
  EXPECT_EQ(remove(own + "/artwork").status, 204);
  EXPECT_EQ(address(), before);
}

TEST_F(ArtworkTest, WaitsForWorkOnTheSound) {
  const auto episode = upload(human());
  run_jobs();
  const auto source = run_task(store::episode(*database, episode))->source_id.value();
  EXPECT_TRUE(run_task(audio.working(source, ProcessingStatus::transcribing)));
  const auto cover = get(brought(path) + "?size=600").body;
  const auto key = [&] { return run_task(store::episode(*database, episode)).value().audio_key.value(); };
  const auto before = key();
  run_jobs();
  EXPECT_EQ(key(), before);
  EXPECT_TRUE(run_task(audio.working(source, ProcessingStatus::complete)));
  run_jobs();
  EXPECT_EQ(key(), before) << "not before a minute has passed";
  clock.advance(std::chrono::minutes(1));
  run_jobs();
  EXPECT_EQ(cover_in(bytes_of(key())), cover);
}

TEST_F(ArtworkTest, IsToldToItsOwnerAndForgotten) {
  brought(path);
  const auto at = brought(path, file(1450, 1450));
  PodcastsData data(*database, storage);
  const std::string ada = ids.at("ada@example.com");
  testing::KeptArchive told;
  run_task(data.tell(ada, "", told));
  EXPECT_THAT(told.objects, SizeIs(1)) << "what stands for it";
  EXPECT_EQ(bytes_of(told.objects.at("podcasts" + at)), get(at).body);
  EXPECT_THAT(told.documents.at("podcasts" + at + ".about.json"), HasSubstr("\"side\":1450"));

  const auto gone = run_task(data.forget(ada, ""));
  EXPECT_EQ(gone.objects, 8);
  EXPECT_EQ(gone.rows, 3);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_EQ(get(at).status, 404);
}

}  // namespace
}  // namespace odeon::podcasts
