#include "engine/media/program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/decode.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

std::string fault_of(std::vector<Segment> segments, const ProduceOptions& options = {}) {
  try {
    produce(std::move(segments), options);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    return error.code;
  }
  return "produced";
}

void expect_within_target(const Produced& made, const char* what) {
  EXPECT_NEAR(made.loudness, -16, 0.2) << what;
  EXPECT_LE(made.true_peak, -1.5) << what;
}

TEST(Produce, BringsAnyLevelToTheTarget) {
  for (const double gain : {0.005, 0.1, 1.0, 3.0})
    expect_within_target(produce({{signals::speech(8, 11, 16000, gain), 0, "", ""}}, {}),
                         fmt::format("gain {}", gain).c_str());
}

TEST(Produce, ServesEveryFormat) {
  struct {
    int rate, channels, bitrate;
  } const formats[] = {{44100, 1, 64'000},  {44100, 1, 96'000},  {44100, 1, 128'000}, {44100, 2, 128'000},
                       {48000, 2, 192'000}, {48000, 1, 320'000}, {24000, 1, 48'000}};
  for (const auto& [rate, channels, bitrate] : formats) {
    const Produced made = produce({{signals::speech(6, 2), 0.3, "", ""}, {signals::speech(6, 3, 24000), 0, "", ""}},
                                  {.rate = rate, .channels = channels, .bitrate = bitrate});
    const std::string name = fmt::format("{} Hz, {} channels, {} bit/s", rate, channels, bitrate);
    expect_within_target(made, name.c_str());
    const Pcm decoded = decode_audio(made.mp3);
    EXPECT_EQ(decoded.rate, rate) << name;
    EXPECT_EQ(decoded.channels, channels) << name;
    EXPECT_EQ(decoded.frames(), std::llround(made.duration * rate)) << name;
    EXPECT_NEAR(static_cast<double>(made.mp3.size()), made.duration * bitrate / 8, 0.02 * bitrate) << name;
  }
}

TEST(Produce, AShortProgrammeIsAProgramme) {
  for (const double seconds : {0.02, 0.05, 0.3, 0.5, 1.0, 2.9}) {
    const Produced made = produce({{signals::tone(400, -30, seconds, 16000), 0, "One", "word"}}, {});
    expect_within_target(made, fmt::format("{} s", seconds).c_str());
    EXPECT_NEAR(made.duration, std::max(seconds, 0.1), 1e-4);
    ASSERT_EQ(made.marks.size(), 1u);
    EXPECT_NEAR(made.marks[0].duration, seconds, 1e-4);
  }
}

TEST(Produce, AWhisperIsBroughtUp) {
  expect_within_target(produce({{signals::tone(400, -62, 4), 0, "", ""}}, {}), "whisper");
}

TEST(Produce, WhatHasOnlySpikesComesOutQuieterThanAsked) {
  Pcm spikes{44100, 1, std::vector<float>(44100 * 4)};
  for (std::size_t i = 0; i < spikes.samples.size(); i += 22050) spikes.samples[i] = 0.9f;
  const Produced made = produce({{spikes, 0, "", ""}}, {});
  EXPECT_LE(made.true_peak, -1.5);
  EXPECT_LT(made.loudness, -16.2);
}

TEST(Produce, AProgrammeWithoutSoundIsAFault) {
  EXPECT_EQ(fault_of({}), "NO_SOUND");
  EXPECT_EQ(fault_of({{{44100, 1, {}}, 1, "", ""}}), "NO_SOUND");
  EXPECT_EQ(fault_of({{{44100, 1, std::vector<float>(44100)}, 1, "", ""}}), "NO_SOUND");
  EXPECT_EQ(fault_of({{signals::tone(400, -90, 2), 0, "", ""}}), "NO_SOUND");
}

TEST(Produce, RefusesOptionsThatNoFileHas) {
  const std::vector<Segment> tone = {{signals::tone(400, -20, 0.5), 0, "", ""}};
  EXPECT_EQ(fault_of(tone, {.bitrate = 65'000}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(fault_of(tone, {.channels = 3}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(fault_of(tone, {.rate = 12345}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(fault_of(tone, {.loudness = 3}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(fault_of(tone, {.max_true_peak = 1}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(fault_of(tone, {.tags = {.date = "soon"}}), "INVALID_DATE");
}

TEST(Produce, IsTheSameEveryTime) {
  const std::vector<Segment> segments = {{signals::speech(3, 8), 0.35, "A", ""}, {signals::speech(3, 9), 0, "B", ""}};
  EXPECT_EQ(produce(segments, {}).mp3, produce(segments, {}).mp3);
}

// The level of a tone in a stretch of decoded sound.
double strength(const Pcm& audio, double hertz, double from, double seconds) {
  const auto start = std::llround(from * audio.rate), count = std::llround(seconds * audio.rate);
  double cosine = 0, sine = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / audio.rate;
    cosine += audio.samples[start + i] * std::cos(angle);
    sine += audio.samples[start + i] * std::sin(angle);
  }
  return 2 * std::hypot(cosine, sine) / static_cast<double>(count);
}

RC_GTEST_PROP(Produce, MarksAndChaptersPointAtTheirSoundInTheFile, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<Segment> segments;
  std::vector<double> pitches;
  for (std::size_t i = 0; i < count; ++i) {
    pitches.push_back(400 + 250.0 * static_cast<double>(i));
    segments.push_back({signals::tone(pitches[i], *rc::gen::inRange(-40, -6), *rc::gen::inRange(80, 600) / 1000.0,
                                      *rc::gen::element(16000, 22050, 44100)),
                        *rc::gen::inRange(0, 400) / 1000.0, fmt::format("c{}", i), fmt::format("m{}", i)});
  }
  const Produced made = produce(segments, {});
  const Pcm decoded = decode_audio(made.mp3);
  RC_ASSERT(decoded.frames() == std::llround(made.duration * 44100));
  RC_ASSERT(std::abs(made.loudness + 16) <= 0.2 && made.true_peak <= -1.5);
  RC_ASSERT(made.marks.size() == count && made.chapters.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    RC_ASSERT(made.marks[i].start == made.chapters[i].start);
    const double inside = strength(decoded, pitches[i], made.marks[i].start + 0.01, made.marks[i].duration - 0.02);
    RC_ASSERT(inside > 0.03);
    if (segments[i].pause_after >= 0.05)
      RC_ASSERT(strength(decoded, pitches[i], made.marks[i].start + made.marks[i].duration + 0.02,
                         segments[i].pause_after - 0.03) < inside / 30);
  }
}

}  // namespace
}  // namespace odeon::media
