#include "engine/billing/api_access.hpp"

#include <gmock/gmock.h>

#include "engine/identity/fixture_test.hpp"
#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;

// People with accounts, and the product behind their keys.
struct KeysTest : BriefingsTest {
  KeysTest() {
    open({});
    people.emplace(shared);
    access.emplace(people->identity, subscriptions, billing::PersonsOwn{{std::string(kProduct), kPersonsOwn}});
    keys.emplace(std::string(kProduct), people->keys, subscriptions);
    house.emplace(*access);
    auto api = std::make_unique<http::Api>("briefings", "Briefings", std::make_unique<EnvelopeFormat>());
    keys->mount(*api);
    account.mount(*api);
    personal.mount(*api);
    private_feed.mount(*api);
    webhook_desk.mount(*api);
    house->add(std::move(api));
    const auto someone = people->join("ann@example.com");
    ann = someone.id;
    token = people->sign_in(someone).access_token;
    give(ann, "pro");
  }

  testing::HttpReply ask(http::Method method, const std::string& target, const std::string& credential,
                         json::value body = nullptr) {
    return house->call(method, "/briefings" + target, body.is_null() ? "" : json::write(body),
                       {{"Authorization", "Bearer " + credential}, {"Content-Type", "application/json"}});
  }
  json::value made(object order) {
    const auto reply = ask(http::Method::post, "/api/keys", token, std::move(order));
    EXPECT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(reply.headers.get("Cache-Control"), "no-store");
    return reply.json().at("data");
  }
  std::string key(array scopes) {
    return std::string(made({{"name", "cron"}, {"scopes", std::move(scopes)}}).at("secret").as_string());
  }
  static std::string code(const testing::HttpReply& reply) {
    return std::string(reply.json().at("error").at("code").as_string());
  }

  identity::Shared shared;
  std::optional<identity::Node> people;
  std::optional<billing::KeyAccess> access;
  std::optional<billing::ApiAccess> keys;
  std::optional<testing::HttpServer> house;
  std::string ann, token;
};

TEST_F(KeysTest, AreShownOnceAndOpenTheApi) {
  const auto reply = made({{"name", "My script"}});
  EXPECT_EQ(reply.at("key").at("scopes"), (array{"read", "write"}));
  const std::string secret(reply.at("secret").as_string());
  EXPECT_EQ(ask(http::Method::get, "/api/subscription/status", secret).json().at("data").at("tier"), "pro");
  EXPECT_EQ(ask(http::Method::post, "/api/briefings", secret, object{{"tickers", array{"AAPL"}}})
                .json()
                .at("data")
                .at("status"),
            "queued");
  const auto by_header = house->get("/briefings/api/voices", {{"X-API-Key", secret}});
  EXPECT_EQ(by_header.status, 200) << by_header.body;

  const auto listed = ask(http::Method::get, "/api/keys", token).json().at("data").at("keys");
  ASSERT_EQ(listed.as_array().size(), 1U);
  EXPECT_EQ(listed.at(0).at("name"), "My script");
  EXPECT_THAT(json::write(listed), ::testing::Not(::testing::HasSubstr(secret)));
}

TEST_F(KeysTest, DoWhatTheirScopesSay) {
  const std::string reads = key({"read"}), writes = key({"write"});
  const object voice{{"voice", ""}};
  EXPECT_EQ(ask(http::Method::get, "/api/voices", reads).status, 200);
  EXPECT_EQ(ask(http::Method::head, "/api/voices", reads).status, 200);
  EXPECT_EQ(code(ask(http::Method::put, "/api/voices/chosen", reads, voice)), "SCOPE_MISSING");
  EXPECT_EQ(ask(http::Method::put, "/api/voices/chosen", writes, voice).status, 200);
  EXPECT_EQ(code(ask(http::Method::get, "/api/voices", writes)), "SCOPE_MISSING");
}

TEST_F(KeysTest, NeitherMakeKeysNorTakeWhatOutlivesThem) {
  const std::string all = key({"read", "write"});
  for (const auto& reply :
       {ask(http::Method::post, "/api/keys", all, object{{"name", "more"}}), ask(http::Method::get, "/api/keys", all),
        ask(http::Method::delete_, "/api/keys/x", all), ask(http::Method::get, "/api/feed", all),
        ask(http::Method::post, "/api/feed/rotate", all), ask(http::Method::get, "/api/webhook-endpoints", all)}) {
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(code(reply), "NOT_BY_API_KEY");
  }
}

TEST_F(KeysTest, ArePartOfPro) {
  const std::string secret = key({"read"});
  for (const char* plan : {"free", "premium"}) {
    give(ann, plan);
    const auto refused = ask(http::Method::post, "/api/keys", token, object{{"name", "x"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code(refused), "UPGRADE_REQUIRED");
    EXPECT_EQ(refused.json().at("error").at("upgrade_url"), "app://upgrade");
    EXPECT_EQ(code(ask(http::Method::get, "/api/voices", secret)), "UPGRADE_REQUIRED");
  }
  EXPECT_EQ(ask(http::Method::get, "/api/keys", token).json().at("data").at("keys").as_array().size(), 1U)
      << "they can still be seen, and revoked";
}

TEST_F(KeysTest, AreNothingOnceRevoked) {
  const auto reply = made({{"name", "x"}});
  const std::string secret(reply.at("secret").as_string()), id(reply.at("key").at("id").as_string());
  EXPECT_EQ(ask(http::Method::get, "/api/voices", secret).status, 200);
  EXPECT_EQ(ask(http::Method::delete_, "/api/keys/" + id, token).status, 204);
  EXPECT_EQ(ask(http::Method::get, "/api/voices", secret).status, 401);
  EXPECT_EQ(ask(http::Method::delete_, "/api/keys/" + id, token).status, 404);
}

TEST_F(KeysTest, WrongOrdersAreRefused) {
  for (const object& order : {object{}, object{{"name", ""}}, object{{"name", "x"}, {"scopes", array{}}},
                              object{{"name", "x"}, {"scopes", array{"admin"}}},
                              object{{"name", "x"}, {"expires_at", "2020-01-01T00:00:00Z"}}})
    EXPECT_EQ(ask(http::Method::post, "/api/keys", token, order).status, 400) << json::write(order);
}

}  // namespace
}  // namespace odeon::briefings
