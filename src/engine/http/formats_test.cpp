// An API within an API: other shapes of failure below a path, other header fields, answers made by hand.
#include <gtest/gtest.h>

#include "engine/http/binding.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

class Theirs final : public Format {
 public:
  explicit Theirs(std::string mark) : mark_(std::move(mark)) {}
  void open(std::string&, const FormatContext&) const override {}
  void close(std::string&, const FormatContext&) const override {}
  std::string failure(const Error& error, const FormatContext&) const override { return mark_ + ":" + error.code; }
  void add_headers(Headers& headers, const FormatContext& context, const RateVerdict& rate) const override {
    headers.set("their-id", std::string(context.request_id));
    if (rate.limit > 0) headers.set("their-limit", std::to_string(rate.remaining));
  }
  json::object success_schema(json::object data) const override { return data; }
  json::object failure_schema() const override { return {{"title", mark_}}; }

 private:
  std::string mark_;
};

struct Wanted {
  Text<1, 10> what;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (what))

constexpr Endpoint<Nothing, Content> ours{{.method = Method::get, .path = "/ours", .summary = "Ours"}};
constexpr Endpoint<Wanted, Response> theirs{
    {.method = Method::post, .path = "/v1/things", .summary = "Theirs", .rate = {2, per_minute}}};
constexpr Endpoint<Nothing, Content> secret{
    {.method = Method::get, .path = "/v1/other/secret", .summary = "Secret", .auth = Auth::user}};

struct Things {
  Task<Content> plain() { co_return Content{"text/plain", "ours"}; }
  Task<Response> make(Wanted wanted) {
    if (wanted.what == "stream")
      co_return event_response(event_bytes(
          [](this auto, BodyWriter& body) -> Task<void> { co_await body.write("data: 1\n\ndata: 2\n\n"); }));
    Response response{.status = 203};
    response.body = "made " + wanted.what;
    co_return response;
  }
};

struct Formats : ::testing::Test {
  Formats() {
    auto api = std::make_unique<Api>("shop", "Shop", std::make_unique<FlatFormat>());
    api->format_below("/v1", std::make_unique<Theirs>("outer"));
    api->format_below("/v1/other", std::make_unique<Theirs>("inner"));
    mount(*api, ours, &Things::plain, things);
    mount(*api, theirs, &Things::make, things);
    mount(*api, secret, &Things::plain, things);
    server.add(std::move(api));
  }
  testing::HttpReply make(const std::string& body) {
    return server.post("/shop/v1/things", body, {{"Content-Type", "application/json"}});
  }
  Things things;
  testing::HttpServer server;
};

TEST_F(Formats, FailuresHaveTheShapeOfTheirAddress) {
  EXPECT_EQ(server.get("/shop/nowhere").json().at("code"), "NOT_FOUND");
  EXPECT_EQ(server.get("/shop/v1nowhere").json().at("code"), "NOT_FOUND") << "not below it";
  EXPECT_EQ(server.get("/shop/v1").body, "outer:NOT_FOUND");
  EXPECT_EQ(server.get("/shop/v1/nowhere").body, "outer:NOT_FOUND");
  EXPECT_EQ(server.get("/v1/nowhere", {{"Host", "shop.localhost"}}).body, "outer:NOT_FOUND");
  EXPECT_EQ(server.get("/v1/nowhere").body, "outer:NOT_FOUND") << "the only product answers at the root";
  EXPECT_EQ(server.get("/shop/v1/things").body, "outer:METHOD_NOT_ALLOWED");
  EXPECT_EQ(make("{}").body, "outer:VALIDATION_ERROR");
  EXPECT_EQ(make("{").body, "outer:INVALID_JSON");
  EXPECT_EQ(server.get("/shop/v1/other/secret").body, "inner:UNAUTHENTICATED");
  EXPECT_EQ(server.get("/shop/v1/other/secret", {{"Authorization", "Bearer wrong"}}).body, "inner:INVALID_TOKEN");
}

TEST_F(Formats, EveryAnswerHasTheHeaderFieldsOfItsAddress) {
  EXPECT_FALSE(server.get("/shop/ours").headers.find("their-id"));
  const auto first = make(R"({"what":"one"})");
  EXPECT_EQ(first.headers.get("their-id"), "request-1");
  EXPECT_EQ(first.headers.get("their-limit"), "1");
  EXPECT_EQ(first.headers.get("RateLimit-Limit"), "2");
  make(R"({"what":"two"})");
  const auto third = make(R"({"what":"three"})");
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.body, "outer:RATE_LIMITED");
  EXPECT_EQ(third.headers.get("their-limit"), "0");
  EXPECT_FALSE(server.get("/shop/v1/nowhere").headers.find("their-limit"));
}

TEST_F(Formats, AnEndpointMayMakeItsAnswerItself) {
  const auto made = make(R"({"what":"one"})");
  EXPECT_EQ(made.status, 203U);
  EXPECT_EQ(made.body, "made one");
  const auto streamed = make(R"({"what":"stream"})");
  EXPECT_EQ(streamed.headers.get("Content-Type"), "text/event-stream");
  EXPECT_EQ(streamed.body, "data: 1\n\ndata: 2\n\n");
}

TEST_F(Formats, AreDescribedWhereTheyHold) {
  const auto document = server.api("shop").openapi("/shop");
  const auto failure_of = [&](const char* path, const char* method) {
    return document.at("paths")
        .at(path)
        .at(method)
        .at("responses")
        .at("default")
        .at("content")
        .at("application/json")
        .at("schema");
  };
  EXPECT_EQ(failure_of("/ours", "get"), (json::object{{"$ref", "#/components/schemas/ErrorAnswer"}}));
  EXPECT_EQ(failure_of("/v1/things", "post"), (json::object{{"title", "outer"}}));
  EXPECT_EQ(failure_of("/v1/other/secret", "get"), (json::object{{"title", "inner"}}));
}

}  // namespace
}  // namespace odeon::http
