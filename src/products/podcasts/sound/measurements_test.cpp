#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <random>

#include "products/podcasts/sound/measurements.hpp"
#include "products/podcasts/sound/waveform_svg.hpp"

namespace odeon::podcasts {
namespace {

// Ascending bounds within `frames`.
std::vector<media::FrameRange> some_ranges(std::int64_t frames) {
  auto bounds = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, frames + 1));
  std::ranges::sort(bounds);
  std::vector<media::FrameRange> ranges;
  for (std::size_t i = 0; i + 1 < bounds.size(); i += 2) ranges.push_back({bounds[i], bounds[i + 1]});
  return ranges;
}

RC_GTEST_PROP(CutsTest, ComeBackAsTheyWere, ()) {
  const auto frames = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const Cuts cuts{media::EditList(48'000, frames, some_ranges(frames)), some_ranges(frames)};
  const Cuts back = cuts_from(cuts_json(cuts));
  RC_ASSERT(back.edits.kept() == cuts.edits.kept());
  RC_ASSERT(back.edits.rate() == cuts.edits.rate());
  RC_ASSERT(back.edits.input_frames() == frames);
  RC_ASSERT(back.pauses == cuts.pauses);
}

TEST(CutsTest, WhatIsNoListIsRefused) {
  for (const auto* wrong :
       {R"({"rate":48000,"frames":9,"kept":[0],"pauses":[]})", R"({"rate":48000,"frames":9,"kept":[0,10],"pauses":[]})",
        R"({"rate":48000,"frames":9,"kept":[],"pauses":[5,4]})", R"({"rate":48000,"frames":9,"kept":[],"pauses":[1]})",
        R"({"rate":0,"frames":9,"kept":[0,9],"pauses":[]})", R"({"rate":48000})", "[]", ""})
    EXPECT_THROW(cuts_from(wrong), Error) << wrong;
}

TEST(MeasurementsTest, AreNumbersWhateverWasHeard) {
  media::Processed processed;
  processed.before.integrated = -std::numeric_limits<double>::infinity();
  processed.noise_floor = std::numeric_limits<double>::quiet_NaN();
  const auto written = json::write(measurements_of(processed));
  EXPECT_EQ(json::from<Measurements>(written).before.integrated_lufs, -120);
  EXPECT_EQ(json::from<Measurements>(written).noise_floor_dbfs, -120);
}

RC_GTEST_PROP(WaveformSvgTest, IsOneShapeOfBoundedSize, ()) {
  media::Waveform waveform;
  waveform.length = *rc::gen::inRange<std::int64_t>(0, 5000);
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  for (std::int64_t i = 0; i < waveform.length; ++i) {
    const int high = std::uniform_int_distribution(-128, 127)(random);
    waveform.data.insert(waveform.data.end(), {std::uniform_int_distribution(-128, high)(random), high});
  }
  const std::string svg = waveform_svg(waveform);
  RC_ASSERT(svg.size() < 24 * kOutlineColumns);
  RC_ASSERT(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
  const auto lines = std::ranges::count(svg, 'L');
  RC_ASSERT(lines <= 2 * static_cast<std::ptrdiff_t>(kOutlineColumns));
  RC_ASSERT((waveform.length == 0) == (lines == 0));
}

TEST(WaveformSvgTest, ShowsWhatIsLoud) {
  media::Waveform waveform;
  waveform.length = 2;
  waveform.data = {-128, 127, 0, 0};
  EXPECT_NE(waveform_svg(waveform).find("d=\"M0 1L1 128L1 129L0 257Z\""), std::string::npos) << waveform_svg(waveform);
}

}  // namespace
}  // namespace odeon::podcasts
