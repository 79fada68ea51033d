// OpenAI's documents of what is not talk, read and written without any model.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <numbers>

#include "base/crypto.hpp"
#include "engine/media/decode.hpp"
#include "products/chat/apis/openai_captions.hpp"
#include "products/chat/apis/openai_embeddings.hpp"
#include "products/chat/apis/openai_images.hpp"
#include "products/chat/apis/openai_speech.hpp"
#include "products/chat/apis/openai_transcriptions.hpp"

namespace odeon::chat {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;

// ---- embeddings ----------------------------------------------------------------------------------------

TEST(OpenAiEmbeddings, AreNumbersOrBytes) {
  const ai::Embeddings found{.vectors = {{1.5F, -0.25F}, {3, 0.1F}}, .model = "a/b", .usage = {.input_tokens = 7}};
  const auto numbers = json::parse(openai_embeddings(found, OpenAiVectorForm::float_, "vectors"));
  EXPECT_EQ(numbers, json::parse(R"({"object":"list","model":"vectors","usage":{"prompt_tokens":7,"total_tokens":7},
    "data":[{"object":"embedding","index":0,"embedding":[1.5,-0.25]},
            {"object":"embedding","index":1,"embedding":[3,0.1]}]})"));
  const auto bytes = json::parse(openai_embeddings(found, OpenAiVectorForm::base64, "vectors"));
  EXPECT_EQ(bytes.at("data").at(0).at("embedding"), "AADAPwAAgL4=") << "little-endian";
}

RC_GTEST_PROP(OpenAiEmbeddings, LoseNothing, ()) {
  const auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int32_t>>(rc::gen::inRange(-9999, 9999)));
  ai::Embeddings found{.vectors = {{}}, .model = "", .usage = {}};
  for (const auto number : numbers) found.vectors[0].push_back(static_cast<float>(number) / 7);
  const auto& vector = found.vectors[0];
  const auto shown = json::parse(openai_embeddings(found, OpenAiVectorForm::float_, "m")).at("data").at(0);
  const auto& list = shown.at("embedding").as_array();
  RC_ASSERT(list.size() == vector.size());
  for (std::size_t i = 0; i < list.size(); ++i) RC_ASSERT(list[i].to_number<float>() == vector[i]);
  const auto packed = json::parse(openai_embeddings(found, OpenAiVectorForm::base64, "m")).at("data").at(0);
  const auto bytes = *crypto::from_base64(packed.at("embedding").as_string());
  std::vector<float> back(bytes.size() / sizeof(float));
  std::memcpy(back.data(), bytes.data(), bytes.size());
  RC_ASSERT(back == vector);
}

// ---- recordings ----------------------------------------------------------------------------------------

TEST(OpenAiTranscriptions, KnowSoundByItsBytes) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"fLaC\0\0\0\x22"s, "audio/flac"},
      {"OggS\0\x02"s, "audio/ogg"},
      {"\x1A\x45\xDF\xA3\x9F", "audio/webm"},
      {"RIFF\x24\0\0\0WAVEfmt "s, "audio/wav"},
      {"RIFF\x24\0\0\0AVI LIST"s, ""},
      {"RIFFWAVE", ""},
      {"\0\0\0\x20"
       "ftypM4A "s,
       "audio/mp4"},
      {"\0\0\0\x20"
       "ftyp"s,
       ""},
      {"ID3\x04", "audio/mpeg"},
      {"\xFF\xFB\x90\x64", "audio/mpeg"},
      {"\xFF\xF3\x40", "audio/mpeg"},
      {"\xFF\xF1\x50\x80", ""},  // AAC in ADTS
      {"\xFF\xEB\x90", ""},      // a version that there is not
      {"\xFF", ""},
      {"Once upon a time", ""},
      {"%PDF-1.7", ""},
      {"", ""},
  };
  for (const auto& [bytes, type] : cases) EXPECT_EQ(audio_type_of(bytes), type) << bytes;
}

RC_GTEST_PROP(OpenAiTranscriptions, ReadNothingBeyondTheBytes, (const std::string& bytes)) {
  const std::unique_ptr<char[]> exact(new char[bytes.size() + 1]);  // so that a sanitizer sees a step too far
  std::copy(bytes.begin(), bytes.end(), exact.get());
  audio_type_of({exact.get(), bytes.size()});
}

ai::Transcript heard() {
  return {.text = "Tom & Jo < 3. So it\nis --> here.",
          .language = "en",
          .seconds = 3'723.5,
          .segments = {{"Tom & Jo < 3.", 0, 1.25}, {"So it\nis --> here.", 3'722, 3'723.4996}},
          .words = {{"Tom", 0, 0.3}},
          .model = "",
          .usage = {.seconds = 3'723.5}};
}

TEST(OpenAiTranscriptions, BecomeCaptions) {
  EXPECT_EQ(srt_of(timed_segments(heard())),
            "1\n00:00:00,000 --> 00:00:01,250\nTom & Jo < 3.\n\n"
            "2\n01:02:02,000 --> 01:02:03,500\nSo it is --> here.\n\n");
  EXPECT_EQ(vtt_of(timed_segments(heard())),
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.250\nTom &amp; Jo &lt; 3.\n\n"
            "01:02:02.000 --> 01:02:03.500\nSo it is --&gt; here.\n\n");
  EXPECT_EQ(srt_of({}), "");
  EXPECT_EQ(vtt_of({}), "WEBVTT\n\n");
}

TEST(OpenAiTranscriptions, AreTimedAsWellAsTheModelCan) {
  ai::Transcript said{.text = "Hello there.", .language = "", .model = "", .usage = {}};
  EXPECT_TRUE(timed_segments(said).empty());
  said.words = {{"Hello", 0, 0.5}, {"there.", 0.5, 1.5}};
  EXPECT_THAT(timed_segments(said), ElementsAre(ai::Spoken{"Hello there.", 0, 1.5}));
  said.seconds = 2;
  EXPECT_THAT(timed_segments(said), ElementsAre(ai::Spoken{"Hello there.", 0, 2}));
  said.segments = {{"Hello there.", 0.1, 1.4}};
  EXPECT_EQ(timed_segments(said), said.segments);
  EXPECT_TRUE(timed_segments({.text = "", .language = "", .seconds = 9, .model = "", .usage = {}}).empty())
      << "silence";
}

TEST(OpenAiTranscriptions, StreamAllOfTheText) {
  for (auto said : {heard(), ai::Transcript{.text = "Other words.", .segments = {{"Nothing of it", 0, 1}}}}) {
    const auto written = openai_transcript(said, {.streamed = true});
    EXPECT_EQ(written.content_type, "text/event-stream");
    std::string text, done;
    std::size_t deltas = 0;
    for (const auto line : text::split(written.body, '\n')) {
      if (!line.starts_with("data: ")) continue;
      const auto event = json::parse(line.substr(6));
      if (event.at("type") == "transcript.text.done") done = event.at("text").as_string();
      if (event.at("type") != "transcript.text.delta") continue;
      text += event.at("delta").as_string();
      ++deltas;
    }
    EXPECT_EQ(text, said.text);
    EXPECT_EQ(done, said.text);
    EXPECT_EQ(deltas, said.segments.size());
  }
}

// ---- speech --------------------------------------------------------------------------------------------

Pcm tone(double seconds, int rate, int channels) {
  Pcm audio{.rate = rate, .channels = channels, .samples = {}};
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i)
    for (int channel = 0; channel < channels; ++channel)
      audio.samples.push_back(
          0.5F * std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(i) / static_cast<float>(rate)));
  return audio;
}

TEST(OpenAiSpeech, IsMonoAt24Kilohertz) {
  for (const auto& audio : {tone(1, 16'000, 1), tone(1, 48'000, 2), tone(1, 24'000, 1)}) {
    for (const auto form : {OpenAiSound::mp3, OpenAiSound::wav, OpenAiSound::flac}) {
      const auto back = media::decode(encoded(audio, form), {});
      EXPECT_EQ(back.rate, 24'000);
      EXPECT_EQ(back.channels, 1);
      EXPECT_NEAR(back.seconds(), 1, 0.001);
      EXPECT_NEAR(*std::ranges::max_element(back.samples), 0.5, 0.02);
    }
    EXPECT_EQ(encoded(audio, OpenAiSound::pcm).size(), 48'000U);
    const auto opus = media::decode(encoded(audio, OpenAiSound::opus), {});
    EXPECT_EQ(opus.channels, 1);
    EXPECT_NEAR(opus.seconds(), 1, 0.001);
    EXPECT_TRUE(encoded(audio, OpenAiSound::aac).starts_with("\xFF\xF1"));
  }
  EXPECT_EQ(encoded({.rate = 24'000, .channels = 1, .samples = {0, 1, -1, 2, -0.5F}}, OpenAiSound::pcm),
            "\0\0\xFF\x7F\x01\x80\xFF\x7F\0\xC0"s)
      << "16 bits, little-endian";
  EXPECT_GE(media::decode(encoded(tone(0.01, 24'000, 1), OpenAiSound::mp3), {}).seconds(), 0.09);
}

// ---- pictures ------------------------------------------------------------------------------------------

TEST(OpenAiImages, AreAskedForInTheCareAndMannerOfTheClient) {
  const std::tuple<const char*, ai::ImageQuality, ai::ImageStyle> cases[] = {
      {"{}", ai::ImageQuality::usual, ai::ImageStyle::usual},
      {R"({"quality":"auto","style":"vivid"})", ai::ImageQuality::usual, ai::ImageStyle::usual},
      {R"({"quality":"standard","style":"natural"})", ai::ImageQuality::usual, ai::ImageStyle::natural},
      {R"({"quality":"low"})", ai::ImageQuality::low, ai::ImageStyle::usual},
      {R"({"quality":"medium"})", ai::ImageQuality::medium, ai::ImageStyle::usual},
      {R"({"quality":"high"})", ai::ImageQuality::high, ai::ImageStyle::usual},
      {R"({"quality":"hd"})", ai::ImageQuality::high, ai::ImageStyle::usual},
  };
  for (const auto& [asked, quality, style] : cases) {
    auto document = json::parse(asked).as_object();
    document["prompt"] = "A cat";
    const auto wanted = openai_wanted(json::from<OpenAiImagesRequest>(json::write(document)));
    EXPECT_EQ(wanted.quality, quality) << asked;
    EXPECT_EQ(wanted.style, style) << asked;
  }
}

TEST(OpenAiImages, AreBase64OrAtAnAddressOfTheirOwn) {
  const ai::Images drawn{.pictures = {{.media_type = "image/jpeg", .bytes = "abc", .url = ""},
                                      {.media_type = "image/jpeg", .bytes = "d", .url = ""}},
                         .model = "",
                         .usage = {.input_tokens = 9, .output_tokens = 110, .output_image_tokens = 100}};
  const auto at = Instant(std::chrono::seconds(1'700'000'000));
  EXPECT_EQ(json::parse(openai_images(drawn, OpenAiPictureForm::b64_json, at)), json::parse(R"({
    "created":1700000000,"data":[{"b64_json":"YWJj"},{"b64_json":"ZA=="}],"output_format":"jpeg",
    "usage":{"input_tokens":9,"output_tokens":110,"total_tokens":119,
             "input_tokens_details":{"text_tokens":9,"image_tokens":0},
             "output_tokens_details":{"image_tokens":100,"text_tokens":10}}})"));
  EXPECT_EQ(json::parse(openai_images(drawn, OpenAiPictureForm::url, at)).at("data").at(0).at("url"),
            "data:image/jpeg;base64,YWJj");
}

}  // namespace
}  // namespace odeon::chat
