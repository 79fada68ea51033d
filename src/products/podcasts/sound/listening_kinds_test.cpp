// The kinds of files that people send are heard while they arrive, however they are sent.
#include "base/crypto.hpp"
#include "engine/media/strangers_test.hpp"
#include "products/podcasts/sound/listening_house_test.hpp"

namespace odeon::podcasts {
namespace {

struct ListeningToKinds : ListeningHouse, ::testing::WithParamInterface<const char*> {
  // Twelve seconds, as FFmpeg's command writes them.
  std::string encoded() {
    media::strangers::save(folder / "talk.wav", thinking(2, 5));
    const std::string path = folder / (std::string("talk.") + GetParam());
    media::strangers::run({"ffmpeg", "-v", "error", "-i", folder / "talk.wav", path});
    return media::strangers::load(path);
  }
  // What is stored as `key` is all heard; nobody looks at it any more.
  void spoil(const std::string& key, std::size_t bytes) {
    await_heard(key, bytes);
    run_task(storage::put(storage, key, std::string(bytes, 'x'), {}));
  }
  Reply tus(http::Method method, const std::string& path, testing::HttpServer::HeaderList headers, std::string body) {
    headers.emplace_back("Authorization", "Bearer " + token);
    headers.emplace_back("Tus-Resumable", "1.0.0");
    return {server.call(method, "/podcasts" + path, std::move(body), std::move(headers))};
  }
};

TEST_P(ListeningToKinds, InForms) {
  const auto bytes = encoded();
  const auto sent = send_slowly(field("podcast_id", podcast), bytes, "", [&] { await_form(bytes.size()); });
  ASSERT_EQ(sent.status, 202) << sent.body;
  ASSERT_THAT(listening.under_way(), ::testing::SizeIs(1));
  spoil(listening.under_way().at(0), bytes.size());
  run_jobs();
  EXPECT_EQ(mp3_of(text(sent.at("id"))), unheard(bytes));
}

TEST_P(ListeningToKinds, InChunks) {
  const auto bytes = encoded();
  const auto chunks = cut(bytes, 20'000);
  const auto session = begin_recording();
  for (std::size_t i = 0; i + 1 < chunks.size(); ++i) send_chunk(session, i, chunks[i]);
  await_heard(audio_key(session), (chunks.size() - 1) * 20'000);
  send_chunk(session, chunks.size() - 1, chunks.back());
  const auto episode = finish_recording(session);
  spoil(audio_key(session), bytes.size());
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(bytes));
}

TEST_P(ListeningToKinds, ByTus) {
  const auto bytes = encoded();
  const auto begun = tus(http::Method::post, "/api/upload/tus",
                         {{"Upload-Length", std::to_string(bytes.size())},
                          {"Upload-Metadata", "podcast_id " + crypto::to_base64(podcast)}},
                         "");
  ASSERT_EQ(begun.status, 201) << begun.body;
  const std::string location(begun.headers.get("Location")), path = location.substr(location.find("/api/"));
  const auto key = audio_key(path.substr(path.rfind('/') + 1));
  const auto pieces = cut(bytes, 50'000);
  for (std::size_t at = 0; const auto& piece : pieces) {
    if (at + piece.size() == bytes.size()) await_heard(key, at);
    EXPECT_EQ(tus(http::Method::patch, path,
                  {{"Upload-Offset", std::to_string(at)}, {"Content-Type", "application/offset+octet-stream"}}, piece)
                  .status,
              204);
    at += piece.size();
  }
  run_task(with_timeout(std::chrono::seconds(60), join_now(text(get(path, token).at("job_id")))));
  spoil(key, bytes.size());
  run_jobs();
  EXPECT_EQ(mp3_of(text(get(path, token).at("episode_id"))), unheard(bytes));
}

INSTANTIATE_TEST_SUITE_P(Sent, ListeningToKinds, ::testing::Values("mp3", "ogg", "opus", "flac"));

}  // namespace
}  // namespace odeon::podcasts
