// Seconds that each part of a three-minute briefing takes: media [PROGRAMME.wav]
//
// Without a file the programme is synthetic speech at 16 kHz, as flite's is.
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>

#include "base/error.hpp"
#include "engine/media/assemble.hpp"
#include "engine/media/decode.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/libav.hpp"
#include "engine/media/limiter.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/master.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/test_signals.hpp"

namespace {

using namespace odeon;
using namespace odeon::media;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The best of several runs, since other work on the machine only ever adds.
void time(const char* part, int runs, const std::function<void()>& work) {
  double wall = 1e9, cpu = 1e9;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu_start = cpu_seconds();
    work();
    wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    cpu = std::min(cpu, cpu_seconds() - cpu_start);
  }
  fmt::print("{:<44} {:>8.3f} {:>8.3f}\n", part, wall, cpu);
}

// Sentences of 4 s with natural pauses, a chime at both ends: 195 s.
std::vector<Segment> briefing(const Pcm& recorded) {
  std::vector<Segment> segments;
  segments.push_back({chime(3, 44100), natural_pause(Boundary::section), "", "opening"});
  double total = 8;
  for (std::uint32_t i = 0; total < 195; ++i) {
    Pcm sentence = signals::speech(4, i + 1);
    if (!recorded.samples.empty()) {
      const std::size_t size = static_cast<std::size_t>(4) * recorded.rate * recorded.channels;
      const std::size_t at = i * size % (recorded.samples.size() - size + 1);
      sentence = {recorded.rate,
                  recorded.channels,
                  {recorded.samples.begin() + static_cast<std::ptrdiff_t>(at),
                   recorded.samples.begin() + static_cast<std::ptrdiff_t>(at + size)}};
    }
    const double pause = natural_pause(i % 6 == 5 ? Boundary::paragraph : Boundary::sentence);
    total += sentence.seconds() + pause;
    segments.push_back({std::move(sentence), pause, i % 12 == 0 ? fmt::format("Part {}", i / 12 + 1) : "", ""});
  }
  segments.push_back({chime(3, 44100), 0, "", "closing"});
  return segments;
}

void run(int count, char** arguments) {
  Pcm recorded;
  if (count > 1) {
    std::ifstream file(arguments[1], std::ios::binary);
    recorded = decode_audio(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  fmt::print("{:<44} {:>8} {:>8}\n", "media, a briefing of 195 s, 44.1 kHz mono", "wall s", "CPU s");
  time("load FFmpeg's libraries (once a process)", 1, [] { libav(); });
  const std::vector<Segment> segments = briefing(recorded);
  const ProduceOptions options{.tags = {.title = "Briefing", .language = "en"}};

  Programme programme;
  time("resample, level, join", 5, [&] { programme = assemble(segments, options.rate, options.channels); });
  time("integrated loudness", 5, [&] { integrated_loudness(programme.audio); });
  std::optional<Limiter> limiter;
  Limiter::Plan plan;
  Pcm limited;
  time("limiter: peaks", 5, [&] { limiter.emplace(programme.audio), limiter->peak(); });
  time("limiter: plan", 5, [&] { limiter.emplace(programme.audio), plan = limiter->plan(1.5, 0.7); });
  time("limiter: apply", 5, [&] { limited = limiter->apply(plan); });
  Mp3Frames frames;
  for (const int bitrate : {64'000, 96'000, 128'000})
    time(fmt::format("encode {} kbit/s, one core", bitrate / 1000).c_str(), 3,
         [&] { frames = encode_mp3(limited, bitrate, 1); });
  time("encode 64 kbit/s, all cores", 3, [&] { frames = encode_mp3(limited, 64'000, parallel_width()); });
  std::string file;
  time("Info header", 5, [&] { file = wrap_mp3(frames); });
  Pcm decoded;
  time("decode", 5, [&] { decoded = decode(file, {}); });
  time("measure: loudness, range, true peak", 5, [&] { measure(decoded); });

  Mastered mastered;
  for (const int bitrate : {64'000, 96'000}) {
    ProduceOptions at = options;
    at.bitrate = bitrate;
    time(fmt::format("produce at {} kbit/s", bitrate / 1000).c_str(), 5, [&] { produce(segments, at); });
    mastered = master(programme.audio, at);
    fmt::print("  {:.1f} s, {:.2f} LUFS, {:.2f} dBTP, encodings {}\n", programme.audio.seconds(),
               mastered.heard.integrated, mastered.heard.true_peak, mastered.encodings);
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    run(count, arguments);
  } catch (...) {
    fmt::print(stderr, "media: {}\n", describe(std::current_exception()));
    return 1;
  }
}
