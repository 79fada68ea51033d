// A house in which it is watched how far sounds are heard while they arrive, with those that send them.
#pragma once

#include <gmock/gmock.h>

#include "products/podcasts/sound/processing_house_test.hpp"

namespace odeon::podcasts {

// A form whose sender is watched: `between` is called when so many of its bytes were sent.
class SlowForm final : public ByteSource {
 public:
  SlowForm(std::string bytes, std::size_t first, std::function<void()> between)
      : bytes_(std::move(bytes)), first_(first), between_(std::move(between)) {}
  Task<std::size_t> read(std::span<char> into) override {
    if (at_ == first_) between_();
    const auto end = at_ < first_ ? first_ : bytes_.size();
    const auto count = std::min(into.size(), end - at_);
    std::copy_n(bytes_.data() + at_, count, into.data());
    at_ += count;
    co_return count;
  }

 private:
  const std::string bytes_;
  const std::size_t first_;
  const std::function<void()> between_;
  std::size_t at_ = 0;
};

struct ListeningHouse : ProcessingHouse {
  // Until so many bytes of it have been decoded.
  void await_heard(const std::string& key, std::size_t bytes) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (listening.bytes_heard(key).value_or(-1) != static_cast<std::int64_t>(bytes)) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << listening.bytes_heard(key).value_or(-1);
      std::this_thread::yield();
    }
  }
  std::string begin_recording(json::object more = {}) {
    more["podcast_id"] = podcast;
    more["mime_type"] = "audio/wav";
    more["minutes"] = 1;
    return text(post("/api/recording/start", std::move(more), token).at("session_id"));
  }
  Reply send_chunk(const std::string& session, std::size_t number, const std::string& bytes) {
    return send("/api/recording/upload", {{"session_id", session}, {"number", std::to_string(number)}}, "chunk", bytes);
  }
  // Its chunks are joined, and nothing more is done.
  std::string finish_recording(const std::string& session, json::object more = {}) {
    more["session_id"] = session;
    const auto ended = post("/api/recording/finish", std::move(more), token);
    run_task(with_timeout(std::chrono::seconds(60), join_now(text(ended.at("job_id")))));
    return text(ended.at("episode_id"));
  }
  Task<void> join_now(std::string job) {
    jobs::Worker worker{queue, clock, log, metrics, {}};
    intakes.install(worker);
    co_await worker.start();
    co_await queue.watch(job, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
    co_await worker.stop();
  }
  std::string mp3_of(const std::string& episode) {
    EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
    const auto mp3 = bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value());
    return mp3.substr(media::id3_size(mp3));
  }
  // The whole way, of a file that nobody heard before it was whole.
  std::string unheard(const std::string& bytes, std::vector<std::pair<std::string, std::string>> more = {}) {
    const auto episode = upload(bytes, std::move(more));
    run_jobs();
    return mp3_of(episode);
  }
  std::size_t kept_files() {
    const auto files = std::filesystem::directory_iterator(folder / "scratch");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
  static std::vector<std::string> cut(const std::string& bytes, std::size_t at_once) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < bytes.size(); at += at_once) pieces.push_back(bytes.substr(at, at_once));
    return pieces;
  }

  static std::string field(const std::string& name, const std::string& value) {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
  static std::string file(const std::string& bytes) {
    return "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"take 1.wav\"\r\n\r\n" + bytes + "\r\n";
  }
  // `between` is called when `kAhead` bytes less than the file have come.
  Reply send_slowly(const std::string& before, const std::string& bytes, const std::string& after,
                    std::function<void()> between) {
    await_places();
    const auto form = before + file(bytes) + after + "--XX--\r\n";
    SlowForm slow(form, form.find(bytes) + bytes.size() - kAhead, std::move(between));
    return {server.call(http::Method::post, "/podcasts/api/upload", slow,
                        {{"Authorization", "Bearer " + token}, {"Content-Type", "multipart/form-data; boundary=XX"}})};
  }
  // Of the one form that comes, all that has come but for what could be the boundary.
  void await_form(std::size_t bytes) {
    ASSERT_THAT(listening.under_way(), ::testing::SizeIs(1));
    const auto key = listening.under_way().front();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (listening.bytes_heard(key).value_or(0) < static_cast<std::int64_t>(bytes - kAhead - 16)) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << listening.bytes_heard(key).value_or(-1);
      std::this_thread::yield();
    }
  }
  // What was let go has ended.
  void await_places() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (listening.ending() > 0) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit);
      std::this_thread::yield();
    }
  }
  static constexpr std::size_t kAhead = 10'000;
};

}  // namespace odeon::podcasts
