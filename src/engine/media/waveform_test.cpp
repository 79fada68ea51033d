#include "engine/media/waveform.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/media/peak_meter.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

TEST(Waveform, IsWhatPlayersRead) {
  WaveformMaker maker(48000, 1);
  std::vector<float> samples(512, 0.5f);
  samples[3] = -1, samples[300] = 2;
  maker.add(samples);
  EXPECT_EQ(json::write(maker.finish()),
            R"({"version":2,"channels":1,"sample_rate":48000,"samples_per_pixel":256,"bits":8,"length":2,)"
            R"("data":[-128,64,64,127]})");
}

RC_GTEST_PROP(Waveform, HoldsEverySampleInFewPixels, ()) {
  const int channels = *rc::gen::inRange(1, 3);
  const auto frames = *rc::gen::inRange<std::int64_t>(0, 60'000);
  signals::Noise noise(static_cast<std::uint32_t>(frames));
  std::vector<float> samples;
  for (std::int64_t i = 0; i < frames * channels; ++i) samples.push_back(0.9f * noise.next());
  WaveformMaker maker(48000, channels, 16);
  for (std::size_t at = 0; at < samples.size();) {
    const auto count =
        std::min<std::size_t>(static_cast<std::size_t>(*rc::gen::inRange(1, 9000)) * channels, samples.size() - at);
    maker.add(std::span(samples).subspan(at, count));
    at += count;
  }
  const Waveform made = maker.finish();
  RC_ASSERT(made.length == static_cast<std::int64_t>(made.data.size() / 2) && made.length <= 16);
  RC_ASSERT(made.length == (frames + made.samples_per_pixel - 1) / made.samples_per_pixel);
  if (frames > 16 * 256) RC_ASSERT(made.length >= 8);
  for (std::int64_t i = 0; i < frames; ++i) {
    const float sample = channels == 1 ? samples[i] : 0.5f * (samples[2 * i] + samples[2 * i + 1]);
    const std::size_t pixel = i / made.samples_per_pixel;
    RC_ASSERT(made.data[2 * pixel] <= sample * 127 + 2 && made.data[2 * pixel + 1] >= sample * 128 - 2);
  }
}

RC_GTEST_PROP(PeakMeter, ReadsWhatTheWholeHas, ()) {
  const int channels = *rc::gen::inRange(1, 3);
  const auto frames = *rc::gen::inRange<std::int64_t>(0, 100'000);
  signals::Noise noise(static_cast<std::uint32_t>(frames + 1));
  Pcm audio{48000, channels, {}};
  float level = 0.1f;
  for (std::int64_t i = 0; i < frames * channels; ++i) {
    if (noise.next() > 0.9995f) level = 0.5f + 0.5f * noise.next();
    audio.samples.push_back(level * noise.next());
  }
  PeakMeter meter(48000, channels);
  for (std::size_t at = 0; at < audio.samples.size();) {
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(*rc::gen::inRange(1, 50'000)) * channels,
                                             audio.samples.size() - at);
    meter.add(std::span(audio.samples).subspan(at, count));
    at += count;
  }
  RC_ASSERT(std::abs(meter.finish() - true_peak(audio)) < 1e-6);
}

TEST(PeakMeter, WaitsForWhatAPeakBetweenSamplesDependsOn) {
  for (const std::size_t there : {32'768, 32'769, 32'770, 32'780, 32'800}) {
    SCOPED_TRACE(there);
    // A peak between the last sample of a block and the next, of which that many are there at first.
    Pcm audio{48000, 1, std::vector<float>(34'000)};
    audio.samples[32'766] = audio.samples[32'769] = -0.7f;
    audio.samples[32'767] = audio.samples[32'768] = 0.7f;
    PeakMeter meter(48000, 1);
    meter.add(std::span(audio.samples).first(there));
    EXPECT_LE(meter.so_far(), true_peak(audio));
    meter.add(std::span(audio.samples).subspan(there));
    EXPECT_GT(meter.so_far(), 1.1);
    EXPECT_NEAR(meter.finish(), true_peak(audio), 1e-6);
  }
}

}  // namespace
}  // namespace odeon::media
