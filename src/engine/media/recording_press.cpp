#include "engine/media/recording_press.hpp"

#include "engine/media/loudness.hpp"
#include "engine/media/mp3_decoder.hpp"
#include "engine/media/mp3_encoder.hpp"
#include "engine/media/mp3_joint.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/peak_meter.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

// In frames of MP3.
constexpr std::int64_t section_length = 320;  // eight seconds
constexpr std::int64_t warming = 4;           // that an encoder hears before the first of its own
constexpr std::int64_t overlap = 14;          // after the last of its own, where the next may take over
constexpr std::int64_t long_overlap = 120;    // likewise, where that was not enough: one time in thirty
constexpr std::int64_t lookahead = 3;         // that LAME wants to know of beyond those
constexpr std::int64_t handful_seconds = 2;   // that are levelled at once
constexpr int max_attempts = 6;

// A stretch of the sound, encoded with what is around it.
struct Section {
  Mp3Frames frames;
  std::int64_t begin = 0;    // of `frames`, in the whole stream
  std::int64_t first = 0;    // the first frame of its own, in the whole stream
  std::vector<float> heard;  // decoded: its own part of the sound
  Reservoir reservoir = Reservoir::used;

  std::size_t index(std::int64_t frame) const { return static_cast<std::size_t>(frame - begin); }
};

class Sections {
 public:
  Sections(const EditedSound& sound, const Level& level, double max_true_peak, int bitrate)
      : sound_(sound),
        level_(level),
        max_true_peak_(max_true_peak),
        bitrate_(bitrate),
        frame_(samples_per_frame(sound.rate())),
        count_(std::max<std::int64_t>(1, (sound.frames() / frame_ + section_length / 2) / section_length)) {}

  std::size_t count() const { return static_cast<std::size_t>(count_); }

  Section make(std::int64_t number, std::int64_t overlap, Reservoir reservoir) const {
    const bool last = number + 1 == count_;
    Section section{.first = number * section_length, .reservoir = reservoir};
    section.begin = std::max<std::int64_t>(section.first - warming, 0);
    const std::int64_t next = section.first + section_length, from = section.begin * frame_;
    const std::int64_t to = last ? sound_.frames() : std::min((next + overlap + lookahead) * frame_, sound_.frames());
    double ceiling = level_.ceiling;
    for (int attempt = 1;; ++attempt) {
      section.frames = encode(from, to, {level_.gain, ceiling}, reservoir);
      // Decoded sound comes late by the delay, which whoever plays the file leaves out at its start.
      const std::int64_t delay = section.frames.delay;
      const std::int64_t begin = number == 0 ? delay : (section.first - section.begin) * frame_;
      const std::int64_t end = last ? sound_.frames() - from + delay : (next - section.begin) * frame_;
      Pcm heard = decode(section.frames, begin, last ? end : end + overlap * frame_);
      const double over = to_decibels(true_peak(heard)) - max_true_peak_;
      if (over <= 0 || attempt == max_attempts) {
        heard.samples.resize(static_cast<std::size_t>(end - begin) * heard.channels);
        section.heard = std::move(heard.samples);
        return section;
      }
      ceiling *= from_decibels(-over - 0.1);
    }
  }

 private:
  Mp3Frames encode(std::int64_t from, std::int64_t to, const Level& level, Reservoir reservoir) const {
    Mp3Encoder encoder(sound_.rate(), sound_.channels(), bitrate_, reservoir);
    const std::int64_t step = handful_seconds * sound_.rate();
    for (std::int64_t at = from; at < to; at += step)
      encoder.add(level_out(sound_, at, std::min(at + step, to), level).samples);
    return encoder.finish();
  }

  // Samples [from, to) of what a decoder makes of the frames.
  Pcm decode(const Mp3Frames& frames, std::int64_t from, std::int64_t to) const {
    Pcm out{sound_.rate(), sound_.channels(), {}};
    out.samples.reserve(static_cast<std::size_t>(to - from + frame_) * out.channels);
    Mp3Decoder decoder;
    const char* at = frames.bytes.data();
    std::int64_t skipped = 0;
    for (const int size : frames.sizes) {
      decoder.add({at, static_cast<std::size_t>(size)}, out.samples);
      at += size;
      const std::int64_t early = std::min(from - skipped, out.frames());
      out.samples.erase(out.samples.begin(), out.samples.begin() + early * out.channels);
      skipped += early;
      if (out.frames() >= to - from) break;
    }
    out.samples.resize(static_cast<std::size_t>(to - from) * out.channels);
    return out;
  }

  const EditedSound& sound_;
  const Level level_;
  const double max_true_peak_;
  const int bitrate_;
  const std::int64_t frame_, count_;
};

// Joins sections in their order to one stream.
class Joiner {
 public:
  Joiner(LibavWriter& into, const Sections& sections) : into_(into), sections_(sections) {}

  void add(Section next) {
    if (!writer_) {
      writer_.emplace(into_, next.frames);
      held_ = std::move(next);
      from_ = 0;
      return;
    }
    std::optional<Mp3Joint> joint = find(next, overlap);
    if (!joint) {
      held_.frames = sections_.make(held_.first / section_length, long_overlap, held_.reservoir).frames;
      joint = find(next, long_overlap);
    }
    if (!joint) {
      // Frames that borrow nothing can follow any.
      next = sections_.make(next.first / section_length, overlap, Reservoir::unused);
      joint = find(next, long_overlap);
    }
    if (!joint) joint = Mp3Joint{held_.index(next.first), next.index(next.first)};
    cut_at_joint(held_.frames, next.frames, *joint);
    write();
    held_ = std::move(next);
    from_ = joint->second;
  }

  void finish(std::int64_t frames_of_sound) {
    write();
    writer_->finish(frames_of_sound);
  }

 private:
  std::optional<Mp3Joint> find(const Section& next, std::int64_t count) const {
    return find_joint(held_.frames, next.frames, {held_.index(next.first), next.index(next.first)},
                      static_cast<std::size_t>(count));
  }

  void write() {
    const char* at = held_.frames.bytes.data();
    for (std::size_t i = 0; i < held_.frames.sizes.size(); ++i) {
      const auto size = static_cast<std::size_t>(held_.frames.sizes[i]);
      if (i >= from_) writer_->add({at, size});
      at += size;
    }
  }

  LibavWriter& into_;
  const Sections& sections_;
  std::optional<Mp3Writer> writer_;
  Section held_;
  std::size_t from_ = 0;  // the first of its frames that is not written
};

}  // namespace

Pressed press(const EditedSound& sound, const Level& level, double max_true_peak, int bitrate,
              const std::string& scratch_folder, const Progress& progress, const std::stop_token& stop) {
  Pressed pressed{.mp3 = std::make_unique<ScratchFile>(scratch_folder), .heard = {}, .waveform = {}};
  ScratchWriter into(*pressed.mp3);
  const Sections sections(sound, level, max_true_peak, bitrate);
  Joiner joiner(into, sections);
  LoudnessMeter loudness(sound.rate(), sound.channels(), LoudnessMeter::Scope::everything);
  PeakMeter peak(sound.rate(), sound.channels());
  WaveformMaker waveform(sound.rate(), sound.channels());
  double short_loudness = silent;
  std::size_t done = 0;
  in_order<Section>(
      sections.count(),
      [&](std::size_t index) {
        heed(stop);
        return sections.make(static_cast<std::int64_t>(index), overlap, Reservoir::used);
      },
      [&](Section section) {
        loudness.add(section.heard);
        peak.add(section.heard);
        waveform.add(section.heard);
        if (static_cast<double>(sound.frames()) < gating_block_seconds * sound.rate())
          short_loudness = integrated_loudness({sound.rate(), sound.channels(), section.heard});
        section.heard = {};
        joiner.add(std::move(section));
        progress(static_cast<double>(++done) / static_cast<double>(sections.count()));
      });
  joiner.finish(sound.frames());
  pressed.heard = {std::max(loudness.integrated(), short_loudness), loudness.range(), to_decibels(peak.finish())};
  pressed.waveform = waveform.finish();
  return pressed;
}

}  // namespace odeon::media
