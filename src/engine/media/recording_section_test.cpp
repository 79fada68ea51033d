#include "engine/media/recording_section.hpp"

#include <gtest/gtest.h>

#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

// Half a minute of a voice with a click in the middle of the second section's first frames.
class SectionTest : public ::testing::Test {
 protected:
  SectionTest() : spool_(48'000, 2, "") {
    Pcm audio{48'000, 2, {}};
    signals::Noise noise(1);
    for (const float sample : signals::speech(30, 4, 48'000, 0.5).samples)
      for (int channel = 0; channel < 2; ++channel) audio.samples.push_back(sample + 0.001f * noise.next());
    for (int i = 0; i < 400; ++i) audio.samples[(click_at + i) * 2] = 0.9f * noise.next();
    spool_.add(audio.samples);
    spool_.finish();
    edits_ = EditList(48'000, spool_.frames());
  }

  static constexpr std::int64_t click_at = (320 + 20) * 1152;
  SampleSpool spool_;
  EditList edits_;
  const EditedSound sound_{spool_, edits_, {0, 0}};
  SectionPlan plan_{sound_, {1, 1}, 6, 128'000};
};

TEST_F(SectionTest, GoesOnAsIfItHadNotStopped) {
  const auto at_once = make_section(plan_, 1, Reservoir::used, 60),
             by_and_by = make_section(plan_, 1, Reservoir::used, 2);
  const auto stopped_at = by_and_by->frames().sizes.size();
  EXPECT_GE(stopped_at, by_and_by->index(640 + 2));
  EXPECT_LT(stopped_at, by_and_by->index(640 + 20));
  for (const int beyond : {3, 10, 40, 60}) by_and_by->reach(beyond);
  EXPECT_EQ(by_and_by->frames().sizes, at_once->frames().sizes);
  EXPECT_EQ(by_and_by->frames().bytes, at_once->frames().bytes);
  EXPECT_EQ(by_and_by->peak(), at_once->peak());
  EXPECT_EQ(by_and_by->take_heard(), at_once->take_heard());
}

TEST_F(SectionTest, AllAreTheWholeSound) {
  std::vector<float> heard;
  for (std::int64_t number = 0; number < plan_.count(); ++number) {
    const auto part = make_section(plan_, number, Reservoir::used, 2)->take_heard();
    heard.insert(heard.end(), part.begin(), part.end());
  }
  std::vector<float> samples(static_cast<std::size_t>(spool_.frames()) * 2);
  spool_.read(0, samples);
  ASSERT_EQ(heard.size(), samples.size());
  double sum = 0;
  for (std::size_t i = 0; i < heard.size(); ++i) sum += std::pow(heard[i] - samples[i], 2);
  EXPECT_LT(std::sqrt(sum / static_cast<double>(heard.size())), 0.01);
}

TEST_F(SectionTest, HoldsThePeakOfWhatIsDecoded) {
  plan_.max_true_peak = -6;
  for (std::int64_t number = 0; number < plan_.count(); ++number) {
    SCOPED_TRACE(number);
    const auto section = make_section(plan_, number, Reservoir::used, 2);
    EXPECT_LE(section->over(), 0);
    EXPECT_LE(sample_peak(section->take_heard()), from_decibels(-6));
  }
}

TEST_F(SectionTest, KnowsOfAPeakBeyondItsPart) {
  plan_.max_true_peak = -6;
  const auto section = make_section(plan_, 0, Reservoir::used, 2);
  EXPECT_LE(section->over(), 0);
  section->reach(10);
  EXPECT_LE(section->over(), 0);
  section->reach(40);
  EXPECT_GT(section->over(), 0);
}

}  // namespace
}  // namespace odeon::media
