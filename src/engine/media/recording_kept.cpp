#include "engine/media/recording_kept.hpp"

#include <cstring>
#include <fstream>

namespace odeon::media {
namespace {

// Behind the samples stand the levels of three activities, and then this. It is read by the program that wrote it, or
// by one of the same layout: whoever changes that changes `layout`.
struct KeptEnd {
  std::array<char, 8> layout{};
  std::array<char, 40> run{};  // of the machine
  double noise_reduction = 0;
  Loudness before;
  Spooled sound;
  Losses losses;
  std::int64_t frames_came = 0, frames_left = 0;
  std::int64_t steps_came = 0, steps_left = 0, steps_hiss = 0;
  int step = 0;
};
static_assert(std::is_trivially_copyable_v<KeptEnd>);

constexpr std::array<char, 8> kLayout{'h', 'e', 'a', 'r', 'd', ' ', '1', '\0'};

// Another one each time that the machine is started (random(4)).
std::array<char, 40> this_run() {
  std::array<char, 40> id{};
  std::ifstream("/proc/sys/kernel/random/boot_id").read(id.data(), id.size());
  return id;
}

template <class T>
std::span<const char> bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::int64_t write_levels(ScratchFile& file, std::int64_t at, const std::vector<std::int16_t>& levels) {
  file.write(at, bytes_of(levels));
  return at + std::ssize(bytes_of(levels));
}

std::vector<std::int16_t> read_levels(const ScratchFile& file, std::int64_t& at, std::int64_t count) {
  std::vector<std::int16_t> levels(static_cast<std::size_t>(count));
  const auto into = std::span(reinterpret_cast<char*>(levels.data()), levels.size() * sizeof(std::int16_t));
  file.read(at, into);
  at += std::ssize(into);
  return levels;
}

// A step that is left out reduces noise by nothing, and gives another sound than one that is asked to.
double reduction_of(const RecordingOptions& options) {
  return options.noise_reduction.value_or(-1);
}

}  // namespace

bool keep_intake(Intake& intake, const RecordingOptions& options) {
  KeptEnd end{.layout = kLayout,
              .run = this_run(),
              .noise_reduction = reduction_of(options),
              .before = intake.before,
              .sound = intake.sound->spooled(),
              .losses = intake.losses,
              .frames_came = intake.as_it_came.frames,
              .frames_left = intake.activity.frames,
              .steps_came = std::ssize(intake.as_it_came.body),
              .steps_left = std::ssize(intake.activity.body),
              .steps_hiss = std::ssize(intake.activity.hiss),
              .step = intake.activity.step};
  auto& file = intake.sound->file();
  auto at = write_levels(file, file.size(), intake.as_it_came.body);
  at = write_levels(file, at, intake.activity.body);
  at = write_levels(file, at, intake.activity.hiss);
  file.write(at, {reinterpret_cast<const char*>(&end), sizeof end});
  return file.keep_as(options.heard_file);
}

std::optional<Intake> kept_intake(const std::string& path, const RecordingOptions& options) {
  auto file = ScratchFile::kept(path);
  KeptEnd end;
  const std::int64_t behind = (file ? file->size() : 0) - std::int64_t{sizeof end};
  if (behind < 0) return std::nullopt;
  file->read(behind, {reinterpret_cast<char*>(&end), sizeof end});
  if (end.layout != kLayout || end.run != this_run() || end.noise_reduction != reduction_of(options))
    return std::nullopt;
  auto at = behind - 2 * (end.steps_came + end.steps_left + end.steps_hiss);
  Intake kept{.sound = nullptr, .before = end.before, .losses = end.losses};
  kept.as_it_came = {end.sound.rate, end.step, end.frames_came, read_levels(*file, at, end.steps_came), {}};
  kept.activity = {end.sound.rate, end.step, end.frames_left, read_levels(*file, at, end.steps_left), {}};
  kept.activity.hiss = read_levels(*file, at, end.steps_hiss);
  kept.sound = std::make_unique<SampleSpool>(std::move(file), end.sound);
  return kept;
}

}  // namespace odeon::media
