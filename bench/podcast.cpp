// One recording through the whole pipeline: podcast_bench IN OUT.mp3 [arriving]
//
// Prints, one `name value` a line, what it took and what came out. `arriving`: as an upload, which is heard while it
// comes; `after_last_byte` is what it took from then on.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
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

// A file as it comes: front to back, and when it ended.
class Arriving final : public BlockingSource {
 public:
  explicit Arriving(const char* path) : file_(path) {}
  std::size_t read(std::span<char> into) override {
    const auto count = file_.read(into);
    if (count == 0) ended_ = std::chrono::steady_clock::now();
    return count;
  }
  std::chrono::steady_clock::time_point ended() const { return ended_; }

 private:
  FileSource file_;
  std::chrono::steady_clock::time_point ended_;
};

// Of this process alone: getrusage() begins with what its parent had.
double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

RecordingOptions episode_options() {
  RecordingOptions options;
  options.bitrate = 128'000;
  options.tags.title = "Ten minutes";
  return options;
}

void run_arriving(const char* in, const char* out) {
  auto options = episode_options();
  options.scratch_folder = std::filesystem::absolute(out).parent_path();
  options.heard_file = std::string(out) + ".heard";
  Arriving arriving(in);
  if (!hear_recording(arriving, options, {}, {})) throw std::runtime_error("nothing was kept of what was heard");
  FileSource whole(in);
  File output(out);
  process_recording(whole, options, output);
  const std::chrono::duration<double> after = std::chrono::steady_clock::now() - arriving.ended();
  fmt::print("after_last_byte {:.3f}\n", after.count());
  std::filesystem::remove(options.heard_file);
}

void run(const char* in, const char* out) {
  const double before = peak_megabytes();
  const auto start = std::chrono::steady_clock::now();
  FileSource source(in);
  File output(out);
  const auto options = episode_options();
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
  const bool arrives = count == 4 && std::string_view(arguments[3]) == "arriving";
  if (count != 3 && !arrives) return fmt::print(stderr, "usage: podcast_bench IN OUT.mp3 [arriving]\n"), 2;
  try {
    (arrives ? run_arriving : run)(arguments[1], arguments[2]);
  } catch (...) {
    fmt::print(stderr, "podcast: {}\n", describe(std::current_exception()));
    return 1;
  }
}
