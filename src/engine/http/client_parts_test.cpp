// The client's pure parts, and answers cut into random pieces.
#include "engine/http/client_chunked.hpp"
#include "engine/http/client_fixture_test.hpp"
#include "engine/http/client_head.hpp"
#include "engine/http/client_target.hpp"

namespace odeon::http {
namespace {

using client::ChunkDecoder;
using client::parse_target;

TEST(ClientTarget, SaysWhereARequestGoes) {
  const auto plain = parse_target("http://Example.COM");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "example.com");
  EXPECT_EQ(plain.port, 80);
  EXPECT_EQ(plain.authority, "example.com");
  EXPECT_EQ(plain.path, "/");
  EXPECT_EQ(plain.origin, "http://example.com:80");

  const auto odd = parse_target("https://[::1]:8443/a?b=%20#c");
  EXPECT_TRUE(odd.tls);
  EXPECT_EQ(odd.host, "::1");
  EXPECT_EQ(odd.port, 8443);
  EXPECT_EQ(odd.authority, "[::1]:8443");
  EXPECT_EQ(odd.path, "/a?b=%20");
  EXPECT_EQ(parse_target("https://a:443/").authority, "a");
  EXPECT_EQ(parse_target("http://a:/?").path, "/?");
}

TEST(ClientTarget, IsParsedOnce) {
  client::KnownTargets known;
  const std::string url = "https://api.test/v1?a=1";
  const auto first = known.of(url);
  EXPECT_EQ(first->origin, "https://api.test:443");
  EXPECT_EQ(first->path, "/v1?a=1");
  EXPECT_EQ(known.of(url), first);
  EXPECT_EQ(known.of("https://api.test/v2")->path, "/v2");
  EXPECT_THROW(known.of("api.test"), Error);
  // Others that come and go push it out, and leave who has it alone.
  for (int i = 0; i < 1'000; ++i) known.of("https://api.test/" + std::to_string(i));
  EXPECT_NE(known.of(url), first);
  EXPECT_EQ(known.of(url)->path, first->path);
}

TEST(ClientTarget, RefusesWhatItCannotUse) {
  for (const char* url : {"",
                          "/path",
                          "example.com",
                          "ftp://a/",
                          "http://",
                          "http:///x",
                          "http://:80/",
                          "http:a",
                          "http://user@a/",
                          "http://u:p@a/",
                          "http://@a/",
                          "http://a:0/",
                          "http://a:65536/",
                          "http://a:99999999999/",
                          "http://a:x/",
                          "http://a b/",
                          "http://a/ b",
                          "http://a%2eb/",
                          "http://a/\r\nX: y",
                          "http://[::1/",
                          "http://[v1.x]/",
                          "https://\xC3\xA4/"})
    EXPECT_THROW(parse_target(url), Error) << url;
}

// Content and sizes of chunks, written in one of the forms that the RFC allows.
std::string encode_chunks(const std::vector<std::string>& chunks, bool decorated) {
  std::string out;
  for (const std::string& chunk : chunks)
    if (!chunk.empty())
      out += decorated ? fmt::format("00{:X} ;a=\"b\"\r\n{}\r\n", chunk.size(), chunk)
                       : fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
  return out + (decorated ? "000;x\r\nTrailer: 1\r\nMore: 2\r\n\r\n" : "0\r\n\r\n");
}

// Feeds `bytes` in pieces of random sizes, each in a buffer of just that size.
std::string decode_in_slices(ChunkDecoder& decoder, std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    std::string piece(bytes.substr(0, *rc::gen::inRange<std::size_t>(1, 9)));
    bytes.remove_prefix(piece.size());
    out.append(piece.data(), decoder.decode(piece));
  }
  return out;
}

TEST(ChunkDecoder, ReadsAnySlicing) {
  EXPECT_TRUE(rc::check([](std::vector<std::string> chunks, bool decorated) {
    ChunkDecoder decoder;
    std::string content;
    for (const std::string& chunk : chunks) content += chunk;
    RC_ASSERT(decode_in_slices(decoder, encode_chunks(chunks, decorated)) == content);
    RC_ASSERT(decoder.ended() && !decoder.overran());
    decode_in_slices(decoder, "x");
    RC_ASSERT(decoder.overran());
  }));
}

TEST(ChunkDecoder, NeverTakesAPartForTheWhole) {
  EXPECT_TRUE(rc::check([](std::vector<std::string> chunks, bool decorated) {
    std::string bytes = encode_chunks(chunks, decorated);
    bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size()));
    ChunkDecoder decoder;
    decode_in_slices(decoder, bytes);
    RC_ASSERT(!decoder.ended());
  }));
}

TEST(ChunkDecoder, SurvivesGarbage) {
  EXPECT_TRUE(rc::check([](const std::string& noise) {
    ChunkDecoder decoder;
    try {
      RC_ASSERT(decode_in_slices(decoder, "2\r\nhi\r\n" + noise).starts_with("hi"));
    } catch (const Error& error) {
      RC_ASSERT(error.fault == Fault::upstream);
    }
  }));
}

TEST(AnswerHead, SurvivesGarbage) {
  EXPECT_TRUE(rc::check([](const std::string& noise) {
    try {
      const auto head = client::parse_head("HTTP/1.1 200 OK\r\n" + noise + "\r\n\r\n", Method::get);
      RC_ASSERT(head.status == 200u);
    } catch (const Error& error) {
      RC_ASSERT(error.fault == Fault::upstream);
    }
  }));
}

TEST(AnswerHead, TakesWhatOldServersSend) {
  const auto head =
      client::parse_head("HTTP/1.0 200\nConnection: Keep-Alive\nContent-Length: 3, 3\nX:  a\r\n\tb \n\n", Method::get);
  EXPECT_EQ(head.status, 200u);
  EXPECT_TRUE(head.keeps_alive);
  EXPECT_EQ(head.length, 3u);
  EXPECT_EQ(head.headers.get("x"), "a b");
}

TEST(AnswerHead, EndsAtTheEmptyLine) {
  EXPECT_EQ(client::head_size("A: b\r\n\r\nrest", 0), 8u);
  EXPECT_EQ(client::head_size("A: b\n\nrest", 0), 6u);
  EXPECT_EQ(client::head_size("A: b\r\n\r", 0), std::nullopt);
}

// Writes `body` in one of the three framings.
std::string framed(const std::string& body, int framing) {
  if (framing == 0) return fmt::format("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  if (framing == 1)
    return "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n" + encode_chunks({body}, true);
  return "HTTP/1.1 200 OK\r\nX: y\r\n\r\n" + body;
}

struct Expected {
  std::string body;
  std::size_t read_size;
  Task<void> operator()(Client& client, RawServer& server) const {
    ClientResponse response = co_await client.send({.url = server.url("/")});
    std::string got, buffer(read_size, '\0');
    while (const std::size_t count = co_await response.body->read(buffer)) got.append(buffer, 0, count);
    if (response.status != 200 || response.headers.get("X") != "y" || got != body)
      throw Error(Fault::internal, "DIFFERENT", "Not what was sent.");
  }
};

TEST(Client, ReadsAnswersInAnySlicing) {
  EXPECT_TRUE(rc::check([](const std::string& body) {
    const std::string bytes = framed(body, *rc::gen::inRange(0, 3));
    auto cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, bytes.size()));
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    RawScript script = testing::send_in_pieces(bytes, cuts);
    script.insert(script.begin(), testing::read_head());
    with_server({script}, Expected{body, *rc::gen::inRange<std::size_t>(1, 50)});
  }));
}

TEST(Client, ReadsAnswersSplitAtEveryPlace) {
  for (int framing = 0; framing < 3; ++framing) {
    const std::string bytes = framed("hello, world", framing);
    for (std::size_t place = 1; place < bytes.size(); ++place) {
      RawScript script = testing::send_in_pieces(bytes, {place});
      script.insert(script.begin(), testing::read_head());
      EXPECT_NO_THROW(with_server({script}, Expected{"hello, world", 4096})) << framing << " " << place;
    }
  }
}

}  // namespace
}  // namespace odeon::http
