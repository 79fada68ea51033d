// Typed endpoints as they are reached in earnest: a Router behind a Server on a socket.
#include <gtest/gtest.h>

#include "engine/http/binding.hpp"
#include "engine/http/server_fixture_test.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

struct Note {
  Text<1, 2000> text;
};
BOOST_DESCRIBE_STRUCT(Note, (), (text))

constexpr Endpoint<Note, Note> keep_note{
    {.method = Method::post, .path = "/notes", .summary = "Keep a note", .max_body = 1000}};

struct Notes {
  Task<Note> keep(Note note) { co_return note; }
};

class Wire : public ::testing::Test {
 protected:
  Wire() {
    router.add(std::make_unique<Api>("", "Server", std::make_unique<BareFormat>()));
    auto api = std::make_unique<Api>("stories", "Stories", std::make_unique<FlatFormat>());
    mount(*api, keep_note, &Notes::keep, notes);
    router.add(std::move(api));
  }
  static ServerOptions impatient() {
    ServerOptions options;
    options.body_time = std::chrono::milliseconds(50);
    return options;
  }

  Notes notes;
  testing::FakeClock clock;
  testing::FakeAuthenticator authenticator;
  testing::FakeLimiter limiter;
  testing::FakeUploads uploads;
  Log log{Log::Level::off};
  Router router{{authenticator, limiter, uploads, clock}, log};
  TestServer server{[this](Request& request) { return router.handle(request); }, impatient()};  // dies first
};

constexpr std::string_view kHead = "POST /stories/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

std::string sent(std::string_view rest) {
  return std::string(kHead).append(rest);
}

std::string code_of(const RawAnswer& answer) {
  return std::string(json::parse(answer.body).at("code").as_string());
}

TEST_F(Wire, AnswersAndStaysOpen) {
  RawClient client(server.port);
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.exchange(sent("Content-Length: 15\r\n\r\n{\"text\":\"milk\"}"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"text":"milk"})");
    EXPECT_EQ(answer.field("connection"), "");
  }
}

struct Faulty {
  const char* name;
  std::string rest;  // of the request, after kHead
  unsigned status;
  const char* code;
};
class FaultyBodies : public Wire, public ::testing::WithParamInterface<Faulty> {};

// What follows on the connection could be the rest of the body: it must not be read as a request.
TEST_P(FaultyBodies, AreToldSoInTheFormatOfTheProductAndTheConnectionCloses) {
  RawClient client(server.port);
  const auto answer = client.exchange(sent(GetParam().rest));
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.field("content-type"), "application/json");
  EXPECT_EQ(code_of(answer), GetParam().code);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}
INSTANTIATE_TEST_SUITE_P(
    Cases, FaultyBodies,
    ::testing::Values(Faulty{"Half", "Content-Length: 30\r\n\r\n{\"text\":", 408, "SLOW_REQUEST"},
                      Faulty{"HalfAChunk", "Transfer-Encoding: chunked\r\n\r\n1e\r\n{\"text\":", 408, "SLOW_REQUEST"},
                      Faulty{"BrokenChunk", "Transfer-Encoding: chunked\r\n\r\nmilk\r\n", 400, "BROKEN_BODY"},
                      Faulty{"DeclaredTooLarge", "Content-Length: 99999999\r\n\r\n", 413, "TOO_LARGE"}),
    [](const auto& info) { return info.param.name; });

TEST_F(Wire, ABodyThatEndsEarlyIsTheClientsFault) {
  RawClient client(server.port);
  client.send(sent("Content-Length: 30\r\n\r\n{\"text\":"));
  client.end_sending();
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), "BROKEN_BODY");
  EXPECT_EQ(answer.field("connection"), "close");
}

TEST_F(Wire, AHeaderThatEndsEarlyIsTheClientsFault) {
  RawClient client(server.port);
  client.send("GET / HT");
  client.end_sending();
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace odeon::http
