#include "engine/media/mp3_joint.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/decode.hpp"
#include "engine/media/mp3_encoder.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

Pcm talk_at(int rate, int channels, double seconds, std::uint32_t seed) {
  Pcm audio{rate, channels, {}};
  signals::Noise noise(seed);
  for (const float sample : signals::speech(seconds, seed, rate).samples)
    for (int channel = 0; channel < channels; ++channel)
      audio.samples.push_back(sample * (channel == 0 ? 1.0f : 0.7f) + 0.002f * noise.next());
  return audio;
}

Mp3Frames encoded(const Pcm& audio, std::int64_t from, std::int64_t to, int bitrate,
                  Reservoir reservoir = Reservoir::used) {
  Mp3Encoder encoder(audio.rate, audio.channels, bitrate, reservoir);
  encoder.add(std::span(audio.samples).subspan(from * audio.channels, (to - from) * audio.channels));
  encoder.finish();
  return std::move(encoder.frames());
}

double noise_level(const Pcm& original, const Pcm& decoded, std::int64_t from, std::int64_t to) {
  double sum = 0;
  for (std::int64_t i = from * original.channels; i < to * original.channels; ++i)
    sum += std::pow(original.samples[i] - decoded.samples[i], 2);
  return std::sqrt(sum / static_cast<double>((to - from) * original.channels));
}

struct Joined {
  Pcm decoded;
  std::int64_t at = 0;  // the first frame of the second part
};

// Two encodings of one sound that overlap by 40 frames from `border` on, as one file.
std::optional<Joined> joined(const Pcm& audio, std::int64_t border, int bitrate, Reservoir of_second) {
  const int frame = samples_per_frame(audio.rate);
  constexpr std::int64_t warming = 6, overlap = 40;
  Mp3Frames first = encoded(audio, 0, std::min((border + overlap) * frame, audio.frames()), bitrate);
  const Mp3Frames second = encoded(audio, (border - warming) * frame, audio.frames(), bitrate, of_second);
  const auto joint = find_joint(first, second, {static_cast<std::size_t>(border), warming}, overlap - 4);
  if (!joint) return std::nullopt;
  cut_at_joint(first, second, *joint);
  std::size_t at = 0;
  for (std::size_t i = 0; i < second.sizes.size(); ++i) {
    if (i >= joint->second) {
      first.bytes.append(second.bytes, at, second.sizes[i]);
      first.sizes.push_back(second.sizes[i]);
    }
    at += second.sizes[i];
  }
  first.frames_of_sound = audio.frames();
  return Joined{decode(wrap_mp3(first), {}), static_cast<std::int64_t>(joint->first)};
}

RC_GTEST_PROP(Mp3Joint, IsNotHeard, ()) {
  const int rate = *rc::gen::element(22050, 44100, 48000), channels = *rc::gen::inRange(1, 3);
  const int bitrate = *rc::gen::element(64'000, 96'000, 128'000);
  const auto of_second = *rc::gen::element(Reservoir::used, Reservoir::unused);
  const Pcm audio = talk_at(rate, channels, 2, *rc::gen::inRange<std::uint32_t>(1, 1000));
  const std::int64_t border = *rc::gen::inRange<std::int64_t>(8, 30);
  const auto result = joined(audio, border, bitrate, of_second);
  RC_PRE(result.has_value());
  RC_ASSERT(result->decoded.frames() == audio.frames());
  const int frame = samples_per_frame(rate);
  const Pcm plain = decode(wrap_mp3(encoded(audio, 0, audio.frames(), bitrate)), {});
  const std::int64_t from = (result->at - 3) * frame, to = (result->at + 3) * frame;
  // What the codec adds around the joint is what it adds there anyway.
  RC_ASSERT(noise_level(audio, result->decoded, from, to) < 2 * noise_level(audio, plain, from, to) + 1e-4);
  RC_ASSERT(noise_level(audio, result->decoded, to, audio.frames()) <
            2 * noise_level(audio, plain, to, audio.frames()) + 1e-4);
}

TEST(Mp3Joint, IsFoundNearlyAlways) {
  int found = 0, tried = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    const Pcm audio = talk_at(48000, 2, 3, seed);
    found += joined(audio, 30 + seed, 128'000, Reservoir::used).has_value();
    ++tried;
  }
  EXPECT_GE(found, tried - 2);
}

TEST(Mp3Joint, WithoutAReservoirEveryFrameStandsAlone) {
  const Pcm audio = talk_at(48000, 2, 2, 7);
  const Mp3Frames alone = encoded(audio, 0, audio.frames(), 128'000, Reservoir::unused);
  for (std::size_t i = 2; i + 1 < alone.sizes.size(); ++i) {
    const auto joint = find_joint(alone, alone, {i, i}, 1);
    if (joint) EXPECT_EQ(joint->first, i);
  }
  EXPECT_TRUE(find_joint(alone, alone, {2, 2}, 60).has_value());
  EXPECT_FALSE(find_joint(alone, alone, {alone.sizes.size(), 3}, 5).has_value());
  EXPECT_FALSE(find_joint(alone, alone, {0, 0}, 1).has_value());
}

}  // namespace
}  // namespace odeon::media
