#include "engine/ai/providers/flite.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cmath>

namespace odeon::ai {
namespace {

constexpr const char* kSentence = "The S&P 500 rose 0.4% on Friday, led by technology shares.";

double loudest(const Pcm& audio) {
  float peak = 0;
  for (const float sample : audio.samples) peak = std::max(peak, std::abs(sample));
  return peak;
}

class FliteTest : public ::testing::Test {
 protected:
  Speech say(SpeechRequest request) { return run_task(flite.speak(std::move(request))); }
  ThreadPool pool{2};
  FliteSpeech flite{pool};
};

TEST_F(FliteTest, SpeaksEnglish) {
  const Speech speech = say({.text = kSentence});
  EXPECT_EQ(speech.model, "odeon-offline/flite");
  EXPECT_EQ(speech.voice, "slt");
  EXPECT_EQ(speech.audio.rate, 16000);
  EXPECT_EQ(speech.audio.channels, 1);
  EXPECT_GT(speech.audio.seconds(), 3);
  EXPECT_LT(speech.audio.seconds(), 8);
  EXPECT_GT(loudest(speech.audio), 0.1);
  EXPECT_LE(loudest(speech.audio), 1.0);
}

TEST_F(FliteTest, HasFourVoicesOfWhichTheFirstIsItsOwn) {
  const auto voices = flite.voices();
  ASSERT_EQ(voices.size(), 4U);
  EXPECT_EQ(voices.front().name, "slt");
  for (const auto& voice : voices) {
    const Speech speech = say({.text = "Markets were calm.", .voice = voice.name});
    EXPECT_EQ(speech.voice, voice.name);
    EXPECT_GT(speech.audio.seconds(), 0.7) << voice.name;
    EXPECT_LT(speech.audio.seconds(), 3) << voice.name;
    EXPECT_GT(loudest(speech.audio), 0.1) << voice.name;
  }
}

TEST_F(FliteTest, KnowsWhatItCannotSay) {
  EXPECT_TRUE(flite.speaks({.language = "en-GB"}));
  EXPECT_TRUE(flite.speaks({.language = "en", .voice = "kal16"}));
  EXPECT_FALSE(flite.speaks({.language = "de"}));
  EXPECT_FALSE(flite.speaks({.language = "en", .voice = "nova"}));
  EXPECT_THROW(FliteSpeech(pool, "nova"), Error);
}

TEST_F(FliteTest, SpeaksFasterAndSlower) {
  for (const char* voice : {"slt", "kal16"}) {
    const double plain = say({.text = kSentence, .voice = voice}).audio.seconds();
    EXPECT_NEAR(say({.text = kSentence, .voice = voice, .speed = 2.0}).audio.seconds(), plain / 2, plain * 0.1);
    EXPECT_NEAR(say({.text = kSentence, .voice = voice, .speed = 0.5}).audio.seconds(), plain * 2, plain * 0.1);
    EXPECT_DOUBLE_EQ(say({.text = kSentence, .voice = voice}).audio.seconds(), plain);
  }
}

TEST_F(FliteTest, ReadsTextWithNothingToSay) {
  for (const char* text : {"...", "( )", "\xE4\xBD\xA0\xE5\xA5\xBD", "?!", "'", "-"})
    EXPECT_LT(say({.text = text, .voice = "kal16"}).audio.seconds(), 2) << text;
}

// Sound is made by several threads at once as it is by one: to the sample with kal16, which uses no
// random noise, and to the length with the statistical voices.
Task<void> speak_often(FliteSpeech& flite, std::string voice, std::vector<std::string> texts, std::vector<Pcm>& heard) {
  for (auto& text : texts) heard.push_back((co_await flite.speak({.text = std::move(text), .voice = voice})).audio);
}

TEST_F(FliteTest, SpeaksInParallel) {
  using namespace asio::experimental::awaitable_operators;
  std::vector<std::string> texts;
  for (int i = 0; i < 12; ++i) texts.push_back(fmt::format("Share number {} rose {}.{}% to ${}.", i, i * 7, i, i * 31));
  for (const char* voice : {"kal16", "slt"}) {
    if (voice == std::string("slt")) texts.resize(3);
    std::vector<Pcm> alone, first, second, third;
    run_task(speak_often(flite, voice, texts, alone));
    run_task(speak_often(flite, voice, texts, first) && speak_often(flite, voice, texts, second) &&
             speak_often(flite, "rms", {texts[0]}, third));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      ASSERT_EQ(first[i].samples.size(), alone[i].samples.size()) << texts[i];
      ASSERT_EQ(second[i].samples.size(), alone[i].samples.size()) << texts[i];
      if (voice == std::string("kal16")) {
        EXPECT_EQ(first[i].samples, alone[i].samples);
        EXPECT_EQ(second[i].samples, alone[i].samples);
      }
    }
  }
}

TEST_F(FliteTest, StopsWhenNobodyListensAnyMore) {
  // Over ten minutes of sound, at the slowest; the one thread of the pool is free again at once.
  ThreadPool single(1);
  FliteSpeech slow(single);
  std::string text;
  for (int i = 0; i < 60; ++i) text += "The market rose again on hopes of lower rates. ";
  asio::io_context loop;
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  bool ended = false;
  asio::co_spawn(loop, slow.speak({.text = text, .speed = 0.5}),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Speech) {
                   failure = error;
                   ended = true;
                 }));
  loop.poll();
  EXPECT_FALSE(ended);
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  // A voice that was stopped half-way speaks as before.
  EXPECT_DOUBLE_EQ(run_task(slow.speak({.text = kSentence})).audio.seconds(), say({.text = kSentence}).audio.seconds());
}

// The library ends the process on text that it cannot bear, so none may reach it.
RC_GTEST_PROP(FliteProperty, SurvivesEveryText, ()) {
  static constexpr std::string_view kPieces[] = {"$",
                                                 "%",
                                                 "1",
                                                 "99",
                                                 ".",
                                                 ",",
                                                 "-",
                                                 "'",
                                                 "(",
                                                 ")",
                                                 "AAPL",
                                                 "a",
                                                 "I",
                                                 " ",
                                                 " ",
                                                 "\n",
                                                 "\"",
                                                 "<",
                                                 "/",
                                                 "&",
                                                 "\\",
                                                 "_",
                                                 "*",
                                                 "\xC3\xA9",
                                                 "hhw",
                                                 "zzq",
                                                 "...",
                                                 "1.2.3",
                                                 "\xE2\x82\xAC",
                                                 "!",
                                                 "?",
                                                 ":",
                                                 "@"};
  std::string text;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) text += kPieces[*rc::gen::inRange<std::size_t>(0, std::size(kPieces))];
  ThreadPool pool(1);
  FliteSpeech flite(pool, "kal16");
  const Speech speech = run_task(flite.speak({.text = text}));
  RC_ASSERT(speech.audio.seconds() > 0);
}

}  // namespace
}  // namespace odeon::ai
