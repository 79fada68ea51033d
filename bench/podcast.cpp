// One recording through the whole pipeline: podcast_bench IN OUT.mp3
//
// Prints, one `name value` a line, what it took and what came out.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "engine/media/recording.hpp"

namespace {

using namespace odeon;
using namespace odeon::media;

class File final : public RecordingOutput {
 public:
  explicit File(const char* path) : file_(path, std::ios::binary) {}
  void write(std::span<const char> bytes) override { file_.write(bytes.data(), static_cast<long>(bytes.size())); }

 private:
  std::ofstream file_;
};

// Of this process alone: getrusage() begins with what its parent had.
double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

void run(const char* in, const char* out) {
  const double before = peak_megabytes();
  const auto start = std::chrono::steady_clock::now();
  FileSource source(in);
  File output(out);
  RecordingOptions options;
  options.bitrate = 128'000;
  options.tags.title = "Ten minutes";
  const auto since = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  double taken_in = 0, levelled = 0, pressed = 0;
  const Processed made = process_recording(source, options, output, [&](double done) {
    if (done <= 0.35) taken_in = since();
    if (done <= 0.42) levelled = since();
    if (done <= 0.97) pressed = since();
  });
  fmt::print("wall {:.3f}\ntaken_in {:.3f}\nlevelled {:.3f}\npressed {:.3f}\n", since(), taken_in, levelled, pressed);
  fmt::print("growth {:.1f}\n", peak_megabytes() - before);
  fmt::print("seconds {:.3f}\nremoved {:.1f}\nnoise_floor {:.1f}\n", made.duration, made.silence_removed,
             made.noise_floor);
  fmt::print("before {:.2f} {:.2f} {:.1f}\nafter {:.2f} {:.2f} {:.1f}\n", made.before.integrated, made.before.true_peak,
             made.before.range, made.after.integrated, made.after.true_peak, made.after.range);
  fmt::print("encodings {}\n", made.encodings);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return fmt::print(stderr, "usage: podcast_bench IN OUT.mp3\n"), 2;
  try {
    run(arguments[1], arguments[2]);
  } catch (...) {
    fmt::print(stderr, "podcast: {}\n", describe(std::current_exception()));
    return 1;
  }
}
