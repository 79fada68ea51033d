#include "engine/ai/providers/espeak.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <cmath>
#include <fstream>

#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;

class EspeakTest : public ::testing::Test {
 protected:
  Speech say(SpeechRequest request) { return run_task(espeak.speak(std::move(request))); }
  // A program that takes any option and never ends, nor lets go of its child.
  std::string hanging() {
    const std::string path = folder / "hanging";
    std::ofstream(path) << "#!/bin/sh\nsleep 3600\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  odeon::testing::ScratchFolder folder;
  ThreadPool pool{2};
  EspeakSpeech espeak{pool};
};

TEST_F(EspeakTest, SpeaksManyLanguages) {
  const std::pair<const char*, const char*> lines[] = {
      {"de", "Guten Morgen. Der DAX stieg um 3,2 % auf 24.000 Punkte."},
      {"fr-FR", "Bonjour. Le CAC 40 a gagné 0,4 % à la clôture de vendredi."},
      {"es", "Buenos días. El índice subió un 1,5 % esta mañana."},
      {"pt-BR", "Bom dia. O índice subiu um por cento nesta manhã."},
      {"zh-CN", "早上好。今天股市上涨了百分之三。"},
      {"ar", "صباح الخير. ارتفعت الأسهم اليوم بنسبة ثلاثة بالمئة."}};
  for (const auto& [language, text] : lines) {
    const Speech speech = say({.text = text, .language = language});
    EXPECT_EQ(speech.model, "odeon-offline/espeak-ng");
    EXPECT_EQ(speech.audio.rate, 22050) << language;
    EXPECT_GT(speech.audio.seconds(), 2) << language;
    EXPECT_LT(speech.audio.seconds(), 12) << language;
    EXPECT_TRUE(std::ranges::any_of(speech.audio.samples, [](float s) { return std::abs(s) > 0.1F; })) << language;
  }
}

TEST_F(EspeakTest, ChoosesByLanguageAndRegion) {
  EXPECT_EQ(say({.text = "Olá.", .language = "pt_BR"}).voice, "pt-br");
  EXPECT_EQ(say({.text = "Olá.", .language = "pt-PT"}).voice, "pt");
  EXPECT_EQ(say({.text = "Hello.", .language = "en-GB"}).voice, "en-gb");
  EXPECT_EQ(say({.text = "Hello.", .voice = "en-gb"}).voice, "en-gb");
  EXPECT_TRUE(espeak.speaks({.language = "de-AT"}));
  EXPECT_FALSE(espeak.speaks({.language = "tlh"}));
  EXPECT_FALSE(espeak.speaks({.language = "de", .voice = "fr-fr"}));
  EXPECT_FALSE(espeak.speaks({.language = "de", .voice = "../../etc/passwd"}));
  EXPECT_THROW(say({.text = "nuqneH", .language = "tlh"}), Error);
}

TEST_F(EspeakTest, OffersEveryVoiceOnce) {
  const auto voices = espeak.voices();
  for (const auto& voice : voices) {
    EXPECT_TRUE(espeak.speaks({.language = voice.language, .voice = voice.name})) << voice.name;
    EXPECT_EQ(std::ranges::count(voices, voice.name, &VoiceInfo::name), 1) << voice.name;
  }
}

TEST_F(EspeakTest, SpeaksFaster) {
  const char* text = "Der Markt ist heute ruhig und die Kurse steigen leicht.";
  const double plain = say({.text = text, .language = "de"}).audio.seconds();
  EXPECT_LT(say({.text = text, .language = "de", .speed = 2.0}).audio.seconds(), plain * 0.7);
  EXPECT_GT(say({.text = text, .language = "de", .speed = 0.5}).audio.seconds(), plain * 1.4);
}

TEST_F(EspeakTest, TakesTextAsTextAndNothingElse) {
  // Neither an option, nor a command, nor phonemes.
  for (const char* text : {"--version", "$(id); `id`", "[[aI]] und [[oU]]", "<speak>laut</speak>"})
    EXPECT_GT(say({.text = text, .language = "de"}).audio.seconds(), 0.3) << text;
}

TEST_F(EspeakTest, SaysWhenTheProgramIsMissingOrSlow) {
  const auto code_of = [&](EspeakOptions options) {
    EspeakSpeech other(pool, std::move(options));
    try {
      run_task(other.speak({.text = "Hallo.", .language = "de"}));
    } catch (const Error& error) {
      return error.code;
    }
    return std::string("spoke");
  };
  EXPECT_EQ(code_of({.program = "no-such-program-here"}), "HELPER_UNAVAILABLE");
  EXPECT_EQ(code_of({.program = hanging(), .limit = 20ms}), "HELPER_TIMEOUT");
  EXPECT_EQ(code_of({.program = "false"}), "HELPER_FAILED");
  EXPECT_EQ(code_of({.program = "true"}), "NO_SOUND");
}

TEST_F(EspeakTest, IsKilledWhenNobodyListensAnyMore) {
  EspeakSpeech slow(pool, {.program = hanging(), .limit = 1h});
  asio::io_context loop;
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  asio::co_spawn(
      loop, slow.speak({.text = "Hallo.", .language = "de"}),
      asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Speech) { failure = error; }));
  loop.poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

}  // namespace
}  // namespace odeon::ai
