#include "engine/media/recording_press.hpp"

#include "engine/media/loudness.hpp"
#include "engine/media/mp3_joint.hpp"
#include "engine/media/parallel.hpp"
#include "engine/media/recording_section.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

// In frames of MP3, after the last of a section's part.
constexpr std::int64_t beyond = 2;   // where the next can take over most of the time
constexpr std::int64_t further = 8;  // that are looked at next, and again
constexpr std::int64_t most_beyond = 120;

// Joins sections in their order to one stream.
class Joiner {
 public:
  Joiner(LibavWriter& into, const SectionPlan& plan) : into_(into), plan_(plan) {}

  void add(std::unique_ptr<Section> next) {
    peak_ = std::max(peak_, next->peak());
    if (!writer_) {
      writer_.emplace(into_, next->frames());
      hold(std::move(next), 0);
      return;
    }
    std::optional<Mp3Joint> joint = find(*next);
    if (!joint) {
      // Frames that borrow nothing can follow any.
      next = make_section(plan_, next->number(), Reservoir::unused, beyond);
      joint = find(*next);
    }
    if (!joint) joint = Mp3Joint{held_->index(next->first()), next->index(next->first())};
    cut_at_joint(held_->frames(), next->frames(), *joint);
    write();
    hold(std::move(next), joint->second);
  }

  void finish(std::int64_t frames_of_sound) {
    write();
    writer_->finish(frames_of_sound);
  }

  double peak() const { return peak_; }  // of all that was decoded of the sections, as amplitude

 private:
  void hold(std::unique_ptr<Section> section, std::size_t from) {
    held_ = std::move(section);
    from_ = from;
    beyond_ = beyond;
  }

  std::optional<Mp3Joint> find(Section& next) {
    const Mp3Joint at{held_->index(next.first()), next.index(next.first())};
    for (;;) {
      if (auto joint = find_joint(held_->frames(), next.frames(), at, static_cast<std::size_t>(beyond_))) return joint;
      if (!go_on()) return std::nullopt;
    }
  }

  // More places to look at, unless there is a peak among them that may not be.
  bool go_on() {
    if (beyond_ >= most_beyond) return false;
    held_->reach(beyond_ + further);
    if (held_->over() > 0) return false;
    peak_ = std::max(peak_, held_->peak());
    beyond_ += further;
    return true;
  }

  void write() {
    const char* at = held_->frames().bytes.data();
    for (std::size_t i = 0; i < held_->frames().sizes.size(); ++i) {
      const auto size = static_cast<std::size_t>(held_->frames().sizes[i]);
      if (i >= from_) writer_->add({at, size});
      at += size;
    }
  }

  LibavWriter& into_;
  const SectionPlan& plan_;
  std::optional<Mp3Writer> writer_;
  std::unique_ptr<Section> held_;
  std::size_t from_ = 0;     // the first of its frames that is not written
  std::int64_t beyond_ = 0;  // frames after its part, up to which its peaks are right
  double peak_ = 0;
};

}  // namespace

Pressed press(const EditedSound& sound, const Level& level, double max_true_peak, int bitrate,
              const std::string& scratch_folder, const Progress& progress, const std::stop_token& stop) {
  Pressed pressed{.mp3 = std::make_unique<ScratchFile>(scratch_folder), .heard = {}, .waveform = {}};
  ScratchWriter into(*pressed.mp3);
  const SectionPlan plan{sound, level, max_true_peak, bitrate};
  Joiner joiner(into, plan);
  LoudnessMeter loudness(sound.rate(), sound.channels(), LoudnessMeter::Scope::everything);
  WaveformMaker waveform(sound.rate(), sound.channels());
  double short_loudness = silent;
  std::int64_t done = 0;
  in_order<std::unique_ptr<Section>>(
      static_cast<std::size_t>(plan.count()),
      [&](std::size_t index) {
        heed(stop);
        return make_section(plan, static_cast<std::int64_t>(index), Reservoir::used, beyond);
      },
      [&](std::unique_ptr<Section> section) {
        {
          const std::vector<float> heard = section->take_heard();
          loudness.add(heard);
          waveform.add(heard);
          if (static_cast<double>(sound.frames()) < gating_block_seconds * sound.rate())
            short_loudness = integrated_loudness({sound.rate(), sound.channels(), heard});
        }
        joiner.add(std::move(section));
        progress(static_cast<double>(++done) / static_cast<double>(plan.count()));
      });
  joiner.finish(sound.frames());
  pressed.heard = {std::max(loudness.integrated(), short_loudness), loudness.range(), to_decibels(joiner.peak())};
  pressed.waveform = waveform.finish();
  return pressed;
}

}  // namespace odeon::media
