#include "engine/media/recording_intake.hpp"

#include <thread>

#include "base/error.hpp"
#include "engine/media/denoise.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/handover.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/peak_meter.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr std::size_t handful = 1 << 15;  // samples that are worth waking another thread
constexpr std::size_t handfuls = 4;       // that may wait

struct Piece {
  int rate = 0, channels = 0;
  std::vector<float> samples;
  double done = 0;  // 0…1
};

// Decodes, on a thread of its own.
class IntakeReading {
 public:
  IntakeReading(BlockingSource& source, const RecordingOptions& options, Demuxer::Waiting waiting)
      : source_(source), options_(options), waiting_(waiting), thread_([this] { run(); }) {}
  ~IntakeReading() { pieces_.leave(); }

  std::optional<Piece> take() { return pieces_.take(); }
  // After the last piece: throws what went wrong, else fills in what was learnt.
  void finish(Intake& intake) {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    intake.losses = losses_;
  }

 private:
  void run() {
    const KeepToThisThread keep;
    try {
      read();
    } catch (...) {
      failure_ = std::current_exception();
    }
    pieces_.end();
  }

  void read() {
    AudioReader reader(source_,
                       {.max_seconds = options_.max_seconds,
                        .max_bytes = options_.max_bytes,
                        .rates = AudioBounds::Rates::podcasts,
                        .waiting = waiting_},
                       options_.scratch_folder);
    std::vector<float> decoded;
    Piece piece;
    for (bool more = true; more;) {
      more = reader.read(decoded);
      piece.samples.insert(piece.samples.end(), decoded.begin(), decoded.end());
      if (piece.samples.empty() || (more && piece.samples.size() < handful)) continue;
      piece.rate = reader.rate(), piece.channels = reader.channels(), piece.done = done(reader);
      if (!pieces_.give(std::exchange(piece, {}))) return;
    }
    losses_ = reader.losses();
  }

  double done(const AudioReader& reader) const {
    if (const auto size = source_.size(); size && *size > 0)
      return static_cast<double>(reader.bytes_read()) / static_cast<double>(*size);
    return reader.announced_seconds() > 0 ? reader.seconds() / reader.announced_seconds() : 0;
  }

  BlockingSource& source_;
  const RecordingOptions& options_;
  const Demuxer::Waiting waiting_;
  Handover<Piece> pieces_{handfuls};
  std::exception_ptr failure_;
  Losses losses_;
  std::jthread thread_;
};

// The recording as it came.
class Measuring {
 public:
  Measuring(int rate, int channels)
      : loudness_(rate, channels, LoudnessMeter::Scope::everything),
        peak_(rate, channels),
        activity_(rate, channels, ActivityMeter::Levels::body) {}

  void add(std::span<const float> samples) {
    loudness_.add(samples);
    peak_.add(samples);
    activity_.add(samples);
  }

  void finish(Intake& intake) {
    intake.before = {loudness_.integrated(), loudness_.range(), to_decibels(peak_.finish())};
    intake.as_it_came = activity_.finish();
  }

 private:
  LoudnessMeter loudness_;
  PeakMeter peak_;
  ActivityMeter activity_;
};

// Where the samples end up, by way of the noise reduction if it is wanted.
class Cleaning {
 public:
  Cleaning(const Piece& first, const RecordingOptions& options)
      : sound_(std::make_unique<SampleSpool>(first.rate, first.channels, options.scratch_folder)),
        activity_(first.rate, first.channels) {
    if (options.noise_reduction) denoiser_.emplace(first.rate, first.channels, *options.noise_reduction);
  }

  void add(std::vector<float>& samples) {
    if (denoiser_) {
      clean_.clear();
      denoiser_->add(samples, clean_);
      clean_.swap(samples);
    }
    store(samples);
  }

  std::int64_t stored() const { return sound_->file().size(); }

  void finish(Intake& intake) {
    clean_.clear();
    if (denoiser_) denoiser_->finish(clean_);
    store(clean_);
    sound_->finish();
    intake.activity = activity_.finish();
    intake.sound = std::move(sound_);
  }

 private:
  void store(std::span<const float> samples) {
    activity_.add(samples);
    sound_->add(samples);
  }

  std::unique_ptr<SampleSpool> sound_;
  ActivityMeter activity_;
  std::optional<Denoiser> denoiser_;
  std::vector<float> clean_;
};

void check_is_sound(Intake& intake) {
  const bool empty =
      !intake.sound || static_cast<double>(intake.sound->frames()) < min_mp3_seconds * intake.sound->rate();
  if (empty && intake.losses.any())
    throw Error(Fault::invalid, "DAMAGED_AUDIO", "The recording is damaged: no sound could be read from it.");
  if (empty) throw Error(Fault::invalid, "EMPTY_RECORDING", "The recording has no length: there is no sound in it.");
  // The standard has no value for less than a block.
  if (static_cast<double>(intake.sound->frames()) < gating_block_seconds * intake.sound->rate()) {
    Pcm all{intake.sound->rate(), intake.sound->channels(), {}};
    all.samples.resize(static_cast<std::size_t>(intake.sound->frames()) * all.channels);
    intake.sound->read(0, all.samples);
    intake.before.integrated = integrated_loudness(all);
  }
  if (intake.before.integrated <= silent)
    throw Error(Fault::invalid, "NO_SOUND", "The recording is silent: nothing can be heard in it.");
}

}  // namespace

Intake take_in(BlockingSource& source, const RecordingOptions& options, Demuxer::Waiting waiting,
               const Progress& progress, std::stop_token stop) {
  libav();  // not first on the other thread: who waits for it knows what it is waiting for
  const KeepToThisThread keep;
  Intake intake;
  std::optional<Measuring> measuring;
  std::optional<Cleaning> cleaning;
  IntakeReading reading(source, options, waiting);
  while (std::optional<Piece> piece = reading.take()) {
    heed(stop);
    if (!cleaning) {
      measuring.emplace(piece->rate, piece->channels);
      cleaning.emplace(*piece, options);
    }
    measuring->add(piece->samples);
    cleaning->add(piece->samples);
    if (options.scratch_grew) options.scratch_grew(cleaning->stored());
    progress(piece->done);
  }
  reading.finish(intake);
  heed(stop);
  if (cleaning) {
    measuring->finish(intake);
    cleaning->finish(intake);
  }
  check_is_sound(intake);
  return intake;
}

}  // namespace odeon::media
