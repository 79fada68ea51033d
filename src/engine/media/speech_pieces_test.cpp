#include "engine/media/speech_pieces.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

constexpr int kRate = 16'000;

void pause(Pcm& sound, double seconds) {
  signals::Noise noise(7);
  for (int i = 0; i < static_cast<int>(seconds * sound.rate); ++i) sound.samples.push_back(noise.next() * 0.0003F);
}

std::vector<SpeechPiece> pieces_of(const std::string& file, SpeechPieceOptions options = {}) {
  MemorySource source(file);
  SpeechPieces pieces(source, options);
  std::vector<SpeechPiece> all;
  while (auto piece = pieces.next()) all.push_back(std::move(*piece));
  return all;
}

double seconds_of(const SpeechPiece& piece) {
  return static_cast<double>(piece.wav.size() - 44) / 2 / kRate;
}

TEST(SpeechPieces, EndAtPauses) {
  Pcm sound{kRate, 1, {}};
  std::vector<double> breaks;
  for (int sentence = 0; sentence < 40; ++sentence) {
    signals::append(sound, signals::speech(4, static_cast<std::uint32_t>(sentence), kRate));
    breaks.push_back(sound.seconds());
    pause(sound, 0.5);
  }
  const auto pieces = pieces_of(wav(sound));
  ASSERT_GE(pieces.size(), 4U);
  double at = 0;
  for (const auto& piece : pieces) {
    EXPECT_EQ(piece.start, at);
    EXPECT_LE(piece.end - piece.start, 55);
    EXPECT_NEAR(seconds_of(piece), piece.end - piece.start, 0.001);
    at = piece.end;
    if (&piece == &pieces.back()) break;
    EXPECT_GE(piece.end - piece.start, 30);
    EXPECT_TRUE(std::ranges::any_of(breaks, [&](double end) { return at > end && at < end + 0.5; })) << at;
  }
  EXPECT_GT(at, breaks.back());
}

TEST(SpeechPieces, OverlapWhereNobodyPauses) {
  const auto pieces = pieces_of(wav(signals::tone(300, -10, 130, kRate)));
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].end, 55);
  EXPECT_EQ(pieces[1].start, 53);
  EXPECT_EQ(pieces[1].end, 108);
  EXPECT_EQ(pieces[2].start, 106);
  EXPECT_NEAR(pieces[2].end, 130, 0.01);
}

TEST(SpeechPieces, LeaveLongSilenceOut) {
  Pcm sound{kRate, 1, {}};
  pause(sound, 90);
  signals::append(sound, signals::speech(6, 1, kRate));
  pause(sound, 20);
  signals::append(sound, signals::speech(5, 2, kRate));
  pause(sound, 8);
  const auto pieces = pieces_of(wav(sound));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_NEAR(pieces[0].start, 89.7, 0.35);
  EXPECT_NEAR(pieces[0].end, 96.3, 0.35);
  EXPECT_NEAR(pieces[1].start, 115.7, 0.35);
  EXPECT_NEAR(pieces[1].end, 121.3, 0.35);
}

TEST(SpeechPieces, OfNothingAreNone) {
  Pcm silence{kRate, 1, std::vector<float>(kRate * 200)};
  EXPECT_TRUE(pieces_of(wav(silence)).empty());
  EXPECT_THROW(pieces_of("not a sound at all, but words"), Error);
}

// What a stereo MP3 at 44.1 kHz holds is heard at the same places.
TEST(SpeechPieces, ComeOfAnySound) {
  Pcm sound{44'100, 2, {}};
  const auto half = [&](double seconds, std::uint32_t seed) {
    for (const float sample : signals::speech(seconds, seed, 44'100).samples)
      sound.samples.insert(sound.samples.end(), 2, sample);
  };
  half(5, 1);
  sound.samples.resize(sound.samples.size() + std::size_t{2} * 44'100 * 10);
  half(5, 2);
  const auto pieces = pieces_of(wav(sound));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_NEAR(pieces[0].end, 5.3, 0.4);
  EXPECT_NEAR(pieces[1].start, 14.7, 0.3);
}

// Whatever is spoken when: nothing that is said is in no piece, nothing but an overlap is in two, and all are short.
RC_GTEST_PROP(SpeechPieces, HaveAllThatIsSaid, ()) {
  Pcm sound{kRate, 1, {}};
  std::vector<std::pair<double, double>> said;
  const auto count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    const double from = sound.seconds();
    signals::append(sound, signals::speech(*rc::gen::inRange(5, 120) / 10.0, static_cast<std::uint32_t>(i), kRate));
    said.emplace_back(from, sound.seconds());
    pause(sound, *rc::gen::inRange(0, 80) / 10.0);
  }
  const SpeechPieceOptions options{.shortest = 4, .longest = 9, .overlap = 1};
  const auto pieces = pieces_of(wav(sound), options);
  RC_ASSERT(!pieces.empty());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    RC_ASSERT(pieces[i].end - pieces[i].start <= 9.001);
    if (i == 0) continue;
    RC_ASSERT(pieces[i].start >= pieces[i - 1].end - 1.001);
    RC_ASSERT(pieces[i].end > pieces[i - 1].end);
  }
  // What is in no piece is no louder than a fading syllable.
  for (const auto& [from, to] : said)
    for (double at = from + 0.3; at < to - 0.3; at += 0.1)
      RC_ASSERT(
          std::ranges::any_of(pieces, [&](const SpeechPiece& piece) { return piece.start <= at && at <= piece.end; }));
}

}  // namespace
}  // namespace odeon::media
