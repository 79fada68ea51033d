#include "engine/ai/providers/pocketsphinx.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <numeric>

#include "base/text.hpp"
#include "engine/ai/providers/sphinx_decoder.hpp"

namespace odeon::ai {
namespace {

// Human speech, as Debian has it with what was said.
const std::string kSpeech = "/usr/share/pocketsphinx/test/data/";

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string little(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string wav_of(const std::string& samples, std::uint32_t rate = 16'000) {
  const auto size = static_cast<std::uint32_t>(samples.size());
  return "RIFF" + little(36 + size, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) +
         little(2 * rate, 4) + little(2, 2) + little(16, 2) + "data" + little(size, 4) + samples;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto word : text::split(text, ' '))
    if (!word.empty() && word.front() != '<' && word.front() != '(') words.emplace_back(text::to_lower(word));
  return words;
}

// Words that have to be added, dropped or replaced.
std::size_t distance(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j)
      corner = std::exchange(row[j + 1], std::min({corner + (a[i] != b[j]), row[j] + 1, row[j + 1] + 1}));
  }
  return row.back();
}

struct Pocketsphinx : ::testing::Test {
  Transcript hear(std::string wav, std::string language = "en") {
    return run_task(model.transcribe({.audio = std::move(wav), .media_type = "audio/wav", .language = language}));
  }
  ThreadPool pool{2};
  PocketsphinxTranscription model{pool};
};

TEST_F(Pocketsphinx, HearsWhatWasSaidAndWhen) {
  const auto heard = hear(wav_of(bytes_of(kSpeech + "goforward.raw")));
  EXPECT_EQ(heard.text, "go forward ten meters");
  EXPECT_EQ(heard.language, "en");
  EXPECT_EQ(heard.model, "odeon-offline/pocketsphinx");
  EXPECT_NEAR(heard.seconds, 2.786, 0.001);
  EXPECT_EQ(heard.usage.seconds, heard.seconds);
  ASSERT_EQ(heard.words.size(), 4U);
  // As Debian's pocketsphinx_continuous tells them.
  const std::pair<double, double> times[] = {{0.46, 0.63}, {0.64, 1.16}, {1.17, 1.52}, {1.53, 2.11}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(heard.words[i].start, times[i].first, 0.1) << i;
    EXPECT_NEAR(heard.words[i].end, times[i].second, 0.1) << i;
  }
  ASSERT_EQ(heard.segments.size(), 1U);
  EXPECT_EQ(heard.segments[0].text, heard.text);
}

// A novel that is read aloud by one who is no announcer: 20 words of 71 are wrong, and 26 with pocketsphinx_continuous.
TEST_F(Pocketsphinx, UnderstandsMostOfANovel) {
  std::size_t wrong = 0, all = 0;
  std::istringstream lines(bytes_of(kSpeech + "librivox/transcription"));
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find('(');
    const auto said = words_of(line.substr(0, open));
    const auto heard =
        hear(bytes_of(kSpeech + "librivox/" + line.substr(open + 1, line.size() - open - 2) + ".wav"), "");
    wrong += distance(said, words_of(heard.text));
    all += said.size();
    double last = 0;
    for (const auto& word : heard.words) {
      EXPECT_GE(word.start, last);
      EXPECT_GT(word.end, word.start);
      EXPECT_LE(word.end, heard.seconds);
      last = word.end;
    }
  }
  ASSERT_GT(all, 60U);
  EXPECT_LT(static_cast<double>(wrong), 0.35 * static_cast<double>(all));
}

TEST_F(Pocketsphinx, HearsTheSameWhateverItHeardBefore) {
  const auto once = hear(wav_of(bytes_of(kSpeech + "something.raw")));
  EXPECT_FALSE(once.words.empty());
  hear(wav_of(bytes_of(kSpeech + "numbers.raw")));
  EXPECT_EQ(model.spare(), 1U);
  const auto again = hear(wav_of(bytes_of(kSpeech + "something.raw")));
  EXPECT_EQ(once.words, again.words);
}

TEST_F(Pocketsphinx, HearsNothingInSilence) {
  for (const std::size_t bytes : {0UL, 2UL, 3'000UL, 96'000UL}) {
    const auto heard = hear(wav_of(std::string(bytes, '\0')));
    EXPECT_EQ(heard.text, "") << bytes;
    EXPECT_TRUE(heard.words.empty()) << bytes;
  }
}

TEST_F(Pocketsphinx, SaysWhatItDoesNotTake) {
  const auto code = [&](std::string audio, std::string language) -> std::string {
    try {
      hear(std::move(audio), std::move(language));
      return "";
    } catch (const Error& error) {
      return error.code;
    }
  };
  EXPECT_EQ(code(wav_of(""), "de"), "LANGUAGE_NOT_AVAILABLE");
  EXPECT_EQ(code(wav_of(""), "en-GB"), "");
  EXPECT_EQ(code("ID3", "en"), "UNSUPPORTED_SOUND");
  EXPECT_EQ(code(wav_of("", 8'000), "en"), "UNSUPPORTED_SOUND");
  PocketsphinxTranscription without(pool, {.models = "/nowhere"});
  EXPECT_THROW(run_task(without.transcribe({.audio = wav_of("")})), Error);
}

TEST_F(Pocketsphinx, KeepsADecoderForTheNext) {
  hear(wav_of(""));
  hear(wav_of(""));
  EXPECT_EQ(model.spare(), 1U);
  PocketsphinxTranscription forgetful(pool, {.idle = std::chrono::milliseconds(0)});
  run_task(forgetful.transcribe({.audio = wav_of("")}));
  EXPECT_EQ(forgetful.spare(), 0U);
}

TEST_F(Pocketsphinx, StopsWhenNobodyListens) {
  std::string hour;
  const auto once = bytes_of(kSpeech + "something.raw");
  while (hour.size() < 20'000'000) hour += once;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THROW(run_task(with_timeout(std::chrono::milliseconds(300),
                                     model.transcribe({.audio = wav_of(hour), .media_type = "audio/wav"}))),
               Error);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}

RC_GTEST_PROP(Breaths, AreAllOfItInOrder, ()) {
  const auto seconds = *rc::gen::inRange(0, 70);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds) * kSphinxRate +
                                    *rc::gen::inRange<std::size_t>(0, 400));
  std::uint32_t noise = *rc::gen::arbitrary<std::uint32_t>();
  for (auto& sample : samples) sample = static_cast<std::int16_t>((noise = noise * 1'664'525 + 1'013'904'223) >> 16);
  const std::int16_t* at = samples.data();
  for (const auto& part : breaths(samples)) {
    RC_ASSERT(part.data() == at);
    RC_ASSERT(!part.empty() && part.size() <= std::size_t{12} * kSphinxRate);
    at += part.size();
  }
  RC_ASSERT(at == samples.data() + samples.size());
}

TEST(Breaths, EndWhereItIsQuiet) {
  std::vector<std::int16_t> samples(std::size_t{20} * kSphinxRate, 1'000);
  std::fill_n(samples.begin() + 8 * kSphinxRate, kSphinxRate / 2, std::int16_t{3});
  const auto parts = breaths(samples);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_GE(parts[0].size(), std::size_t{8} * kSphinxRate);
  EXPECT_LE(parts[0].size(), std::size_t{17} * kSphinxRate / 2);
}

}  // namespace
}  // namespace odeon::ai
