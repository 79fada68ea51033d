#include "engine/media/assemble.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

struct Piece {
  int rate, channels, milliseconds, pause;  // pause in milliseconds
  bool marked, begins_chapter;
};

rc::Gen<Piece> any_piece() {
  return rc::gen::build<Piece>(rc::gen::set(&Piece::rate, rc::gen::element(8000, 16000, 22050, 24000, 44100, 48000)),
                               rc::gen::set(&Piece::channels, rc::gen::inRange(1, 3)),
                               rc::gen::set(&Piece::milliseconds, rc::gen::inRange(0, 400)),
                               rc::gen::set(&Piece::pause, rc::gen::inRange(0, 500)), rc::gen::set(&Piece::marked),
                               rc::gen::set(&Piece::begins_chapter));
}

RC_GTEST_PROP(Assemble, EverythingLiesWhereItSays, ()) {
  const auto pieces = *rc::gen::resize(12, rc::gen::container<std::vector<Piece>>(any_piece()));
  const int rate = *rc::gen::element(24000, 44100, 48000), channels = *rc::gen::inRange(1, 3);
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    segments.push_back({signals::tone(500, -20, piece.milliseconds / 1000.0, piece.rate, piece.channels),
                        piece.pause / 1000.0, piece.begins_chapter ? fmt::format("c{}", i) : "",
                        piece.marked ? fmt::format("m{}", i) : ""});
  }
  const Programme made = assemble(segments, rate, channels);
  RC_ASSERT(made.audio.rate == rate && made.audio.channels == channels);

  std::int64_t at = 0;
  std::size_t mark = 0, chapter = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::int64_t length = std::llround(static_cast<double>(segments[i].audio.frames()) * rate / pieces[i].rate);
    const std::int64_t pause = std::llround(segments[i].pause_after * rate);
    if (pieces[i].marked) {
      RC_ASSERT(made.marks[mark].name == segments[i].mark);
      RC_ASSERT(std::abs(made.marks[mark].start * rate - static_cast<double>(at)) < 1e-6);
      RC_ASSERT(std::abs(made.marks[mark].duration * rate - static_cast<double>(length)) < 1e-6);
      ++mark;
    }
    if (pieces[i].begins_chapter) {
      RC_ASSERT(made.chapters[chapter].title == segments[i].chapter);
      RC_ASSERT(std::abs(made.chapters[chapter].start * rate - static_cast<double>(at)) < 1e-6);
      if (chapter > 0) RC_ASSERT(made.chapters[chapter - 1].end == made.chapters[chapter].start);
      ++chapter;
    }
    float loudest = 0;
    for (std::int64_t s = at * channels; s < (at + length) * channels; ++s)
      loudest = std::max(loudest, std::abs(made.audio.samples[s]));
    if (pieces[i].milliseconds >= 15) RC_ASSERT(loudest > 0.01f);
    for (std::int64_t s = (at + length) * channels; s < (at + length + pause) * channels; ++s)
      RC_ASSERT(made.audio.samples[s] == 0);
    at += length + pause;
  }
  RC_ASSERT(mark == made.marks.size() && chapter == made.chapters.size());
  const std::int64_t shortest = at > 0 ? std::llround(rate * 0.1) : 0;
  RC_ASSERT(made.audio.frames() == std::max(at, shortest));
  if (chapter > 0) RC_ASSERT(made.chapters.back().end == made.audio.seconds());
}

TEST(Assemble, NothingClicksAtTheEdges) {
  // A wave that begins and ends at its top.
  const Programme made = assemble({{signals::tone(100, -6, 0.5, 44100, 1, 90), 0.2, "", ""}}, 44100, 1);
  EXPECT_EQ(made.audio.samples[0], 0);
  for (std::size_t i = 1; i < made.audio.samples.size(); ++i)
    ASSERT_LT(std::abs(made.audio.samples[i] - made.audio.samples[i - 1]), 0.01) << i;
}

TEST(Assemble, AChimeIsNeverLouderThanTheSpeech) {
  for (const double chime_gain : {0.3, 1.0, 7.0}) {
    Pcm sound = chime(3, 44100);
    for (float& sample : sound.samples) sample *= static_cast<float>(chime_gain);
    const Programme made = assemble({{sound, 1, "", "chime"}, {signals::speech(20, 4), 0, "", "speech"}}, 44100, 1);
    const auto part = [&](const Mark& mark) {
      const auto from = made.audio.samples.begin() + std::llround(mark.start * 44100);
      return integrated_loudness({44100, 1, {from, from + std::llround(mark.duration * 44100)}});
    };
    EXPECT_LE(part(made.marks[0]), part(made.marks[1]) + 0.2) << chime_gain;
    EXPECT_GE(part(made.marks[0]), part(made.marks[1]) - 12) << chime_gain;
  }
}

TEST(Levelling, BringsLoudPiecesDownAndQuietOnesNear) {
  const auto gains = levelling_gains({-20, -14, -23, -40, -70, -21}, {60, 15, 5, 3, 1, 4});
  const std::vector<double> expected = {0, -6, 1, 12, 0, 0};  // dB
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(to_decibels(gains[i]), expected[i], 0.001) << i;
}

RC_GTEST_PROP(Levelling, NeverWidensTheSpread, ()) {
  const auto tenths = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-700, 0)));
  std::vector<double> loudness, seconds;
  for (const int tenth : tenths) loudness.push_back(tenth / 10.0), seconds.push_back(*rc::gen::inRange(1, 30));
  const auto gains = levelling_gains(loudness, seconds);
  double low = 0, high = -70;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (loudness[i] <= silent) continue;
    low = std::min(low, loudness[i]), high = std::max(high, loudness[i]);
  }
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const double now = loudness[i] + to_decibels(gains[i]);
    RC_ASSERT(to_decibels(gains[i]) <= 12.001);
    if (loudness[i] > silent) RC_ASSERT(now >= low - 0.001 && now <= high + 0.001);
  }
}

TEST(Assemble, RefusesWhatCannotBe) {
  const Pcm tone = signals::tone(500, -20, 0.1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double pause : {-1.0, 61.0, nan})
    EXPECT_THROW(assemble({{tone, pause, "", ""}}, 44100, 1), Error) << pause;
  EXPECT_THROW(assemble({{{0, 1, {0.1f}}, 0, "", ""}}, 44100, 1), Error);
  EXPECT_THROW(assemble(std::vector<Segment>(121, {tone, 60, "", ""}), 44100, 1), Error);
}

}  // namespace
}  // namespace odeon::media
