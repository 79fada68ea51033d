#include "engine/media/pauses.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr int kPauseRate = 16000;

Activity activity_of(const Pcm& audio) {
  ActivityMeter meter(audio.rate, audio.channels);
  meter.add(audio.samples);
  return meter.finish();
}

void add_noise(Pcm& audio, double decibels) {
  signals::Noise noise(77);
  const auto amplitude = static_cast<float>(from_decibels(decibels) * std::sqrt(3.0));
  for (float& sample : audio.samples) sample += amplitude * noise.next();
}

// Sentences of two seconds at `level` dB, each followed by a pause of that many seconds, over noise.
struct Recording {
  Pcm audio{kPauseRate, 1, {}};
  std::vector<FrameRange> gaps;  // as they were put in

  Recording(const std::vector<double>& pauses, double noise, double level = -12) {
    for (std::size_t i = 0; i < pauses.size(); ++i) {
      signals::append(audio, signals::speech(2, static_cast<std::uint32_t>(i + 1), kPauseRate, from_decibels(level)));
      const std::int64_t from = audio.frames();
      audio.samples.resize(audio.samples.size() + static_cast<std::size_t>(pauses[i] * kPauseRate));
      gaps.push_back({from, audio.frames()});
    }
    signals::append(audio, signals::speech(2, 99, kPauseRate, from_decibels(level)));
    add_noise(audio, noise);
  }
};

double seconds(std::int64_t frames) {
  return static_cast<double>(frames) / kPauseRate;
}

EditList shortened(const Pcm& audio, const ShortenOptions& options = {}) {
  const Activity activity = activity_of(audio);
  return shorten_pauses(activity, find_pauses(activity), options);
}

TEST(ActivityMeter, TellsTheLevelInHundredthsOfASecond) {
  Pcm audio = signals::tone(1000, -20, 0.5, 48000, 2);
  audio.samples.resize(audio.samples.size() + 48000);
  const Activity activity = activity_of(audio);
  ASSERT_EQ(activity.steps(), 100u);
  // A sine is 3 dB below its peak, and the edge of the band takes a little.
  EXPECT_NEAR(activity.body[20], -2300, 20);
  EXPECT_EQ(activity.body[90], -12000);
  EXPECT_EQ(activity.hiss[90], -12000);
}

RC_GTEST_PROP(ActivityMeter, TellsInAnyPiecesWhatItIsDefinedAs, ()) {
  const int channels = *rc::gen::inRange(1, 3), rate = *rc::gen::element(kPauseRate, 44'100);
  Pcm audio{rate, channels, {}};
  signals::Noise noise(6);
  for (const float sample : signals::speech(0.3, 5, rate).samples)
    for (int channel = 0; channel < channels; ++channel) audio.samples.push_back(sample + 0.1f * noise.next());
  ActivityMeter meter(rate, channels);
  for (std::size_t at = 0; at < audio.samples.size();) {
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(*rc::gen::inRange(1, 700)) * channels,
                                             audio.samples.size() - at);
    meter.add(std::span(audio.samples).subspan(at, count));
    at += count;
  }
  const Activity told = meter.finish();
  RC_ASSERT(told.frames == audio.frames());
  RC_ASSERT(std::ssize(told.body) == (audio.frames() + told.step - 1) / told.step);

  const double pole = std::exp(-2 * std::numbers::pi * 120 / rate);
  double last[2] = {}, high[2] = {};
  for (std::size_t step = 0; step < told.steps(); ++step) {
    const auto from = static_cast<std::int64_t>(step) * told.step, to = std::min(from + told.step, audio.frames());
    double body = 0, hiss = 0;
    for (std::int64_t i = from * channels; i < to * channels; ++i) {
      const auto channel = i % channels;
      const double change = audio.samples[i] - last[channel];
      high[channel] = pole * (high[channel] + change);
      body += high[channel] * high[channel], hiss += change * change;
      last[channel] = audio.samples[i];
    }
    const auto count = static_cast<double>((to - from) * channels);
    RC_ASSERT(std::abs(told.body[step] - 1000 * std::log10(body / count)) <= 1);
    RC_ASSERT(std::abs(told.hiss[step] - 1000 * std::log10(hiss / count)) <= 1);
  }
}

TEST(FindPauses, FindsThemWhateverTheNoise) {
  for (const double noise : {-90.0, -70.0, -55.0, -45.0}) {
    SCOPED_TRACE(noise);
    const Recording recording({0.5, 1, 2.5, 0.3, 5}, noise, -3);
    const auto pauses = find_pauses(activity_of(recording.audio));
    for (const FrameRange& gap : recording.gaps) {
      if (seconds(gap.length()) < 0.45) continue;
      const auto found = std::ranges::find_if(
          pauses, [&](const FrameRange& pause) { return pause.from < gap.to && pause.to > gap.from; });
      ASSERT_NE(found, pauses.end()) << seconds(gap.from);
      EXPECT_NEAR(seconds(found->length()), seconds(gap.length()) - 0.2, 0.2);
    }
    // And none where somebody speaks.
    for (const FrameRange& pause : pauses)
      EXPECT_TRUE(std::ranges::any_of(recording.gaps,
                                      [&](const FrameRange& gap) {
                                        return pause.from >= gap.from - kPauseRate / 10 &&
                                               pause.to <= gap.to + kPauseRate / 10;
                                      }))
          << seconds(pause.from) << " to " << seconds(pause.to);
  }
}

TEST(FindPauses, AQuietSpeakerIsNoPause) {
  Pcm audio{kPauseRate, 1, {}};
  for (std::uint32_t i = 0; i < 4; ++i) {  // 22 dB between the two
    signals::append(audio, signals::speech(2, i + 1, kPauseRate, from_decibels(-6)));
    signals::append(audio, signals::speech(3, i + 9, kPauseRate, from_decibels(-28)));
  }
  add_noise(audio, -70);
  EXPECT_LT(shortened(audio).removed_seconds(), 0.01);
}

TEST(FindPauses, MusicHasNone) {
  Pcm audio = signals::tone(220, -20, 20, kPauseRate);
  for (std::size_t i = 0; i < audio.samples.size(); ++i)  // swells by 10 dB every four seconds
    audio.samples[i] *= static_cast<float>(from_decibels(5 * std::sin(2 * std::numbers::pi * i / (4.0 * kPauseRate))));
  add_noise(audio, -60);
  EXPECT_TRUE(find_pauses(activity_of(audio)).empty());
}

TEST(FindPauses, AQuietHissAtTheEndOfAWordIsHeard) {
  Pcm audio{kPauseRate, 1, {}};
  signals::Noise hiss(3);
  std::vector<std::int64_t> endings;
  for (std::uint32_t i = 0; i < 4; ++i) {
    signals::append(audio, signals::speech(2, i + 1, kPauseRate, from_decibels(-12)));
    for (int n = 0; n < kPauseRate / 4; ++n)  // an s of a quarter second, at −55 dBFS
      audio.samples.push_back(static_cast<float>(from_decibels(-55) * std::sqrt(3.0)) * hiss.next());
    endings.push_back(audio.frames());
    audio.samples.resize(audio.samples.size() + 2 * kPauseRate);
  }
  // A hum makes the s vanish in the whole level.
  const Pcm hum = signals::tone(150, -52, audio.seconds(), kPauseRate);
  for (std::size_t i = 0; i < audio.samples.size(); ++i) audio.samples[i] += hum.samples[i];
  add_noise(audio, -80);
  const auto pauses = find_pauses(activity_of(audio));
  ASSERT_GE(pauses.size(), 4u);
  for (const std::int64_t ending : endings)
    for (const FrameRange& pause : pauses) EXPECT_FALSE(pause.from < ending && pause.to > ending) << seconds(ending);
}

TEST(ShortenPauses, BringsEachToTheLengthThatIsSaid) {
  const struct {
    double pause, stays;
  } cases[] = {{0.3, 0.3}, {0.6, 0.6}, {1.0, 1.0}, {1.5, 0.81}, {3, 1.03}, {5, 1.2}, {20, 1.2}};
  for (const auto& test : cases) {
    SCOPED_TRACE(test.pause);
    const Recording recording({test.pause}, -65);
    const EditList list = shortened(recording.audio);
    // Of a pause, what fades and what begins (0.2 s) is the words'; speech has a little silence of its own.
    const double removed = test.pause - test.stays;
    EXPECT_NEAR(list.removed_seconds(), removed < 0.25 ? 0 : removed - 0.15, 0.12);
    for (const FrameRange& range : list.kept()) {
      if (range.to < list.input_frames()) EXPECT_GE(range.to, recording.gaps[0].from + kPauseRate / 3);
      if (range.from > 0) EXPECT_LE(range.from, recording.gaps[0].to - kPauseRate / 4);
    }
  }
}

TEST(ShortenPauses, LongerOnesStayLonger) {
  double last = 0;
  for (const double pause : {1.2, 1.6, 2.2, 3.0, 3.9}) {
    const double stays = pause - shortened(Recording({pause}, -65).audio).removed_seconds();
    EXPECT_GT(stays, last) << pause;
    last = stays;
  }
}

TEST(ShortenPauses, TakesSilenceFromBothEndsAndLeavesSome) {
  Pcm audio{kPauseRate, 1, std::vector<float>(4 * kPauseRate)};
  signals::append(audio, signals::speech(3, 5, kPauseRate, 0.25));
  audio.samples.resize(audio.samples.size() + 6 * kPauseRate);
  add_noise(audio, -70);
  const EditList list = shortened(audio);
  ASSERT_EQ(list.kept().size(), 1u);
  EXPECT_NEAR(seconds(list.kept()[0].from), 3.6, 0.1);
  EXPECT_NEAR(seconds(list.kept()[0].to), 7.6, 0.25);
}

TEST(ShortenPauses, NothingIsTakenFromWhatHasNoSpeech) {
  Pcm audio{kPauseRate, 1, std::vector<float>(20 * kPauseRate)};
  EXPECT_EQ(shortened(audio).removed_seconds(), 0);
  add_noise(audio, -50);
  EXPECT_EQ(shortened(audio).removed_seconds(), 0);
  EXPECT_EQ(shortened({kPauseRate, 1, {}}).output_frames(), 0);
}

RC_GTEST_PROP(ShortenPauses, NeverTouchesASentenceNorLeavesNothing, ()) {
  const auto pauses = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, 400));
  const double noise = *rc::gen::inRange(-90, -50);
  const Recording recording({pauses[0] / 100.0, pauses[1] / 100.0, pauses[2] / 100.0}, noise);
  const EditList list = shortened(recording.audio);
  std::int64_t last = 0;
  for (const FrameRange& gap : recording.gaps) {
    // Sentences keep their length; what is left of a gap is natural.
    RC_ASSERT(list.to_output(gap.from) - list.to_output(last) >= gap.from - last - kPauseRate / 5);
    const double left = seconds(list.to_output(gap.to) - list.to_output(gap.from));
    RC_ASSERT(left >= std::min(seconds(gap.length()), 0.7) - 0.01);
    RC_ASSERT(left <= 1.6);
    last = gap.to;
  }
}

TEST(NoiseFloor, IsTheLevelOfThePauses) {
  for (const double noise : {-80.0, -57.0, -45.0}) {
    const Activity activity = activity_of(Recording({1, 2, 1.5}, noise).audio);
    EXPECT_NEAR(noise_floor(activity, find_pauses(activity)), noise, 1) << noise;
  }
  const Activity nothing = activity_of({kPauseRate, 1, std::vector<float>(kPauseRate)});
  EXPECT_EQ(noise_floor(nothing, find_pauses(nothing)), -120);
}

}  // namespace
}  // namespace odeon::media
