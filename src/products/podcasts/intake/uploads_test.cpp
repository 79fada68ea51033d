#include "products/podcasts/intake/uploads.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct UploadsTest : PodcastsHouse {
  using Fields = testing::HttpServer::HeaderList;
  UploadsTest() : podcast(begin_podcast()), episode(begin_episode(podcast)) {}

  Reply form(const std::vector<std::pair<std::string, std::string>>& fields, const std::string& bytes = "ID3 and so on",
             const std::string& who = "") {
    return send("/api/upload", fields, "file", bytes, who, "audio/mpeg");
  }
  Reply tus(http::Method method, const std::string& path, Fields more = {}, std::string body = "",
            const std::string& who = "") {
    Fields headers{{"Authorization", "Bearer " + (who.empty() ? token : who)}, {"Tus-Resumable", "1.0.0"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return {server.call(method, "/podcasts" + path, std::move(body), std::move(headers))};
  }
  Reply create(const std::string& length, const std::vector<std::pair<std::string, std::string>>& metadata) {
    std::string written;
    for (const auto& [key, value] : metadata)
      written += (written.empty() ? "" : ",") + key + " " + crypto::to_base64(value);
    Fields headers{{"Upload-Metadata", written}};
    headers.emplace_back(length.empty() ? "Upload-Defer-Length" : "Upload-Length", length.empty() ? "1" : length);
    return tus(http::Method::post, "/api/upload/tus", headers);
  }
  // The path of an upload that was begun.
  std::string begun(const std::string& length, const std::vector<std::pair<std::string, std::string>>& metadata) {
    const auto reply = create(length, metadata);
    EXPECT_EQ(reply.status, 201) << reply.body;
    const std::string location(reply.headers.get("Location"));
    return location.substr(location.find("/api/"));
  }
  Reply patch(const std::string& path, std::size_t offset, const std::string& bytes, Fields more = {},
              const std::string& who = "") {
    Fields headers{{"Upload-Offset", std::to_string(offset)}, {"Content-Type", "application/offset+octet-stream"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return tus(http::Method::patch, path, headers, bytes, who);
  }
  std::string podcast, episode;
};

TEST_F(UploadsTest, AFormIsTheSoundOfItsEpisode) {
  std::vector<Arrived> arrived;
  audio.on_arrival([&](this auto, Transaction&, Arrived each) -> Task<void> {
    arrived.push_back(std::move(each));
    co_return;
  });
  const auto sent = form({{"episode_id", episode}});
  ASSERT_EQ(sent.status, 202) << sent.body;
  EXPECT_EQ(sent.at("id"), episode.c_str());
  EXPECT_EQ(sent.at("processing_status"), "uploaded");
  EXPECT_THAT(arrived, SizeIs(1));
  EXPECT_EQ(source_of(episode), "ID3 and so on");
  EXPECT_EQ(used("storage"), 13);
  EXPECT_EQ(form({{"episode_id", episode}}, "better").status, 202) << "what comes later is better";
  run_jobs();
  EXPECT_EQ(source_of(episode), "better");
  EXPECT_EQ(used("storage"), 6);
  EXPECT_THAT(objects(), SizeIs(1));

  const auto fresh = form({{"podcast_id", podcast}});
  EXPECT_EQ(fresh.at("title"), "take 1") << "as the file is called";
  EXPECT_EQ(form({{"podcast_id", podcast}, {"title", " Live "}}).at("title"), "Live");
}

TEST_F(UploadsTest, WhatIsRefusedIsNotKept) {
  const auto bob = join("bob@example.com");
  EXPECT_EQ(form({{"episode_id", episode}}, "x", bob).status, 404);
  EXPECT_EQ(form({{"podcast_id", podcast}}, "x", bob).status, 404);
  EXPECT_EQ(form({}).status, 400);
  EXPECT_EQ(form({{"episode_id", episode}}, "").at("code"), "EMPTY_FILE");
  ASSERT_TRUE(use(ids.at("ada@example.com"), "storage", 3'000'000'000 - 5));
  const auto full = form({{"episode_id", episode}});
  EXPECT_EQ(full.status, 403);
  EXPECT_EQ(full.at("code"), "STORAGE_LIMIT_REACHED");
  EXPECT_EQ(full.at("upgrade_url"), "/pricing");
  EXPECT_EQ(create("6", {{"episode_id", episode}}).status, 403);
  EXPECT_EQ(form({{"episode_id", episode}}, "five.").status, 202) << "what fits is taken";
  EXPECT_THAT(objects(), SizeIs(1));
}

TEST_F(UploadsTest, TusBringsAFileInPieces) {
  const auto path = begun("10", {{"podcast_id", podcast}, {"filename", "Live.wav"}, {"filetype", "audio/wav"}});
  EXPECT_EQ(patch(path, 0, "0123").status, 204);
  EXPECT_EQ(get(path, token).at("status"), "uploading");
  EXPECT_EQ(get(path, token).at("bytes"), 4);
  const auto seen = tus(http::Method::head, path);
  EXPECT_EQ(seen.headers.get("Upload-Offset"), "4");
  EXPECT_EQ(seen.headers.get("Upload-Expires"), to_http_date(clock.now() + kUnfinishedKept));
  EXPECT_EQ(patch(path, 0, "0123").status, 409);
  EXPECT_EQ(patch(path, 4, "456789").status, 204);
  const auto whole = get(path, token);
  EXPECT_EQ(whole.at("status"), "joining");
  EXPECT_EQ(patch(path, 10, "late").status, 413);
  run_jobs();
  EXPECT_EQ(get(path, token).at("status"), "finished");
  const auto id = text(whole.at("episode_id"));
  EXPECT_EQ(see(id).at("title"), "Live");
  EXPECT_EQ(see(id).at("processing_status"), "uploaded");
  EXPECT_EQ(source_of(id), "0123456789");
  run_jobs();
  EXPECT_EQ(used("storage"), 10);
  EXPECT_THAT(objects(), SizeIs(1));
  EXPECT_EQ(tus(http::Method::head, path).headers.get("Upload-Offset"), "10") << "who asks late is told";
  EXPECT_EQ(tus(http::Method::delete_, path).status, 404) << "it is the episode's";
  EXPECT_EQ(source_of(id), "0123456789");
}

TEST_F(UploadsTest, WhatCannotBeJoinedIsKeptUntilItCan) {
  const auto path = begun("4", {{"episode_id", episode}});
  patch(path, 0, "0123");
  storage.broken = true;
  run_jobs();
  EXPECT_EQ(see(episode).at("processing_status"), "error");
  EXPECT_EQ(see(episode).at("processing_error"), "The disk is gone.");
  const auto seen = get(path, token);
  EXPECT_EQ(seen.at("status"), "joining");
  storage.broken = false;
  EXPECT_TRUE(run_task(queue.retry(text(seen.at("job_id")))));
  run_jobs();
  EXPECT_EQ(source_of(episode), "0123");

  const auto lost = begun("4", {{"episode_id", episode}});
  patch(lost, 0, "4567");
  clock.advance(days(8));
  run_task(intakes.drop_unfinished());
  run_jobs();
  EXPECT_EQ(source_of(episode), "0123");
  EXPECT_EQ(used("storage"), 4);
}

TEST_F(UploadsTest, TusMayNotKnowHowLongALiveFileIs) {
  const auto path = begun("", {{"episode_id", episode}});
  EXPECT_EQ(patch(path, 0, "0123").status, 204);
  EXPECT_EQ(patch(path, 4, "", {{"Upload-Length", "2"}}).status, 400);
  EXPECT_EQ(patch(path, 4, "", {{"Upload-Length", "4"}}).status, 204);
  EXPECT_EQ(get(path, token).at("episode_id"), episode.c_str());
  run_jobs();
  EXPECT_EQ(source_of(episode), "0123");
}

TEST_F(UploadsTest, TusIsItsOwnersAlone) {
  const auto path = begun("10", {{"episode_id", episode}});
  const auto bob = join("bob@example.com");
  EXPECT_EQ(tus(http::Method::head, path, {}, "", bob).status, 404);
  EXPECT_EQ(patch(path, 0, "0123", {}, bob).status, 404);
  EXPECT_EQ(tus(http::Method::delete_, path, {}, "", bob).status, 404);
  EXPECT_EQ(get(path, bob).status, 404);
  EXPECT_EQ(create("10", {}).status, 400);
  EXPECT_EQ(create("10", {{"episode_id", "none"}}).status, 404);
  EXPECT_EQ(create("0", {{"episode_id", episode}}).status, 400);
  EXPECT_EQ(create("99999999999", {{"episode_id", episode}}).status, 413);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(UploadsTest, TusEndsWithItsWeekOrItsEpisodeOrWhenItIsThrownAway) {
  const auto thrown = begun("10", {{"episode_id", episode}}), left = begun("10", {{"podcast_id", podcast}}),
             gone = begun("10", {{"episode_id", episode}});
  for (const auto& path : {thrown, left, gone}) patch(path, 0, "0123");
  EXPECT_EQ(used("storage"), 12);
  EXPECT_EQ(tus(http::Method::delete_, thrown).status, 204);
  EXPECT_EQ(tus(http::Method::head, thrown).status, 404);
  EXPECT_EQ(remove("/api/episodes/" + episode).status, 204);
  EXPECT_EQ(tus(http::Method::head, gone).status, 404);
  EXPECT_EQ(used("storage"), 4);
  clock.advance(days(7));
  token = join_again();
  EXPECT_EQ(tus(http::Method::head, left).status, 410);
  EXPECT_EQ(patch(left, 4, "45").status, 410);
  clock.advance(std::chrono::seconds(1));
  run_task(intakes.drop_unfinished());
  EXPECT_EQ(tus(http::Method::head, left).status, 404);
  EXPECT_EQ(used("storage"), 0);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(UploadsTest, WhatAProcessLeftInPiecesGoesWithItsUpload) {
  const auto path = begun("10", {{"episode_id", episode}});
  const auto id = path.substr(path.rfind('/') + 1);
  run_task(storage::put(storage, piece_folder(id) + "never-added", "x", {}));
  tus(http::Method::delete_, path);
  clock.advance(days(8));
  EXPECT_EQ(run_task(leftovers.sweep()), 1);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(UploadsTest, TusTellsAnyoneWhatItCan) {
  const auto reply = server.call(http::Method::options, "/podcasts/api/upload/tus", "");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.headers.get("Tus-Max-Size"), std::to_string(kLargestSource));
  EXPECT_THAT(std::string(reply.headers.get("Tus-Extension")), HasSubstr("expiration"));
}

}  // namespace
}  // namespace odeon::podcasts
