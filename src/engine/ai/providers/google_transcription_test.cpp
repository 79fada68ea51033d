#include "engine/ai/providers/google_transcription.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::json_answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TranscriptionRequest recording() {
  return {.audio = "RIFF", .media_type = "audio/wav", .seconds = 3.5, .language = "en"};
}

Transcript hear(std::string answer, TranscriptionRequest request = recording(), std::size_t sent = 100,
                SeenRequest* seen = nullptr) {
  const auto call = [&](http::Client& client, const Clock& clock, std::string base_url) -> Task<Transcript> {
    GoogleTranscription model(client, clock,
                              {.base_url = std::move(base_url),
                               .credentials = std::make_shared<HeaderKey>("x-goog-api-key", "", "AIza-secret")});
    co_return co_await model.transcribe(request);
  };
  return exchanged(sent, std::move(answer), call, seen);
}

const std::string kHeard = R"({
  "results": [
    {"alternatives": [{"transcript": "Good morning.", "confidence": 0.98, "words": [
       {"startTime": "0.200s", "endTime": "0.600s", "word": "Good"},
       {"startTime": "0.600s", "endTime": "1.100s", "word": "morning."}]}],
     "resultEndTime": "1.240s", "languageCode": "en-us"},
    {"alternatives": [{"transcript": " Apple rose.", "words": [
       {"startTime": "2s", "endTime": "2.400s", "word": "Apple"}, {"endTime": "3s", "word": "rose."}]},
       {"transcript": " A pole rose."}],
     "resultEndTime": "3.210s", "languageCode": "en-us"}],
  "totalBilledTime": "4s", "requestId": "77"})";

TEST(GoogleTranscription, TellsWhatWasSaidAndWhen) {
  const std::string order = R"({"config":{"languageCode":"en-US","model":"latest_long","enableWordTimeOffsets":true,)"
                            R"("enableAutomaticPunctuation":true,"speechContexts":[{"phrases":["AAPL","Tim Cook"]}]},)"
                            R"("audio":{"content":"UklGRg=="}})";
  auto request = recording();
  request.prompt = " AAPL,\n, Tim Cook";
  SeenRequest seen;
  const auto transcript = hear(json_answer("200 OK", kHeard), request, order.size(), &seen);
  EXPECT_THAT(seen.head, StartsWith("POST /v1/speech:recognize HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("x-goog-api-key: AIza-secret\r\n"));
  EXPECT_EQ(seen.body, order);
  EXPECT_EQ(transcript.text, "Good morning. Apple rose.");
  EXPECT_EQ(transcript.language, "en-us");
  EXPECT_THAT(transcript.segments, ElementsAre(Spoken{"Good morning.", 0.2, 1.24}, Spoken{"Apple rose.", 2, 3.21}));
  EXPECT_THAT(transcript.words, ElementsAre(Spoken{"Good", 0.2, 0.6}, Spoken{"morning.", 0.6, 1.1},
                                            Spoken{"Apple", 2, 2.4}, Spoken{"rose.", 0, 3}));
  EXPECT_EQ(transcript.seconds, 3.5);
  EXPECT_EQ(transcript.usage.seconds, 4);
  EXPECT_EQ(transcript.model, "google/latest_long");
}

TEST(GoogleTranscription, IsToldWhatTheFileIs) {
  for (const auto& [type, config] : std::map<std::string, std::string>{
           {"audio/flac", R"({"config":{"encoding":"FLAC","languageCode")"},
           {"audio/ogg; codecs=opus", R"({"config":{"encoding":"OGG_OPUS","sampleRateHertz":48000,)"},
           {"Audio/WebM", R"({"config":{"encoding":"WEBM_OPUS","sampleRateHertz":48000,)"}}) {
    auto request = recording();
    request.media_type = type;
    SeenRequest seen;
    hear(json_answer("200 OK", "{}"), request, 100, &seen);
    EXPECT_THAT(seen.body, StartsWith(config));
  }
}

TEST(GoogleTranscription, SilenceIsNoFault) {
  const auto transcript = hear(json_answer("200 OK", R"({"totalBilledTime":"15s","requestId":"1"})"));
  EXPECT_EQ(transcript.text, "");
  EXPECT_THAT(transcript.segments, ElementsAre());
  EXPECT_EQ(transcript.usage.seconds, 15);
  EXPECT_EQ(hear(json_answer("200 OK", "{}")).usage.seconds, 3.5) << "as long as it is, where nothing is counted";
  EXPECT_GT(hear(json_answer("200 OK", "{}"),
                 {.audio = std::string(16'000, '.'), .media_type = "audio/wav", .language = "en"})
                .usage.seconds,
            0)
      << "or may be, where nobody knows that either";
}

TEST(GoogleTranscription, RefusesWhatItDoesNotHear) {
  const auto refused = [](auto change) {
    auto request = recording();
    change(request);
    http::Client client({});
    odeon::testing::FakeClock clock;
    GoogleTranscription model(client, clock, {.base_url = "http://127.0.0.1:1"});
    try {
      run_task(model.transcribe(std::move(request)));
    } catch (const Error& error) {
      return error.fault;
    }
    return Fault::internal;
  };
  EXPECT_EQ(refused([](auto& request) { request.media_type = "audio/mpeg"; }), Fault::invalid);
  EXPECT_EQ(refused([](auto& request) { request.language = ""; }), Fault::invalid);
  EXPECT_EQ(refused([](auto& request) { request.language = "la"; }), Fault::invalid);
  EXPECT_EQ(refused([](auto& request) { request.seconds = 60.5; }), Fault::too_large);
  EXPECT_EQ(refused([](auto& request) { request.audio.assign(8'000'000, 'x'); }), Fault::too_large);
}

struct BadGoogleTranscription {
  std::string answer, code;
  bool charged = false;
};
class GoogleTranscriptionFails : public ::testing::TestWithParam<BadGoogleTranscription> {};
TEST_P(GoogleTranscriptionFails, AsAnErrorThatShowsNoKey) {
  try {
    hear(GetParam().answer);
    FAIL() << "it answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_EQ((error.message + error.detail).find("secret"), std::string::npos);
    const auto* used = dynamic_cast<const FailedAfterUse*>(&error);
    EXPECT_EQ(used != nullptr ? used->usage.seconds : 0, GetParam().charged ? 3.5 : 0);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Answers, GoogleTranscriptionFails,
    ::testing::Values(
        BadGoogleTranscription{json_answer("403 Forbidden", R"({"error":{"code":403,"message":"AIza-secret"}})"),
                               "PROVIDER_KEY"},
        BadGoogleTranscription{json_answer("429 Too Many Requests", R"({"error":{"code":429}})"), "PROVIDER_LIMIT"},
        BadGoogleTranscription{json_answer("503 Busy", "<html>"), "PROVIDER_BUSY"},
        BadGoogleTranscription{json_answer("200 OK", "<html>secret"), "BAD_ANSWER", true},
        BadGoogleTranscription{json_answer("200 OK", R"({"error":{"code":500}})"), "PROVIDER_FAILED", true},
        BadGoogleTranscription{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "CUT_OFF", true}));

RC_GTEST_PROP(GoogleTranscriptionProperty, WhateverComesIsATranscriptOrAnError, (const std::string& noise)) {
  std::string body = kHeard;
  for (const char c : noise) body[static_cast<unsigned char>(c) * 3U % body.size()] = c;
  try {
    const auto transcript = hear(json_answer("200 OK", body));
    for (const auto& word : transcript.words) RC_ASSERT(word.start >= 0 && word.end >= 0 && word.end <= 86'400);
  } catch (const Error& error) {
    RC_ASSERT(error.fault != Fault::internal);
  }
}

}  // namespace
}  // namespace odeon::ai
