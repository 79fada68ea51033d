#include "engine/media/recording.hpp"

#include <malloc.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/id3.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/recording_intake.hpp"
#include "engine/media/recording_kept.hpp"
#include "engine/media/recording_press.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr double tolerance = 0.1;   // LU
constexpr double peak_guard = 0.4;  // dB: FFmpeg's meter reads so much more than ours of a burst of noise
constexpr int max_encodings = 3;

// How far decoded peaks of speech rise over encoded ones, in dB, seldom more.
double expected_overshoot(int bitrate, int channels) {
  return bitrate / channels < 80'000 ? 1.2 : 0.8;
}

void check_recording(const RecordingOptions& options) {
  const auto within = [](std::optional<double> value, double low, double high) {
    return !value || (*value >= low && *value <= high);
  };
  if (!within(options.noise_reduction, 0, 30) || !within(options.loudness, -40, -6) ||
      !within(options.max_true_peak, -12, 0))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS",
                "Noise reduction must be between 0 and 30 dB, loudness between -40 and -6 LUFS, the true peak between "
                "-12 and 0 dBTP.");
  if (options.silences &&
      (!within(options.silences->longest_pause, 0.4, 10) || !within(options.silences->at_ends, 0, 10)))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS", "The longest pause must be between 0.4 and 10 seconds.");
  if (options.fades && (!within(options.fades->in, 0, 30) || !within(options.fades->out, 0, 30)))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS", "A fade must be between 0 and 30 seconds.");
  if (options.bitrate != 0 && !mp3_allows(48'000, 2, options.bitrate))
    throw Error(Fault::invalid, "INVALID_AUDIO_OPTIONS", fmt::format("There is no MP3 of {} bit/s.", options.bitrate));
  id3_tag(options.tags, options.chapters, 0);  // said at once, not after all the work
}

// Parts of the whole, so that it advances evenly; never backwards, whatever is done again.
class Advance {
 public:
  explicit Advance(const Progress& progress) : progress_(progress) {}
  Progress part(double from, double to) {
    return [this, from, to](double done) {
      const double now = from + (to - from) * std::clamp(done, 0.0, 1.0);
      if (now <= reached_) return;
      reached_ = now;
      if (progress_) progress_(now);
    };
  }

 private:
  const Progress& progress_;
  double reached_ = -1;
};

// At the loudness that is wanted, judged by what a listener decodes.
Pressed master(const EditedSound& sound, const Intake& intake, const RecordingOptions& options, int bitrate,
               Processed& result, Advance& advance, const std::stop_token& stop) {
  const double highest = options.max_true_peak - peak_guard;
  double ceiling = highest - expected_overshoot(bitrate, sound.channels());
  double aim = options.loudness.value_or(0), guess = intake.before.integrated;
  for (;;) {
    Level level{1, from_decibels(ceiling)};
    if (options.loudness) level.gain = find_gain(sound, aim, level.ceiling, guess, intake.sound->peak(), stop);
    advance.part(0.35, 0.42)(1);
    Pressed pressed = press(sound, level, highest, bitrate, options.scratch_folder, advance.part(0.42, 0.97), stop);
    const double short_of = options.loudness ? *options.loudness - pressed.heard.integrated : 0;
    const double over = pressed.heard.true_peak - options.max_true_peak;
    const double most_gain = from_decibels(ceiling + max_limiting) / intake.sound->peak();
    const bool at_most = short_of > 0 && level.gain >= 0.999 * most_gain;
    const bool right = over <= 0 && (std::abs(short_of) <= tolerance || at_most);
    ++result.encodings;
    if (right || result.encodings == max_encodings) return pressed;
    aim += short_of;
    guess = aim - to_decibels(level.gain);
    if (over > 0) ceiling -= over + peak_guard;
  }
}

std::vector<Chapter> on_the_other_side(const std::vector<Chapter>& chapters, const EditList& edits) {
  std::vector<Chapter> result;
  for (const Chapter& chapter : chapters) {
    const Chapter moved{chapter.title, edits.output_seconds(chapter.start), edits.output_seconds(chapter.end)};
    if (moved.end > moved.start) result.push_back(moved);
  }
  return result;
}

void copy(const ScratchFile& file, RecordingOutput& output, const Progress& progress, const std::stop_token& stop) {
  std::array<char, 64 * 1024> piece;
  for (std::int64_t at = 0; at < file.size();) {
    heed(stop);
    const std::size_t count = file.read(at, piece);
    output.write(std::span(piece).first(count));
    at += static_cast<std::int64_t>(count);
    progress(static_cast<double>(at) / static_cast<double>(file.size()));
  }
}

Intake heard(BlockingSource& source, const RecordingOptions& options, const Progress& progress,
             const std::stop_token& stop) {
  if (options.heard_file.empty()) return take_in(source, options, Demuxer::Waiting::if_need_be, progress, stop);
  if (auto kept = kept_intake(options.heard_file, options)) {
    progress(1);
    return std::move(*kept);
  }
  Intake intake = take_in(source, options, Demuxer::Waiting::if_need_be, progress, stop);
  keep_intake(intake, options);
  return intake;
}

}  // namespace

bool hear_recording(BlockingSource& source, const RecordingOptions& options, const Progress& progress,
                    std::stop_token stop) {
  check_recording(options);
  Advance advance(progress);
  Intake intake = take_in(source, options, Demuxer::Waiting::never, advance.part(0, 1), std::move(stop));
  return !intake.losses.any() && keep_intake(intake, options);
}

Processed process_recording(BlockingSource& source, const RecordingOptions& options, RecordingOutput& output,
                            const Progress& progress, std::stop_token stop) {
  check_recording(options);
  Advance advance(progress);
  Intake intake = heard(source, options, advance.part(0, 0.35), stop);
  const int rate = intake.sound->rate();

  Processed result;
  result.rate = rate;
  result.channels = intake.sound->channels();
  result.bitrate = options.bitrate != 0 ? options.bitrate : result.channels == 2 ? 128'000 : 96'000;
  result.before = intake.before;
  result.losses = intake.losses;
  result.edits = EditList(rate, intake.sound->frames());
  result.pauses = find_pauses(intake.activity);
  result.noise_floor = noise_floor(intake.as_it_came, result.pauses);
  if (options.silences) result.edits = shorten_pauses(intake.activity, result.pauses, *options.silences);
  intake.activity = {}, intake.as_it_came = {};
  malloc_trim(0);  // what hours took is not kept beside what encoding takes
  result.silence_removed = result.edits.removed_seconds();
  result.chapters = on_the_other_side(options.chapters, result.edits);

  const EditedSound sound(*intake.sound, result.edits, options.fades.value_or(Fades{0, 0}));
  result.duration = static_cast<double>(sound.frames()) / rate;
  Pressed pressed = master(sound, intake, options, result.bitrate, result, advance, stop);
  result.after = pressed.heard;
  result.waveform = std::move(pressed.waveform);

  const std::string tag = id3_tag(options.tags, result.chapters, result.duration);
  result.bytes = static_cast<std::int64_t>(tag.size()) + pressed.mp3->size();
  output.begin(result.bytes);
  output.write(tag);
  copy(*pressed.mp3, output, advance.part(0.97, 1), stop);
  return result;
}

void retag(BlockingSource& mp3, const Tags& tags, const std::vector<Chapter>& chapters, double duration,
           RecordingOutput& output) {
  constexpr std::size_t head = 10;
  const std::string tag = id3_tag(tags, chapters, duration);
  PeekedSource source(mp3);
  auto skipped = static_cast<std::int64_t>(id3_size(source.peek(head)));
  if (const auto size = source.size())
    output.begin(static_cast<std::int64_t>(tag.size()) + std::max<std::int64_t>(*size - skipped, 0));
  output.write(tag);
  std::array<char, 64 * 1024> piece;
  while (const std::size_t count = source.read(piece)) {
    const auto dropped = static_cast<std::size_t>(std::min<std::int64_t>(skipped, static_cast<std::int64_t>(count)));
    skipped -= static_cast<std::int64_t>(dropped);
    if (count > dropped) output.write(std::span(piece).first(count).subspan(dropped));
  }
}

bool is_tagged(BlockingSource& mp3, const Tags& tags, const std::vector<Chapter>& chapters, double duration) {
  const std::string tag = id3_tag(tags, chapters, duration);
  return PeekedSource(mp3).peek(tag.size()) == tag;
}

}  // namespace odeon::media
