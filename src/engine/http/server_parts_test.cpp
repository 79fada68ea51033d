// The pure parts of the server: negotiation, trace context, proxies, heads of answers.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/http/compress.hpp"
#include "engine/http/proxies.hpp"
#include "engine/http/respond.hpp"
#include "engine/http/trace.hpp"

namespace odeon::http {
namespace {

TEST(CompressTest, AcceptEncodingDecides) {
  for (std::string_view header : {"gzip", "GZIP", "br, gzip", "gzip;q=0.001", "gzip; q=1", "*", "x-gzip",
                                  "br;q=0,*;q=0.5", "deflate, gzip;q=1.0, *;q=0"})
    EXPECT_TRUE(takes_gzip(header)) << header;
  for (std::string_view header :
       {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "*, gzip;q=0", "gzipped", "identity"})
    EXPECT_FALSE(takes_gzip(header)) << header;
}

TEST(CompressTest, OnlyWhatShrinksIsCompressed) {
  const auto worth = [](std::string type, std::size_t size = 2000, std::string name = "", unsigned status = 200) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", std::move(type));
    if (!name.empty()) response.headers.add(name, std::string(name == "Cache-Control" ? "no-transform" : "br"));
    return is_compressible(response, size);
  };
  for (const char* type : {"text/html; charset=utf-8", "application/json", "application/problem+json", "image/svg+xml"})
    EXPECT_TRUE(worth(type)) << type;
  for (const char* type : {"image/png", "audio/mpeg", "application/octet-stream", ""})
    EXPECT_FALSE(worth(type)) << type;
  EXPECT_FALSE(worth("text/plain", 1000));
  EXPECT_FALSE(worth("text/plain", 2000, "Content-Encoding"));
  EXPECT_FALSE(worth("text/plain", 2000, "Cache-Control"));
  EXPECT_FALSE(worth("text/plain", 2000, "", 206));
}

RC_GTEST_PROP(TraceProperty, EveryRequestGetsAValidTraceAndASaneId,
              (const std::string& id, const std::string& parent)) {
  Tracer tracer;
  Request first, second;
  first.headers.add("X-Request-Id", id);
  first.headers.add("traceparent", parent);
  tracer.identify(first);
  tracer.identify(second);
  RC_ASSERT(is_sane_id(first.id));
  RC_ASSERT((is_sane_id(id) ? first.id == id : first.id.size() == 32));
  RC_ASSERT(first.trace.valid());
  RC_ASSERT(first.id != second.id);
  RC_ASSERT(first.trace.trace_id() != second.trace.trace_id());
}

TEST(HeadOfAnswerTest, LeavesOutWhatFramesItOrBreaksALine) {
  Response response{.status = 404};
  response.headers.add("Content-Type", "text/plain");
  response.headers.add("content-length", "7");
  response.headers.add("X-Tabs", "a\tb");
  response.headers.add("X-Break", "a value\r\nSet-Cookie: forged");
  response.headers.add("X-Long", "a value that is longer, with a line feed at its very end\n");
  response.headers.add(std::string_view("X-N\0", 4), "name");
  response.headers.add("X-Empty", "");
  std::string head;
  append_head(head, response, {.length = 120, .close = true}, "now");
  EXPECT_EQ(head,
            "HTTP/1.1 404 Not Found\r\nDate: now\r\nContent-Type: text/plain\r\nX-Tabs: a\tb\r\nX-Empty: \r\n"
            "Content-Length: 120\r\nConnection: close\r\n\r\n");
}

TEST(ProxiesTest, NetworksAreUnderstoodAndNonsenseIsNot) {
  namespace ip = boost::asio::ip;
  const TrustedProxies proxies({"10.0.0.0/8", "192.168.1.5", "fd00::/16", "::1"});
  for (const char* inside : {"10.255.0.1", "192.168.1.5", "fd00:1::2", "::1", "::ffff:10.1.2.3"})
    EXPECT_TRUE(proxies.contains(ip::make_address(inside))) << inside;
  for (const char* outside : {"11.0.0.1", "192.168.1.4", "fd01::1", "::2"})
    EXPECT_FALSE(proxies.contains(ip::make_address(outside))) << outside;
  for (const char* nonsense : {"", "proxy", "10.0.0.0/33", "10.0.0.0/x", "::/129", "10.0.0.0/"})
    EXPECT_THROW(TrustedProxies({nonsense}), Error) << nonsense;
}

TEST(ProxiesTest, TheLastHopThatIsNotOursIsTheClient) {
  const TrustedProxies proxies({"10.0.0.0/8"});
  const auto remote = [&](std::vector<std::string> headers) {
    Request request;
    request.remote = "10.0.0.1";
    for (auto& header : headers) request.headers.add("X-Forwarded-For", std::move(header));
    proxies.apply(request);
    return request.remote;
  };
  EXPECT_EQ(remote({}), "10.0.0.1");
  EXPECT_EQ(remote({"1.2.3.4"}), "1.2.3.4");
  EXPECT_EQ(remote({"6.6.6.6, 1.2.3.4, 10.0.0.2"}), "1.2.3.4");
  EXPECT_EQ(remote({"6.6.6.6", "1.2.3.4"}), "1.2.3.4");
  EXPECT_EQ(remote({"6.6.6.6, nonsense, 10.0.0.2"}), "10.0.0.2");
  EXPECT_EQ(remote({"2001:db8::1"}), "2001:db8::1");
}

}  // namespace
}  // namespace odeon::http
