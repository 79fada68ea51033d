#include "engine/http/ranges.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include "engine/http/binding.hpp"
#include "engine/http/document.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

using Ranges = std::optional<std::vector<Range>>;

struct RangeCase {
  const char* header;
  std::uint64_t size;
  Ranges expected;
};

TEST(ParseRanges, FollowsRfc9110) {
  const RangeCase cases[] = {
      {"bytes=0-1", 10, Ranges({{0, 2}})},
      {"bytes=5-", 10, Ranges({{5, 5}})},
      {"bytes=-3", 10, Ranges({{7, 3}})},
      {"bytes=-30", 10, Ranges({{0, 10}})},
      {"bytes=8-200", 10, Ranges({{8, 2}})},
      {"bytes=0-1,5-6", 10, Ranges({{0, 2}, {5, 2}})},
      {"bytes=5-6, 0-1", 10, Ranges({{5, 2}, {0, 2}})},
      {"bytes=0-5,3-7", 10, Ranges({{0, 8}})},
      {"bytes=10-", 10, Ranges(std::vector<Range>{})},
      {"bytes=-0", 10, Ranges(std::vector<Range>{})},
      {"bytes=0-0", 0, Ranges(std::vector<Range>{})},
      {"bytes=3-1", 10, std::nullopt},
      {"bytes=", 10, std::nullopt},
      {"bytes=a-b", 10, std::nullopt},
      {"bytes=1", 10, std::nullopt},
      {"items=0-1", 10, std::nullopt},
      {"bytes=99999999999999999999-", 10, std::nullopt},
  };
  for (const auto& item : cases) EXPECT_EQ(parse_ranges(item.header, item.size), item.expected) << item.header;
}

RC_GTEST_PROP(ParseRanges, NeverLeavesTheObjectNorOverlaps, ()) {
  const auto size = *rc::gen::inRange<std::uint64_t>(0, 1000);
  std::string header = "bytes=";
  for (int i = *rc::gen::inRange(1, 8); i > 0; --i) {
    const auto part = *rc::gen::inRange(0, 3);
    const auto a = *rc::gen::inRange(0, 1200), b = *rc::gen::inRange(0, 1200);
    header += part == 0 ? fmt::format("{}-{}", a, b) : part == 1 ? fmt::format("{}-", a) : fmt::format("-{}", b);
    if (i > 1) header += ",";
  }
  const auto ranges = parse_ranges(header, size);
  if (!ranges) return;
  for (std::size_t i = 0; i < ranges->size(); ++i) {
    const auto& range = (*ranges)[i];
    RC_ASSERT(range.length > 0 && range.offset + range.length <= size);
    for (std::size_t j = 0; j < i; ++j) {
      const auto& other = (*ranges)[j];
      RC_ASSERT(range.offset >= other.offset + other.length || other.offset >= range.offset + range.length);
    }
  }
}

class Letters final : public ReadableObject {
 public:
  std::uint64_t size() const override { return 10; }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    const auto part = std::string_view("abcdefghij").substr(offset, into.size());
    std::ranges::copy(part, into.begin());
    co_return part.size();
  }
  std::string content_type() const override { return "audio/mpeg"; }
  std::string etag() const override { return "\"tag\""; }
  Instant modified() const override { return Instant(std::chrono::seconds(1'700'000'000)); }
};

struct Serving {
  Task<File> file() { co_return File{std::make_shared<Letters>(), "no-cache", ""}; }
};

constexpr Endpoint<Nothing, File> get_file{{.method = Method::get, .path = "/file", .summary = "A file"}};

TEST(ServeFile, AnswersConditionsAndRanges) {
  struct Case {
    testing::HttpServer::HeaderList headers;
    unsigned status;
    std::string body;
  };
  const std::string modified = "Tue, 14 Nov 2023 22:13:20 GMT", later = "Tue, 14 Nov 2023 22:13:21 GMT";
  const Case cases[] = {
      {{}, 200, "abcdefghij"},
      {{{"Range", "bytes=2-4"}}, 206, "cde"},
      {{{"Range", "bytes=-2"}}, 206, "ij"},
      {{{"Range", "bytes=20-"}}, 416, ""},
      {{{"Range", "bytes=4-2"}}, 200, "abcdefghij"},
      {{{"Range", "bytes=0-0"}, {"If-Range", "\"tag\""}}, 206, "a"},
      {{{"Range", "bytes=0-0"}, {"If-Range", "\"old\""}}, 200, "abcdefghij"},
      {{{"Range", "bytes=0-0"}, {"If-Range", "W/\"tag\""}}, 200, "abcdefghij"},
      {{{"Range", "bytes=0-0"}, {"If-Range", modified}}, 206, "a"},
      {{{"Range", "bytes=0-0"}, {"If-Range", later}}, 200, "abcdefghij"},
      {{{"If-None-Match", "\"x\", W/\"tag\""}}, 304, ""},
      {{{"If-None-Match", "*"}}, 304, ""},
      {{{"If-None-Match", "\"x\""}, {"If-Modified-Since", later}}, 200, "abcdefghij"},
      {{{"If-Modified-Since", modified}}, 304, ""},
      {{{"If-Match", "\"x\""}}, 412, ""},
      {{{"If-Match", "\"tag\""}, {"Range", "bytes=0-1"}}, 206, "ab"},
      {{{"If-Unmodified-Since", "Mon, 13 Nov 2023 22:13:20 GMT"}}, 412, ""},
  };
  Serving serving;
  testing::HttpServer server;
  mount(server.api(""), get_file, &Serving::file, serving);
  for (const auto& item : cases) {
    const auto reply = server.get("/file", item.headers);
    EXPECT_EQ(reply.status, item.status) << (item.headers.empty() ? "" : item.headers[0].second);
    EXPECT_EQ(reply.body, item.body);
  }
  EXPECT_EQ(server.get("/file", {{"Range", "bytes=20-"}}).headers.get("Content-Range"), "bytes */10");
  EXPECT_EQ(server.get("/file", {{"Range", "bytes=2-4"}}).headers.get("Content-Range"), "bytes 2-4/10");
}

std::string unpacked(const std::string& gzip) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string text(64 * 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

struct ServingText {
  Task<File> file() { co_return File{document, "no-cache", ""}; }
  std::shared_ptr<Document> document;
};

TEST(ServeFile, SendsATextInGzipToWhoTakesIt) {
  std::string text = "Once more. ";
  for (int i = 0; i < 8; ++i) text += text;
  ServingText serving{std::make_shared<Document>("application/rss+xml; charset=utf-8", text, Instant())};
  testing::HttpServer server;
  mount(server.api(""), get_file, &ServingText::file, serving);
  const auto plain = server.get("/file"), packed = server.get("/file", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(plain.body, text);
  EXPECT_FALSE(plain.headers.find("Content-Encoding"));
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), text.size() / 10);
  EXPECT_EQ(unpacked(packed.body), text);
  for (const auto& reply : {plain, packed}) EXPECT_EQ(reply.headers.get("Vary"), "Accept-Encoding");
  const std::string etag(packed.headers.get("ETag"));
  EXPECT_TRUE(etag.starts_with('"')) << "strong";
  EXPECT_NE(etag, plain.headers.get("ETag"));
  const auto again = server.get("/file", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.headers.get("Vary"), "Accept-Encoding");
  EXPECT_FALSE(again.headers.find("Content-Encoding"));
  EXPECT_EQ(server.get("/file", {{"If-None-Match", etag}}).status, 200) << "those are other bytes";
  const auto part = server.get("/file", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=0-3"}});
  EXPECT_EQ(part.body, "Once");
  EXPECT_FALSE(part.headers.find("Content-Encoding"));
}

TEST(ServeFile, SendsWhatGzipWouldNotHelpAsItIs) {
  testing::HttpServer server;
  ServingText serving;
  mount(server.api(""), get_file, &ServingText::file, serving);
  for (const auto& document : {std::make_shared<Document>("text/plain", "Tiny.", Instant()),
                               std::make_shared<Document>("audio/mpeg", std::string(9000, 'x'), Instant())}) {
    serving.document = document;
    const auto reply = server.get("/file", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(reply.body.size(), document->size());
    EXPECT_FALSE(reply.headers.find("Content-Encoding"));
    EXPECT_FALSE(reply.headers.find("Vary"));
  }
}

TEST(ServeFile, SendsSeveralRangesAsParts) {
  Serving serving;
  testing::HttpServer server;
  mount(server.api(""), get_file, &Serving::file, serving);
  const auto reply = server.get("/file", {{"Range", "bytes=0-1,7-8"}});
  EXPECT_EQ(reply.status, 206);
  const auto type = reply.headers.get("Content-Type");
  ASSERT_TRUE(type.starts_with("multipart/byteranges; boundary="));
  const std::string boundary(type.substr(type.find('=') + 1));
  EXPECT_EQ(reply.body,
            "--" + boundary + "\r\nContent-Type: audio/mpeg\r\nContent-Range: bytes 0-1/10\r\n\r\nab\r\n--" + boundary +
                "\r\nContent-Type: audio/mpeg\r\nContent-Range: bytes 7-8/10\r\n\r\nhi\r\n--" + boundary + "--\r\n");
}

}  // namespace
}  // namespace odeon::http
