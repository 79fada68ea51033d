// Podcasts where every sound that arrives is worked on.
#pragma once

#include <filesystem>
#include <fstream>

#include "engine/media/decode.hpp"
#include "engine/media/id3.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {

struct ProcessingHouse : PodcastsHouse {
  explicit ProcessingHouse(double longest_seconds = media::RecordingOptions().max_seconds)
      : PodcastsHouse(longest_seconds) {
    audio.on_arrival([this](Transaction& tx, Arrived arrived) { return processing.begin(tx, std::move(arrived)); });
    podcast = begin_podcast();
  }

  // Three seconds of a book that a person reads.
  static std::string human() {
    std::ifstream file("/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav",
                       std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Somebody who says something, thinks for so long, and goes on.
  static std::string thinking(double silence, double speech = 1.5) {
    auto sound = media::signals::speech(speech, 1, 48000);
    media::signals::append(sound, Pcm{48000, 1, std::vector<float>(static_cast<std::size_t>(silence * 48000))});
    media::signals::append(sound, media::signals::speech(speech, 2, 48000));
    media::signals::Noise noise(3);
    for (float& sample : sound.samples) sample = 0.3f * sample + 0.0005f * noise.next();
    return media::wav(sound);
  }

  std::string upload(const std::string& bytes, std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("podcast_id", podcast);
    more.emplace_back("title", "Pilot");
    const auto reply = send("/api/upload", more, "file", bytes);
    EXPECT_EQ(reply.status, 202) << reply.body;
    return text(reply.at("id"));
  }
  Reply upload_to(const std::string& episode, const std::string& bytes) {
    return send("/api/upload", {{"episode_id", episode}}, "file", bytes);
  }
  Reply status(const std::string& episode) { return get("/api/episodes/" + episode + "/status", token); }
  Reply process(const std::string& episode, json::object options = {}) {
    return post("/api/episodes/" + episode + "/process", std::move(options), token);
  }
  double measured(const std::string& episode, std::string_view name) {
    return status(episode).at("measurements").at(name).to_number<double>();
  }
  std::string state_of(const std::string& job) {
    return std::string(json::enum_name(run_task(queue.progress(job)).value().state));
  }
  std::string job_of(const std::string& episode) { return text(status(episode).at("job_id")); }
  // What is heard, as a listener has it.
  Pcm heard(const std::string& episode) {
    return media::decode(bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value()), {});
  }

  std::string podcast;
};

}  // namespace odeon::podcasts
