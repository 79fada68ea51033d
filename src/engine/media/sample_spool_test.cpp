// Samples kept in a file, and read from it as an edit list has them.
#include "engine/media/sample_spool.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/edited_sound.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

std::unique_ptr<SampleSpool> spooled(const Pcm& audio) {
  auto spool = std::make_unique<SampleSpool>(audio.rate, audio.channels, "");
  spool->add(audio.samples);
  spool->finish();
  return spool;
}

RC_GTEST_PROP(SampleSpool, GivesBackWhatItWasGivenAnywhere, ()) {
  const int channels = *rc::gen::inRange(1, 3);
  const auto frames = *rc::gen::inRange<std::int64_t>(0, 3000);
  signals::Noise noise(static_cast<std::uint32_t>(frames));
  SampleSpool spool(48000, channels, "");
  Pcm audio{48000, channels, {}};
  float level = 1;
  while (audio.frames() < frames) {
    if (*rc::gen::inRange(0, 3) == 0) level = std::pow(10.0f, static_cast<float>(*rc::gen::inRange(-5, 2)));
    std::vector<float> piece;
    const auto count = std::min<std::int64_t>(*rc::gen::inRange(1, 900), frames - audio.frames());
    for (std::int64_t i = 0; i < count * channels; ++i) piece.push_back(level * noise.next());
    spool.add(piece);
    audio.samples.insert(audio.samples.end(), piece.begin(), piece.end());
  }
  spool.finish();
  RC_ASSERT(spool.frames() == frames);
  const auto from = *rc::gen::inRange<std::int64_t>(-500, 3500);
  std::vector<float> read(static_cast<std::size_t>(*rc::gen::inRange(0, 2000)) * channels, 7);
  spool.read(from, read);
  for (std::size_t i = 0; i < read.size(); ++i) {
    const auto at = from * channels + static_cast<std::int64_t>(i);
    const bool inside = at >= 0 && at < static_cast<std::int64_t>(audio.samples.size());
    const auto block = static_cast<std::size_t>(std::max<std::int64_t>(at, 0)) / (256 * channels) * (256 * channels);
    float around = 0;
    for (std::size_t j = block; inside && j < std::min(block + 256 * channels, audio.samples.size()); ++j)
      around = std::max(around, std::abs(audio.samples[j]));
    RC_ASSERT(std::abs(read[i] - (inside ? audio.samples[at] : 0)) <= around / 65000);
  }
}

TEST(EditedSound, WithoutCutsAndFadesIsTheSound) {
  const Pcm audio = signals::speech(1, 3, 48000);
  const auto spool = spooled(audio);
  const EditList all(48000, audio.frames());
  const Pcm read = EditedSound(*spool, all, {0, 0}).read(100, 40000);
  for (std::size_t i = 0; i < read.samples.size(); ++i) ASSERT_NEAR(read.samples[i], audio.samples[i + 100], 2e-5);
}

EditList every_other(std::int64_t frames, std::int64_t length) {
  std::vector<FrameRange> kept;
  for (std::int64_t at = 0; at + length <= frames; at += 2 * length) kept.push_back({at, at + length});
  return {48000, frames, kept};
}

RC_GTEST_PROP(EditedSound, IsTheSameHoweverItIsRead, ()) {
  const Pcm audio = signals::speech(0.5, 3, 48000);
  const auto spool = spooled(audio);
  const EditList edits = every_other(audio.frames(), *rc::gen::inRange(300, 5000));
  const EditedSound sound(*spool, edits, {0.02, 0.03});
  const Pcm whole = sound.read(0, sound.frames());
  const auto from = *rc::gen::inRange<std::int64_t>(-100, sound.frames());
  const auto to = *rc::gen::inRange<std::int64_t>(from, sound.frames() + 100);
  const Pcm part = sound.read(from, to);
  RC_ASSERT(part.frames() == to - from);
  for (std::int64_t i = from; i < to; ++i)
    RC_ASSERT(part.samples[i - from] == (i < 0 || i >= sound.frames() ? 0 : whole.samples[i]));
}

TEST(EditedSound, DoesNotClickAtCuts) {
  // A tone that would jump by up to twice its amplitude.
  const Pcm audio = signals::tone(317, -6, 2, 48000);
  const auto spool = spooled(audio);
  float most = 0;
  for (std::size_t i = 1; i < audio.samples.size(); ++i)
    most = std::max(most, std::abs(audio.samples[i] - audio.samples[i - 1]));
  const EditList edits = every_other(audio.frames(), 4801);
  const Pcm read = EditedSound(*spool, edits, {0.01, 0.01}).read(0, edits.output_frames());
  for (std::size_t i = 1; i < read.samples.size(); ++i)
    ASSERT_LE(std::abs(read.samples[i] - read.samples[i - 1]), 1.5f * most) << i;
}

TEST(EditedSound, KeepsTheLevelOfNoiseAcrossCuts) {
  Pcm audio{48000, 1, {}};
  signals::Noise noise(4);
  for (int i = 0; i < 48000 * 4; ++i) audio.samples.push_back(0.1f * noise.next());
  const auto spool = spooled(audio);
  const EditList edits = every_other(audio.frames(), 1200);  // nothing but cross-fades
  const Pcm read = EditedSound(*spool, edits, {0, 0}).read(0, edits.output_frames());
  double before = 0, after = 0;
  for (const float sample : audio.samples) before += sample * sample;
  for (const float sample : read.samples) after += sample * sample;
  EXPECT_NEAR(after / read.samples.size(), before / audio.samples.size(), 0.03 * before / audio.samples.size());
}

TEST(EditedSound, FadesInAndOut) {
  const Pcm audio{48000, 2, std::vector<float>(2 * 48000, 0.5f)};
  const auto spool = spooled(audio);
  const EditList all(48000, 48000);
  const Pcm read = EditedSound(*spool, all, {0.1, 0.2}).read(0, 48000);
  EXPECT_LT(read.samples[0], 1e-4);
  EXPECT_NEAR(read.samples[2 * 2400], 0.25, 0.001);
  EXPECT_NEAR(read.samples[2 * 4800], 0.5, 1e-4);
  EXPECT_NEAR(read.samples[2 * (48000 - 9601)], 0.5, 1e-4);
  EXPECT_NEAR(read.samples[2 * (48000 - 4800)], 0.25, 0.001);
  EXPECT_LT(read.samples[2 * 47999], 1e-4);
}

}  // namespace
}  // namespace odeon::media
