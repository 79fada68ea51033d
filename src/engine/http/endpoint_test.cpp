#include <gtest/gtest.h>

#include "engine/http/binding.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

enum class Length { short_, medium, long_ };
BOOST_DESCRIBE_ENUM(Length, short_, medium, long_)

struct CreateHero {
  Text<1, 10> name;
  Int<1, 18> age;
  List<Text<1, 8>, 1, 3> traits;
  Text<0, 20> appearance;
  std::optional<Length> length;
};
BOOST_DESCRIBE_STRUCT(CreateHero, (), (name, age, traits, appearance, length))

struct HeroReply {
  std::string id;
  std::int64_t age = 0;
  std::optional<std::string> note;
  Length length = Length::short_;
};
BOOST_DESCRIBE_STRUCT(HeroReply, (), (id, age, note, length))

struct FindHero {
  Text<1, 40> id;
  Clamped<1, 50> limit = 20;
  std::optional<bool> full;
};
BOOST_DESCRIBE_STRUCT(FindHero, (), (id, limit, full))

constexpr Endpoint<CreateHero, Created<HeroReply>> create_hero{
    {.method = Method::post, .path = "/api/heroes", .summary = "Create a hero", .rate = {3, per_minute}}};
constexpr Endpoint<FindHero, HeroReply> find_hero{
    {.method = Method::get, .path = "/api/heroes/{id}", .summary = "One hero"}};
struct Grant {
  Text<0, 20> kind;
  Text<0, 20> secret;
};
BOOST_DESCRIBE_STRUCT(Grant, (), (kind, secret))
constexpr Endpoint<Grant, Content> take_grant{
    {.method = Method::post, .path = "/token", .summary = "A token", .query = "kind"}};
struct Renewal {
  Text<0, 20> kind;
  std::optional<Text<1, 40>> my_cookie;
};
BOOST_DESCRIBE_STRUCT(Renewal, (), (kind, my_cookie))
constexpr Endpoint<Renewal, Content> renew{
    {.method = Method::post, .path = "/renew", .summary = "By cookie", .cookie = "my_cookie"}};
constexpr Endpoint<Renewal, Content> come_back{
    {.method = Method::get, .path = "/renew", .summary = "By cookie", .cookie = "my_cookie"}};
constexpr Endpoint<Nothing, WithHeaders<HeroReply>> stray{
    {.method = Method::post, .path = "/api/stray", .summary = "Answers what it does not declare", .statuses = {201}}};
constexpr Endpoint<Nothing, WithHeaders<HeroReply>> counted{{.method = Method::post,
                                                             .path = "/api/counted",
                                                             .summary = "Counts by a limit of its own",
                                                             .rate = {100, per_minute}}};
constexpr Endpoint<Nothing, Content> whoami{
    {.method = Method::get, .path = "/api/me", .summary = "The caller", .auth = Auth::user}};

constexpr Endpoint<Raw<"X-Signature", "X-Time">, Content> take_raw{
    {.method = Method::post, .path = "/raw", .summary = "Bytes as they come", .max_body = 16}};
constexpr Endpoint<Nothing, SeeOther> move_on{{.method = Method::post, .path = "/form", .summary = "A form"}};

class Heroes {
 public:
  Task<Content> raw(Raw<"X-Signature", "X-Time"> request) {
    Content content{"text/plain", request.body};
    for (const auto& [name, value] : request.headers) content.body.append("|").append(name).append("=").append(value);
    co_return content;
  }
  Task<SeeOther> move() { co_return SeeOther{"/stories/next"}; }
  Task<Created<HeroReply>> create(Caller, CreateHero hero) {
    if (hero.name == "secret") throw std::runtime_error("/etc/passwd");
    co_return Created<HeroReply>{{"hero_1", hero.age, std::nullopt, hero.length.value_or(Length::medium)}};
  }
  Task<HeroReply> find(FindHero wanted) {
    if (wanted.id == "nobody") throw Error(Fault::not_found, "HERO_NOT_FOUND", "No such hero.");
    co_return HeroReply{wanted.id, wanted.limit, wanted.full.value_or(false) ? std::optional("full") : std::nullopt};
  }
  Task<Content> grant(Grant grant) { co_return Content{"text/plain", grant.kind + "/" + grant.secret}; }
  Task<Content> renew_by(Renewal renewal) {
    co_return Content{"text/plain", renewal.kind + "/" + std::string(renewal.my_cookie.value_or("none"))};
  }
  Task<WithHeaders<HeroReply>> answer_stray() { co_return WithHeaders<HeroReply>{.value = {}, .status = 202}; }
  Task<WithHeaders<HeroReply>> count(Caller caller) {
    *caller.rate = {.limit = 5, .remaining = 4, .reset = std::chrono::seconds(3600)};
    co_return WithHeaders<HeroReply>{};
  }
  Task<Content> me(Caller caller) { co_return Content{"text/plain", caller.user_id + " at " + caller.base_url}; }
};

class Endpoints : public ::testing::Test {
 protected:
  Endpoints() {
    auto api = std::make_unique<Api>("stories", "Stories", std::make_unique<BareFormat>());
    mount(*api, create_hero, &Heroes::create, heroes);
    mount(*api, find_hero, &Heroes::find, heroes);
    mount(*api, whoami, &Heroes::me, heroes);
    mount(*api, stray, &Heroes::answer_stray, heroes);
    mount(*api, counted, &Heroes::count, heroes);
    server.add(std::move(api));
    auto beside = std::make_unique<Api>("auth/v1", "Auth", std::make_unique<BareFormat>());
    mount(*beside, take_grant, &Heroes::grant, heroes);
    mount(*beside, take_raw, &Heroes::raw, heroes);
    mount(*beside, move_on, &Heroes::move, heroes);
    mount(*beside, renew, &Heroes::renew_by, heroes);
    mount(*beside, come_back, &Heroes::renew_by, heroes);
    server.add(std::move(beside));
  }
  Heroes heroes;
  testing::HttpServer server;  // dies first: it uses the others
};

TEST_F(Endpoints, ReadsTheBodyAndAnswersCreated) {
  auto reply = server.post("/stories/api/heroes", R"({"name":"Mia","age":7,"traits":["brave"],"length":"long","x":1})");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, R"({"id":"hero_1","age":7,"length":"long"})");
}

TEST_F(Endpoints, ReportsEveryFaultByPath) {
  auto reply =
      server.post("/stories/api/heroes", R"({"name":"","age":"7","traits":["a","","toolongtrait"],"length":"huge"})");
  EXPECT_EQ(reply.status, 400);
  std::vector<std::string> found;
  for (const auto& fault : reply.json().at("error").at("details").as_array())
    found.push_back(std::string(fault.at("field").as_string()) + ":" + std::string(fault.at("code").as_string()));
  EXPECT_EQ(found, (std::vector<std::string>{"name:too_short", "age:type", "traits[1]:too_short", "traits[2]:too_long",
                                             "length:not_allowed"}));
}

TEST_F(Endpoints, CountsCodePointsAndRefusesBrokenUtf8) {
  EXPECT_EQ(server.post("/stories/api/heroes", R"({"name":"äöüäöüäöüä","age":7,"traits":["brave"]})").status, 201);
  auto reply = server.post("/stories/api/heroes", "{\"name\":\"\xFF\",\"age\":7,\"traits\":[\"brave\"]}");
  EXPECT_EQ(reply.status, 400);
}

TEST_F(Endpoints, TakesPathAndQuery) {
  auto reply = server.get("/stories/api/heroes/h%201?limit=900&full=true");
  EXPECT_EQ(reply.body, R"({"id":"h 1","age":50,"note":"full","length":"short"})");
  EXPECT_EQ(server.get("/stories/api/heroes/x?limit=abc").status, 400);
}

TEST_F(Endpoints, LimitsRatesWithHeaders) {
  const std::string body = R"({"name":"Mia","age":7,"traits":["brave"]})";
  EXPECT_EQ(server.post("/stories/api/heroes", body).headers.get("RateLimit-Remaining"), "2");
  EXPECT_EQ(server.post("/stories/api/heroes", body).status, 201);
  EXPECT_EQ(server.post("/stories/api/heroes", "{}").headers.get("RateLimit-Remaining"), "0");
  auto refused = server.post("/stories/api/heroes", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "3");
  EXPECT_FALSE(refused.headers.get("Retry-After").empty());
}

TEST_F(Endpoints, TellsOfALimitThatAHandlerCountedBy) {
  const auto reply = server.post("/stories/api/counted", "{}");
  EXPECT_EQ(reply.headers.get("RateLimit-Limit"), "5");
  EXPECT_EQ(reply.headers.get("RateLimit-Remaining"), "4");
  EXPECT_EQ(reply.headers.get("RateLimit-Reset"), "3600");
}

TEST_F(Endpoints, AnswersOnlyWhatItDeclares) {
  EXPECT_EQ(server.post("/stories/api/stray", "{}").status, 500);
}

TEST_F(Endpoints, AsksWhoCalls) {
  EXPECT_EQ(server.get("/stories/api/me").status, 401);
  EXPECT_EQ(server.get("/stories/api/me", {{"Authorization", "Bearer ada"}}).body, "ada at http://test/stories");
  EXPECT_EQ(server.get("/stories/api/me", {{"Authorization", "Bearer wrong"}}).status, 401);
}

TEST_F(Endpoints, NamesWhatIsWrongWithAnAddress) {
  EXPECT_EQ(server.get("/stories/api/nothing").status, 404);
  auto reply = server.call(Method::delete_, "/stories/api/heroes", "");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.headers.get("Allow"), "POST");
  EXPECT_EQ(server.call(Method::head, "/stories/api/heroes/x", "").status, 200);
}

TEST_F(Endpoints, AnswersUnderPrefixHostAndRoot) {
  EXPECT_EQ(server.get("/stories/api/heroes/x").status, 200);
  EXPECT_EQ(server.get("/api/heroes/x").status, 200);  // the only product
  EXPECT_EQ(server.get("/api/heroes/x", {{"Host", "stories.localhost:8080"}}).status, 200);
}

TEST_F(Endpoints, AnswersUnderItsHostsBesideAnotherProduct) {
  auto chat = std::make_unique<Api>("chat", "Chat", std::make_unique<BareFormat>());
  mount(*chat, whoami, &Heroes::me, heroes);
  server.router.add(std::move(chat), {"talk.example.com"});
  const std::pair<std::string, std::string> ada{"Authorization", "Bearer ada"};
  auto at = [&](std::string host, std::string path) { return server.get(std::move(path), {ada, {"Host", host}}); };
  // Whose answer it was is seen by what else is there: heroes are with stories alone.
  for (const std::string host :
       {"talk.example.com", "Talk.Example.Com:8443", "chat.localhost:8080", "chat.example.com"}) {
    EXPECT_EQ(at(host, "/api/me").body, "ada at http://" + host);
    EXPECT_EQ(at(host, "/api/heroes/x").status, 404) << host;
  }
  EXPECT_EQ(at("stories.localhost", "/api/heroes/x").status, 200);
  EXPECT_EQ(at("stories.localhost", "/chat/api/me").status, 404);
  EXPECT_EQ(at("test", "/chat/api/me").body, "ada at http://test/chat");
  EXPECT_EQ(at("test", "/stories/api/heroes/x").status, 200);
  // With two products, the root under a host of neither is nobody's.
  EXPECT_EQ(at("test", "/api/me").status, 404);
  EXPECT_EQ(at("example.com", "/api/me").status, 404);
  EXPECT_EQ(at("talk.example.com.evil.com", "/api/me").status, 404);
}

TEST_F(Endpoints, AnswersBesideTheProductsUnderEveryHost) {
  EXPECT_EQ(server.post("/auth/v1/token", "{}").status, 200);
  EXPECT_EQ(server.post("/auth/v1/token", "{}", {{"Host", "stories.localhost"}}).status, 200);
  EXPECT_EQ(server.post("/token", "{}").status, 404);
  EXPECT_EQ(server.post("/auth/v12/token", "{}").status, 404);
}

TEST_F(Endpoints, TakesOneMemberFromTheQueryOfAPost) {
  EXPECT_EQ(server.post("/auth/v1/token?kind=password", R"({"kind":"other","secret":"s"})").body, "password/s");
  EXPECT_EQ(server.post("/auth/v1/token", R"({"kind":"other","secret":"s"})").body, "/s");
  EXPECT_EQ(server.post("/auth/v1/token?kind=refresh&secret=x", "").body, "refresh/");
  EXPECT_EQ(server.post("/auth/v1/token?kind=abcdefghijklmnopqrstuvwxyz", "{}").status, 400);
  const json::value document = server.api("auth/v1").openapi("/auth/v1");
  EXPECT_EQ(document.at("paths").at("/token").at("post").at("parameters").at(0).at("in"), "query");
}

TEST_F(Endpoints, TakesABodyAsItCame) {
  const std::string odd("{ \"a\":1,\0\xFF\r\n", 13);
  const auto reply = server.post("/auth/v1/raw", odd, {{"x-signature", "abc"}, {"Cookie", "c"}, {"X-Time", "7"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, odd + "|x-signature=abc|X-Time=7");
  EXPECT_EQ(server.post("/auth/v1/raw", "").body, "");
  EXPECT_EQ(server.post("/auth/v1/raw", std::string(17, 'x')).status, 413);
  EXPECT_EQ(server.post("/auth/v1/raw", "a=b", {{"Content-Type", "text/plain"}}).body, "a=b");

  const json::value document = server.api("auth/v1").openapi("/auth/v1");
  const auto& operation = document.at("paths").at("/raw").at("post");
  EXPECT_EQ(operation.at("parameters").at(0).at("name"), "X-Signature");
  EXPECT_EQ(operation.at("parameters").at(1).at("in"), "header");
  EXPECT_TRUE(operation.at("requestBody").at("content").as_object().contains("*/*"));
}

TEST_F(Endpoints, LeadsOnAfterAForm) {
  const auto reply = server.post("/auth/v1/form", "", {{"Content-Type", "application/x-www-form-urlencoded"}});
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(reply.headers.get("Location"), "/stories/next");
  const json::value document = server.api("auth/v1").openapi("/auth/v1");
  EXPECT_TRUE(document.at("paths").at("/form").at("post").at("responses").as_object().contains("303"));
}

TEST_F(Endpoints, TakesWhatComesByCookieFromNowhereElse) {
  EXPECT_EQ(server.post("/auth/v1/renew", R"({"kind":"a","my_cookie":"forged"})").body, "a/none");
  EXPECT_EQ(server.get("/auth/v1/renew?kind=a&my_cookie=forged").body, "a/none");
  EXPECT_EQ(server.get("/auth/v1/renew", {{"Cookie", "my_cookie=abc"}}).body, "/abc");
  const json::value document = server.api("auth/v1").openapi("/auth/v1");
  EXPECT_EQ(document.at("paths").at("/renew").at("post").at("parameters").at(0).at("in"), "cookie");
}

TEST_F(Endpoints, WantsTheDoubleSubmitBesideACookieThatChangesSomething) {
  EXPECT_EQ(server.post("/auth/v1/renew", "{}", {{"Cookie", "my_cookie=abc"}}).status, 403);
  EXPECT_EQ(server.post("/auth/v1/renew", "{}", {{"Cookie", "my_cookie=abc; csrf_token=x"}}).status, 403);
  const auto reply =
      server.post("/auth/v1/renew", "{}", {{"Cookie", "my_cookie=abc; csrf_token=x"}, {"X-CSRF-Token", "x"}});
  EXPECT_EQ(reply.body, "/abc");
}

TEST(FlatFormat, WritesMessageCodeAndDetails) {
  const auto error = Error(Fault::invalid, "VALIDATION_ERROR", "Look at the fields.")
                         .with_fields({{"name", "required", "Say a name."}, {"name", "utf8", "More."}})
                         .with_retry_after(std::chrono::seconds(3));
  EXPECT_EQ(
      FlatFormat().failure(error, {}),
      R"({"error":"Look at the fields.","code":"VALIDATION_ERROR","details":{"name":"Say a name."},"retry_after":3})");
}

TEST_F(Endpoints, ShowsNothingOfTheInside) {
  auto reply = server.post("/stories/api/heroes", R"({"name":"secret","age":7,"traits":["brave"]})");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body.find("passwd"), std::string::npos);
  EXPECT_NE(reply.body.find("request_id"), std::string::npos);
}

TEST_F(Endpoints, RefusesBodiesThatAreNotJson) {
  EXPECT_EQ(server.post("/stories/api/heroes", "{").status, 400);
  EXPECT_EQ(server.post("/stories/api/heroes", "[]").status, 400);
  EXPECT_EQ(server.post("/stories/api/heroes", "a=b", {{"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(Endpoints, DescribesItself) {
  const json::value document = server.api("stories").openapi("/stories");
  const auto& operation = document.at("paths").at("/api/heroes").at("post");
  const auto& schema = operation.at("requestBody").at("content").at("application/json").at("schema");
  EXPECT_EQ(schema.at("properties").at("name").at("maxLength"), 10);
  EXPECT_EQ(schema.at("required").as_array().size(), 3U);
  EXPECT_TRUE(operation.at("responses").as_object().contains("201"));
  const auto& parameters = document.at("paths").at("/api/heroes/{id}").at("get").at("parameters").as_array();
  EXPECT_EQ(parameters[0].at("in"), "path");
  EXPECT_EQ(parameters[1].at("schema").at("maximum"), 50);
}

// A product may call a type of its own Failure; what failures look like has a name that it may not take.
struct Failure {
  std::int64_t retry_after = 0;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (retry_after))
struct Outcome {
  std::optional<Failure> error;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (error))
struct ErrorAnswer {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(ErrorAnswer, (), (text))
namespace other {
struct Outcome {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (text))
}  // namespace other
struct SendPicture {
  Text<1, 20> title;
  std::optional<Upload> picture;
  Upload frame;
};
BOOST_DESCRIBE_STRUCT(SendPicture, (), (title, picture, frame))

template <class Request, class Result>
Operation operation_at(std::string_view path) {
  return detail::operation_of<Request, Result>({.method = Method::post, .path = path, .summary = "x"});
}
json::value document_of(const std::vector<Operation>& operations) {
  return openapi_document("Test", "/test", operations, BareFormat());
}

TEST(OpenApi, KeepsTypesOfAProductApartFromWhatFailuresLookLike) {
  const json::value document = document_of({operation_at<Nothing, Outcome>("/a")});
  const auto& schemas = document.at("components").at("schemas");
  EXPECT_TRUE(schemas.at("Failure").at("properties").as_object().contains("retry_after"));
  EXPECT_TRUE(schemas.at("ErrorAnswer").at("properties").as_object().contains("error"));
  const auto& failure = document.at("paths").at("/a").at("post").at("responses").at("default");
  EXPECT_EQ(failure.at("content").at("application/json").at("schema").at("$ref"), "#/components/schemas/ErrorAnswer");
}

TEST(OpenApi, RefusesTwoTypesOfOneName) {
  EXPECT_NO_THROW(document_of({operation_at<Nothing, Outcome>("/a"), operation_at<Nothing, Outcome>("/b")}));
  EXPECT_THROW(document_of({operation_at<Nothing, Outcome>("/a"), operation_at<Nothing, other::Outcome>("/b")}),
               std::logic_error);
  EXPECT_THROW(document_of({operation_at<Nothing, ErrorAnswer>("/a")}), std::logic_error);
}

// What an answer may be, and nothing else, stands in the document.
TEST(OpenApi, TellsWhatIsAnswered) {
  const auto statuses = [](const json::value& document, std::string_view path) {
    std::string found;
    for (const auto& [status, answer] : document.at("paths").at(path).at("post").at("responses").as_object())
      if (status != "default") found += std::string(status) + (answer.as_object().contains("content") ? "+ " : " ");
    return found;
  };
  auto either = detail::operation_of<Nothing, WithHeaders<Outcome>>(
      {.method = Method::post, .path = "/either", .summary = "x", .statuses = {201, 202}});
  auto book = detail::operation_of<Nothing, Content>(
      {.method = Method::post, .path = "/book", .summary = "x", .media_type = "application/epub+zip"});
  const json::value document = document_of(
      {either, book, operation_at<Nothing, WithHeaders<Outcome>>("/plain"), operation_at<Nothing, File>("/file"),
       operation_at<Nothing, Accepted<Outcome>>("/job"), operation_at<Nothing, NoContent>("/gone")});
  EXPECT_EQ(statuses(document, "/either"), "201+ 202+ ");
  EXPECT_EQ(statuses(document, "/plain"), "200+ ");
  EXPECT_EQ(statuses(document, "/file"), "200+ 206+ 304 ");
  EXPECT_EQ(statuses(document, "/job"), "202+ ");
  EXPECT_EQ(statuses(document, "/gone"), "204 ");
  const auto& content = document.at("paths").at("/book").at("post").at("responses").at("200").at("content");
  EXPECT_TRUE(content.as_object().contains("application/epub+zip"));
}

TEST(OpenApi, NamesOperationsAndTheirSubjects) {
  const json::value document = document_of(
      {operation_at<FindHero, Outcome>("/api/v1/brand-kits/{id}/share"), operation_at<Nothing, Outcome>("/health")});
  const auto& operation = document.at("paths").at("/api/v1/brand-kits/{id}/share").at("post");
  EXPECT_EQ(operation.at("operationId"), "postApiV1BrandKitsByIdShare");
  EXPECT_EQ(operation.at("tags"), json::array{"brand-kits"});
  EXPECT_EQ(document.at("tags"), (json::array{json::object{{"name", "brand-kits"}}, json::object{{"name", "health"}}}));
}

struct SendWords {
  Text<1, 20> title;
  std::optional<Upload> picture;
};
BOOST_DESCRIBE_STRUCT(SendWords, (), (title, picture))

TEST(OpenApi, ShowsFormsAndJsonWhereNoFileIsNeeded) {
  const json::value document = document_of({operation_at<SendWords, Nothing>("/a")});
  const auto& content = document.at("paths").at("/a").at("post").at("requestBody").at("content");
  EXPECT_EQ(json::write(content.at("application/json").at("schema").at("properties")),
            R"({"title":{"type":"string","minLength":1,"maxLength":20}})");
  EXPECT_EQ(content.at("application/json").at("schema").at("required"), json::array{"title"});
  EXPECT_TRUE(content.at("multipart/form-data").at("schema").at("properties").as_object().contains("picture"));
}

TEST(OpenApi, ShowsFilesOfFormsAsBytes) {
  const json::value document = document_of({operation_at<SendPicture, Nothing>("/a")});
  const auto& body = document.at("paths").at("/a").at("post").at("requestBody");
  const auto& schema = body.at("content").at("multipart/form-data").at("schema");
  for (const auto* name : {"picture", "frame"}) {
    EXPECT_EQ(schema.at("properties").at(name).at("type"), "string");
    EXPECT_EQ(schema.at("properties").at(name).at("format"), "binary");
  }
  EXPECT_EQ(schema.at("required"), (json::array{"title", "frame"}));
}

}  // namespace
}  // namespace odeon::http
