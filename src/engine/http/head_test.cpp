#include "engine/http/head.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/http/chunked.hpp"

namespace odeon::http {
namespace {

struct Parsed {
  Head head;
  Request request;
};

// Scans and parses `bytes`, which arrive in slices of the given sizes, over and over.
std::expected<Parsed, Refusal> read(std::string_view bytes, std::vector<std::size_t> slices = {1},
                                    std::size_t max = 16384) {
  HeadScanner scanner(max);
  std::size_t arrived = 0;
  for (std::size_t i = 0; arrived < bytes.size(); ++i) {
    arrived = std::min(bytes.size(), arrived + slices[i % slices.size()]);
    const auto end = scanner.scan(bytes.substr(0, arrived));
    if (!end) return std::unexpected(end.error());
    if (!*end) continue;
    Parsed parsed;
    const auto head = parse_head(bytes.substr(0, **end), parsed.request);
    if (!head) return std::unexpected(head.error());
    parsed.head = *head;
    return parsed;
  }
  return std::unexpected(Refusal{0, "incomplete"});
}

unsigned status_of(std::string_view bytes, std::size_t max = 16384) {
  const auto parsed = read(bytes, {1}, max);
  return parsed ? 200 : parsed.error().status;
}

TEST(HeadTest, GoodRequestIsRead) {
  const auto parsed = read(
      "POST /a%20b?x=1&y=a+b HTTP/1.1\r\nHost: Example.COM:8080\r\nContent-Length: 12\r\n"
      "Accept:text/plain  \r\nX-Empty:\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(parsed) << parsed.error().reason;
  const Request& request = parsed->request;
  EXPECT_EQ(request.method, Method::post);
  EXPECT_EQ(request.target, "/a%20b?x=1&y=a+b");
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query_value("y"), "a b");
  EXPECT_EQ(request.host, "example.com");
  EXPECT_EQ(request.length, 12);
  EXPECT_EQ(request.headers.get("accept"), "text/plain");
  EXPECT_EQ(request.headers.find("x-empty"), "");
  EXPECT_TRUE(parsed->head.keep_alive);
  EXPECT_TRUE(parsed->head.expects_continue);
  EXPECT_EQ(parsed->head.length, 12);
}

TEST(HeadTest, ConnectionAndVersionDecideAboutKeepingAlive) {
  struct Case {
    std::string_view rest;
    bool keep_alive;
  };
  const Case cases[] = {{"HTTP/1.1\r\nHost: x\r\n\r\n", true},
                        {"HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n", false},
                        {"HTTP/1.1\r\nHost: x\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", false},
                        {"HTTP/1.0\r\n\r\n", false},
                        {"HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
                        {"HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", false},
                        {"HTTP/1.9\r\nHost: x\r\n\r\n", true}};
  for (const auto& item : cases) {
    const auto parsed = read("GET / " + std::string(item.rest));
    ASSERT_TRUE(parsed) << item.rest;
    EXPECT_EQ(parsed->head.keep_alive, item.keep_alive) << item.rest;
  }
}

TEST(HeadTest, HostIsWhatTheTargetNamesElseTheHeader) {
  EXPECT_EQ(read("GET http://Other.com:81/x HTTP/1.1\r\nHost: example.com\r\n\r\n")->request.host, "other.com");
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n")->request.host, "[::1]");
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost:\r\n\r\n")->request.host, "");
  EXPECT_EQ(read("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")->request.path, "/");
}

TEST(HeadTest, WhatCouldBeReadInTwoWaysIsRefused) {
  struct Case {
    unsigned status;
    std::string_view bytes;
  };
  const Case cases[] = {
      {400, "GET / HTTP/1.1\r\n\r\n"},                        // no Host
      {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},  // two
      {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},           // a broken one
      {400, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: [x]\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},               // blank before the colon
      {400, "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n"},  // old continuation
      {400, "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"},  // bare CR
      {400, "GET / HTTP/1.1\nHost: a\n\n"},                   // bare LF
      {400, "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n"},
      {400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},  // two blanks
      {400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
      {400, "GET /\r\nHost: a\r\n\r\n"},
      {400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
      {400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
      {400, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 2\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"},
      {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n"},
      {400,
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n"},
      {417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"},
  };
  for (const auto& item : cases) EXPECT_EQ(status_of(item.bytes), item.status) << item.bytes;
}

TEST(HeadTest, SizesAreLimited) {
  const std::string host = " HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(status_of("GET /" + std::string(kMaxTarget - 1, 'a') + host + "\r\n"), 200);
  EXPECT_EQ(status_of("GET /" + std::string(kMaxTarget, 'a') + host + "\r\n"), 414);
  EXPECT_EQ(status_of("GET /" + std::string(20'000, 'a')), 414);  // without waiting for the end of the line
  EXPECT_EQ(status_of("GET /" + std::string(200, 'a'), 100), 414);
  EXPECT_EQ(status_of("GET /" + host + "X: " + std::string(100, 'a') + "\r\n\r\n", 132), 200);
  EXPECT_EQ(status_of("GET /" + host + "X: " + std::string(101, 'a') + "\r\n\r\n", 132), 431);
  EXPECT_EQ(status_of("GET /" + host + "X: " + std::string(200, 'a'), 132), 431);
  std::string many = "GET /" + host;
  for (std::size_t i = 1; i < kMaxFields; ++i) many += "X: y\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 200);
  EXPECT_EQ(status_of(many + "X: y\r\n\r\n"), 431);
}

RC_GTEST_PROP(HeadProperty, SlicingChangesNothing, ()) {
  const auto token = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', '{')));
  const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(0x21, 0x7F));
  auto fields = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(rc::gen::pair(token, text));
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (const auto& [name, value] : fields) bytes += "x-" + name + ": " + value + "\r\n";
  bytes += "\r\n";
  const auto slices =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40)));
  const auto parsed = read(bytes + "the next request", slices);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->request.headers.size() == fields.size() + 1);
  auto field = parsed->request.headers.begin();
  for (const auto& [name, value] : fields) {
    ++field;
    RC_ASSERT((*field).first == "x-" + name);
    RC_ASSERT((*field).second == value);
  }
}

RC_GTEST_PROP(HeadProperty, AFieldHasNoControlsButTabs, (const std::string& bytes)) {
  const auto is_wrong = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; };
  const std::string value = "a value, " + bytes;
  RC_ASSERT(is_field_value(value) == std::ranges::none_of(value, is_wrong));
  RC_ASSERT(is_field_value(bytes + "\t") == std::ranges::none_of(bytes, is_wrong));
}

RC_GTEST_PROP(HeadProperty, OneWrongByteIsHarmless, ()) {
  std::string bytes = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nConnection: close\r\n\r\n";
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  const auto whole = read(bytes, {1000}), sliced = read(bytes, {1});
  RC_ASSERT(whole.has_value() == sliced.has_value());
  if (!whole) RC_ASSERT(whole.error().status == sliced.error().status);
  if (whole) RC_ASSERT(whole->head.length == sliced->head.length);
}

// The body in `input` fed in slices, and how it ended.
std::pair<std::string, ChunkedDecoder::State> decode(std::string_view input, std::vector<std::size_t> slices,
                                                     std::size_t max) {
  ChunkedDecoder decoder;
  std::string body, pending;
  for (std::size_t i = 0; !input.empty() && decoder.state() == ChunkedDecoder::State::more; ++i) {
    const std::size_t size = std::min(input.size(), slices[i % slices.size()]);
    pending += input.substr(0, size);
    input.remove_prefix(size);
    for (;;) {
      const auto step = decoder.decode(pending, max);
      if (step.taken == 0) break;
      body += step.data;
      pending.erase(0, step.taken);
    }
  }
  return {body, decoder.state()};
}

TEST(ChunkedTest, BadSizesAndFramingAreBroken) {
  for (std::string_view input :
       {"\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1\n", "1\r\nab", "1\r\na\n", "1\r\na\rb",
        "1\rx", "0\r\n\rx", "0\r\na: b\x01", "1;\x01", ";a\r\n", "1;a\nb", "0\r\n\n", "1111111111111111\r\n"})
    EXPECT_EQ(decode(input, {1}, 100).second, ChunkedDecoder::State::broken) << input;
}

TEST(ChunkedTest, ExtensionsAndTrailersAreDroppedButLimited) {
  EXPECT_EQ(decode("3;a=b;c=\"d\"\r\nabc\r\n0;x\r\nTrailer: y\r\n\r\n", {1}, 2),
            std::pair(std::string("abc"), ChunkedDecoder::State::done));
  EXPECT_EQ(decode("1;" + std::string(20'000, 'a'), {1000}, 100).second, ChunkedDecoder::State::broken);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 5000; ++i) trailers += "a: b\r\n";
  EXPECT_EQ(decode(trailers, {1000}, 100).second, ChunkedDecoder::State::broken);
}

RC_GTEST_PROP(ChunkedProperty, WhatWasChunkedComesBack, (const std::vector<std::string>& pieces)) {
  std::string wire, body;
  for (const auto& piece : pieces) {
    if (piece.empty()) continue;
    wire += fmt::format("{:X}\r\n{}\r\n", piece.size(), piece);
    body += piece;
  }
  wire += "0\r\n\r\n";
  const auto slices =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 20)));
  const auto max = *rc::gen::inRange<std::size_t>(1, 50);
  RC_ASSERT(decode(wire, slices, max) == std::pair(body, ChunkedDecoder::State::done));
  // One byte less is not yet the end.
  RC_ASSERT(decode(wire.substr(0, wire.size() - 1), slices, max) == std::pair(body, ChunkedDecoder::State::more));
}

}  // namespace
}  // namespace odeon::http
