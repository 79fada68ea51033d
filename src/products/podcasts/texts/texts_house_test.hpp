// Podcasts whose episodes are written down, with models that a test acts.
#pragma once

#include <fstream>

#include "engine/ai/providers/pocketsphinx.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/notify/mail.hpp"
#include "products/podcasts/house_test.hpp"
#include "products/podcasts/texts/notes_api.hpp"
#include "products/podcasts/texts/published_texts.hpp"
#include "products/podcasts/texts/transcripts.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::podcasts {

// Hears the same words in every piece, the first after a second, but for `answers` times only.
class ActedEars final : public ai::TranscriptionModel {
 public:
  std::string name() const override { return "acted/ears"; }
  bool tells_times() const override { return true; }
  Task<ai::Transcript> transcribe(ai::TranscriptionRequest request) override {
    asked.push_back(request);
    if (std::ssize(asked) > answers) throw Error(Fault::invalid, "NOT_HEARD", "It failed.");
    const auto number = std::to_string(asked.size());
    co_return ai::Transcript{.text = "Piece " + number + ", said.",
                             .language = "en",
                             .seconds = request.seconds,
                             .segments = {},
                             .words = {{"piece", 1, 1.4}, {number, 1.5, 1.9}, {"said", 2, 2.4}},
                             .model = name(),
                             .usage = {}};
  }
  std::vector<ai::TranscriptionRequest> asked;
  std::ptrdiff_t answers = 1'000;
};

// Writes what it is told to.
class ActedWriter final : public ai::TextModel {
 public:
  std::string name() const override { return "acted/writer"; }
  Task<ai::TextReply> complete(const ai::TextRequest& request, TraceContext) override {
    asked.push_back(request);
    co_return ai::TextReply::of(answer, name());
  }
  std::vector<ai::TextRequest> asked;
  std::string answer;
};

inline std::string file_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// A RIFF WAVE of 16 kHz, mono, around samples of 16 bits.
inline std::string wav_around(std::string_view samples) {
  std::string wav = "RIFF";
  const auto put = [&wav](std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) wav += static_cast<char>(value >> (8 * i));
  };
  put(36 + samples.size(), 4), wav += "WAVEfmt ", put(16, 4), put(1, 2), put(1, 2), put(16'000, 4), put(32'000, 4);
  put(2, 2), put(16, 2), wav += "data", put(samples.size(), 4);
  return wav.append(samples);
}

// Human speech of Debian's pocketsphinx-testdata, a second of silence after each sentence: samples.
inline std::string read_aloud(int sentences) {
  const std::string folder = "/usr/share/pocketsphinx/test/data/librivox/";
  std::string samples;
  for (const char* part : {"0870", "0880", "0890", "0920", "0930"}) {
    if (sentences-- == 0) break;
    samples += file_of(folder + "sense_and_sensibility_01_austen_64kb-" + part + ".wav").substr(44);
    samples.append(32'000, '\0');
  }
  return samples;
}

// Sentences of four seconds with half a second between them.
inline std::string long_talk(double seconds, std::size_t silence_before = 0) {
  Pcm sound{16'000, 1, std::vector<float>(16'000 * silence_before)};
  for (std::uint32_t sentence = 0; sound.seconds() < seconds; ++sentence) {
    media::signals::append(sound, media::signals::speech(4, sentence, 16'000));
    media::signals::append(sound, {16'000, 1, std::vector<float>(8'000)});
  }
  return media::wav(sound);
}

struct TextsHouse : PodcastsHouse {
  // With models that are acted, or with what is on board.
  enum class Cast { acted, on_board };
  explicit TextsHouse(Cast cast = Cast::acted) {
    if (cast == Cast::acted) {
      auto ears_made = std::make_unique<ActedEars>();
      auto writer_made = std::make_unique<ActedWriter>();
      ears = ears_made.get();
      writer = writer_made.get();
      gateway.add(std::move(ears_made));
      gateway.add(std::move(writer_made));
    } else {
      gateway.add(std::make_unique<ai::PocketsphinxTranscription>(heavy));
    }
    auto& api = server.api(product);
    transcripts.mount(api);
    notes_api.mount(api);
    published.mount(api);
    more_jobs = [this](jobs::Worker& worker) {
      transcripts.install(worker);
      notes.install(worker);
    };
  }
  ~TextsHouse() override { run_task(gateway.stop()); }

  // As the server has it: what arrives goes all the way by itself.
  void follow_sounds() {
    audio.on_arrival([this](Transaction& tx, Arrived arrived) { return processing.begin(tx, std::move(arrived)); });
    processing.on_processed(
        [this](Transaction& tx, ProcessedEpisode episode) { return transcripts.processed(tx, std::move(episode)); });
  }
  // The sound, the transcript, the notes, each by a job that the one before begins, and what they are tagged with.
  void work_to_the_end() {
    for (int i = 0; i < 4; ++i) run_jobs();
  }
  Reply process(const std::string& episode, json::object options = {}) {
    return post("/api/episodes/" + episode + "/process", std::move(options), token);
  }

  // An episode whose finished sound is that.
  std::string heard_episode(const std::string& podcast, const std::string& sound, double seconds) {
    const auto episode = begin_episode(podcast);
    EXPECT_TRUE(finish(bring(episode), sound, seconds));
    return episode;
  }
  // Of the minutes of transcription that the plan has, so many seconds are left.
  void leave_minutes(std::int64_t seconds) {
    run_task([](TextsHouse& self, std::int64_t seconds) -> Task<void> {
      const auto user = self.ids.at("ada@example.com");
      const auto left = (co_await self.allowances.of(user, self.product, "transcription")).left();
      auto tx = co_await self.database->begin();
      const auto held = co_await self.allowances.reserve(*tx, user, self.product, "transcription", left - seconds);
      co_await self.allowances.settle(*tx, held.value());
      co_await tx->commit();
    }(*this, seconds));
  }
  std::string text_of(const Reply& reply, std::string_view name) { return text(reply.at(name)); }

  testing::KeptCalls meter;
  ai::Gateway gateway{clock, log, metrics, meter};
  ActedEars* ears = nullptr;
  ActedWriter* writer = nullptr;
  HeardPieces pieces{*database, storage, gateway, heavy};
  NotesWork notes{{*database, queue, subscriptions, gateway, tagged, announcements, heavy, clock}};
  Transcripts transcripts{{*database, queue, subscriptions, allowances, pieces, notes, announcements, heavy, clock}};
  NotesApi notes_api{{*database, subscriptions, notes, clock}};
  PublishedTexts published{*database, heavy};
};

}  // namespace odeon::podcasts
