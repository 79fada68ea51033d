// A sound at its level as MP3 in sections, which can be made at the same time: each by an encoder of its own, from
// shortly before its part on, and as far beyond it as it takes to hand over to the next (mp3_joint.hpp).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/media/mp3_decoder.hpp"
#include "engine/media/mp3_encoder.hpp"
#include "engine/media/peak_meter.hpp"
#include "engine/media/recording_gain.hpp"

namespace odeon::media {

struct SectionPlan {
  const EditedSound& sound;
  Level level;
  double max_true_peak = -1;  // dBTP, when decoded
  int bitrate = 0;            // bit/s

  std::int64_t count() const;
  std::int64_t frame() const { return samples_per_frame(sound.rate()); }  // of MP3
};

// Keeps a reference to its plan, and its encoder open. One thread at a time.
class Section {
 public:
  // Nothing is encoded yet. `ceiling` is the limiter's, as amplitude.
  Section(const SectionPlan& plan, std::int64_t number, Reservoir reservoir, double ceiling);

  // Encodes and decodes its part and that many frames of MP3 beyond it, or as many as the sound has.
  void reach(std::int64_t beyond);

  std::int64_t number() const { return number_; }
  std::int64_t first() const { return first_; }  // of its part, in the frames of the whole stream
  // Where one of the whole stream is in frames().
  std::size_t index(std::int64_t frame) const { return static_cast<std::size_t>(frame - begin_); }
  Mp3Frames& frames() { return encoder_.frames(); }

  // Its part, decoded. Not kept.
  std::vector<float> take_heard() { return std::move(heard_); }
  // The true peak of what was decoded, in dB over what it may be.
  double over();
  double peak() { return peak_.so_far(); }  // as amplitude

 private:
  void encode_to(std::int64_t end);
  void decode_to(std::size_t count);

  const SectionPlan& plan_;
  const std::int64_t number_, first_, begin_;  // begin_: of all its frames, in the whole stream
  const bool last_;
  const Level level_;
  Mp3Encoder encoder_;
  Mp3Decoder decoder_;
  PeakMeter peak_;
  std::int64_t encoded_;                     // of the sound
  std::size_t decoded_ = 0, bytes_ = 0;      // of frames()
  std::int64_t at_ = 0, from_ = 0, to_ = 0;  // in what is decoded: how far it is, and its part
  std::vector<float> heard_;
};

// Its part and so much beyond it, with a ceiling as low as the plan's peak takes.
std::unique_ptr<Section> make_section(const SectionPlan& plan, std::int64_t number, Reservoir reservoir,
                                      std::int64_t beyond);

}  // namespace odeon::media
