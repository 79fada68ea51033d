#include "engine/ai/providers/flite_frames.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "base/shared_library.hpp"

namespace odeon::ai {
namespace {

constexpr const char* kReadTexts[] = {
    "Once upon a time there was a girl called Mila, who lived at the edge of a dark and quiet forest.",
    "She was brave and curious, and she could talk to owls.",
    "Mr. Smith paid $3.50 for 12 apples on Friday, didn't he?",
    "Hello!",
    "Oh",
    "A B C; 1999: no, not that (at all)."};

using Utterance = std::unique_ptr<cst_utterance, decltype(&::delete_utterance)>;

cst_utterance* leave_unread(cst_utterance* utterance) {
  return utterance;
}

const cst_track& track_of(const Utterance& utterance, const char* name) {
  return *::val_track(::feat_val(utterance->features, name));
}

// The library makes sound too, which nobody listens to; its frames stay with the utterance.
void expect_frames_of_the_library(const char* library, const char* maker, const char* kept) {
  const SharedLibrary loaded(library);
  cst_voice* (*const make)(const char*) = loaded[maker];
  cst_voice** const keeps = loaded[kept];
  cst_voice* const theirs = std::exchange(*keeps, nullptr);
  const std::unique_ptr<cst_voice, decltype(&::delete_voice)> voice(make(nullptr), ::delete_voice);
  *keeps = theirs;
  const cst_cg_db& statistics = *::val_cg_db(::feat_val(voice->features, "cg_db"));
  ASSERT_TRUE(has_known_frames(statistics));
  std::vector<Utterance> read;
  for (const char* text : kReadTexts) read.emplace_back(::flite_synth_text(text, voice.get()), ::delete_utterance);
  ::feat_set(voice->features, "wave_synth_func", ::uttfunc_val(&leave_unread));
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Utterance ours(::flite_synth_text(kReadTexts[i], voice.get()), ::delete_utterance);
    predict_frames(*ours, statistics);
    for (const char* name : {"param_track", "str_track"}) {
      const cst_track &wanted = track_of(read[i], name), &found = track_of(ours, name);
      ASSERT_EQ(found.num_frames, wanted.num_frames) << kReadTexts[i];
      ASSERT_EQ(found.num_channels, wanted.num_channels);
      for (int frame = 0; frame < wanted.num_frames; ++frame)
        for (int channel = 0; channel < wanted.num_channels; ++channel)
          ASSERT_FLOAT_EQ(found.frames[frame][channel], wanted.frames[frame][channel])
              << library << ", " << kReadTexts[i] << ", " << name << " " << frame << " " << channel;
    }
  }
}

TEST(FliteFrames, AreThoseOfTheLibrary) {
  ::flite_init();
  expect_frames_of_the_library("libflite_cmu_us_slt.so.1", "register_cmu_us_slt", "cmu_us_slt_cg");
  expect_frames_of_the_library("libflite_cmu_us_rms.so.1", "register_cmu_us_rms", "cmu_us_rms_cg");
  expect_frames_of_the_library("libflite_cmu_us_awb.so.1", "register_cmu_us_awb", "cmu_us_awb_cg");
}

}  // namespace
}  // namespace odeon::ai
