#include "engine/notify/webhook_endpoints.hpp"

#include <gmock/gmock.h>

#include "engine/http/format.hpp"
#include "engine/notify/signatures.hpp"
#include "engine/notify/webhooks_fixture_test.hpp"
#include "testing/http.hpp"

namespace odeon::notify {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 2> kEvents{"story.ready", kSubscriptionChanged};

// Two products of one house, and Ann and Bob who use them.
struct WebhookDesks : WebhooksTest {
  WebhookDesks() {
    for (auto* desk : {&stories, &chat}) {
      const std::string name = desk == &stories ? "stories" : "chat";
      auto api = std::make_unique<http::Api>(name, name, std::make_unique<http::BareFormat>());
      desk->mount(*api);
      server.add(std::move(api));
    }
  }
  testing::HttpReply call(Method method, const std::string& path, json::value body = nullptr,
                          const std::string& who = "ann", const std::string& product = "stories") {
    return server.call(method, "/" + product + "/api/webhook-endpoints" + path, body.is_null() ? "" : json::write(body),
                       {{"Authorization", "Bearer " + who}, {"Content-Type", "application/json"}});
  }
  json::value made(json::array events = {}) {
    const auto reply = call(Method::post, "", {{"url", receiver.url()}, {"events", std::move(events)}});
    EXPECT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(reply.headers.get("Cache-Control"), "no-store");
    return reply.json();
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }
  static std::string id_of(const json::value& made) { return text(made.at("endpoint").at("id")); }
  // The event's id.
  std::string pinged(const std::string& id) {
    const auto reply = call(Method::post, "/" + id + "/test");
    EXPECT_EQ(reply.status, 202) << reply.body;
    return text(reply.json().at("event_id"));
  }

  WebhookDesk stories{"stories", kEvents, webhooks};
  WebhookDesk chat{"chat", kEvents, webhooks};
  testing::HttpServer server;
};

TEST_F(WebhookDesks, ShowTheSecretOnce) {
  const auto endpoint = made({"story.ready"});
  const std::string secret = text(endpoint.at("secret"));
  EXPECT_TRUE(secret.starts_with("whsec_"));
  const auto listed = call(Method::get, "");
  EXPECT_EQ(listed.json().at("endpoints").at(0), endpoint.at("endpoint"));
  EXPECT_EQ(listed.json().at("event_types"), (json::array{"story.ready", "subscription.changed"}));
  EXPECT_THAT(listed.body, Not(HasSubstr(secret)));
  EXPECT_THAT(listed.body, Not(HasSubstr("ann"))) << "nor whose it is";

  const auto rolled = call(Method::post, "/" + id_of(endpoint) + "/secret");
  EXPECT_EQ(rolled.status, 200);
  EXPECT_EQ(rolled.headers.get("Cache-Control"), "no-store");
  EXPECT_NE(rolled.json().at("secret"), endpoint.at("secret"));
}

TEST_F(WebhookDesks, TakeWhatCanBeOnly) {
  EXPECT_EQ(server.post("/stories/api/webhook-endpoints", "{}").status, 401);
  struct Case {
    json::object order;
    const char* field;
  };
  const std::string good = receiver.url();
  for (const auto& [order, field] :
       {Case{{}, "url"}, Case{{{"url", ""}}, "url"}, Case{{{"url", "ftp://a.example/"}}, "url"},
        Case{{{"url", good}, {"events", "story.ready"}}, "events"},
        Case{{{"url", good}, {"events", json::array{"story.ready", "story.burnt"}}}, "events[1]"},
        Case{{{"url", good}, {"events", json::array{std::string(kPing)}}}, "events[0]"}}) {
    const auto reply = call(Method::post, "", order);
    EXPECT_EQ(reply.status, 400) << json::write(order);
    EXPECT_THAT(reply.body, HasSubstr(field));
  }
  EXPECT_TRUE(call(Method::get, "").json().at("endpoints").as_array().empty());
}

TEST_F(WebhookDesks, KnowTheirOwnersAndTheirProductsEndpointsOnly) {
  const std::string id = "/" + id_of(made());
  struct Case {
    Method method;
    std::string path;
  };
  for (const auto& [method, path] :
       {Case{Method::get, id + "/attempts"}, Case{Method::post, id + "/secret"}, Case{Method::post, id + "/enable"},
        Case{Method::post, id + "/test"}, Case{Method::delete_, id}}) {
    EXPECT_EQ(call(method, path, nullptr, "bob").status, 404) << path;
    EXPECT_EQ(call(method, path, nullptr, "ann", "chat").status, 404) << path;
  }
  EXPECT_TRUE(call(Method::get, "", nullptr, "ann", "chat").json().at("endpoints").as_array().empty());
  EXPECT_EQ(call(Method::delete_, id).status, 204);
  EXPECT_EQ(call(Method::delete_, id).status, 404);
  EXPECT_EQ(count_events(), 0);
}

TEST_F(WebhookDesks, TestAnEndpointWhateverItWantsToKnow) {
  const auto endpoint = made({"story.ready"});
  made();
  start_work(webhooks);
  const std::string event = pinged(id_of(endpoint));
  finish();
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U) << "the other one is told nothing";
  EXPECT_EQ(received[0].headers.get("webhook-id"), event);
  EXPECT_EQ(received[0].headers.get("webhook-signature"),
            sign_webhook(event, clock.now(), received[0].body, {text(endpoint.at("secret"))}).signature);
  const auto body = json::parse(received[0].body);
  EXPECT_EQ(body.at("type"), "ping");
  EXPECT_EQ(body.at("data").at("endpoint_id"), endpoint.at("endpoint").at("id"));
  const auto attempts = call(Method::get, "/" + id_of(endpoint) + "/attempts").json().at("attempts").as_array();
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].at("event_id"), event.c_str());
  EXPECT_EQ(attempts[0].at("status"), 204);
}

TEST_F(WebhookDesks, TestOnceAndNotAtAllWhileDisabled) {
  const std::string id = id_of(made());
  receiver.say({500, 410});
  start_work(webhooks);
  pinged(id);
  finish();
  EXPECT_EQ(receiver.received().size(), 1U) << "a test is not tried again";
  EXPECT_TRUE(on_loop(queue.failed(10)).empty());
  pinged(id);
  finish();
  EXPECT_EQ(call(Method::get, "").json().at("endpoints").at(0).at("disabled_because"), "gone");
  EXPECT_EQ(call(Method::post, "/" + id + "/test").status, 409);
  const auto enabled = call(Method::post, "/" + id + "/enable");
  EXPECT_EQ(enabled.status, 200);
  EXPECT_FALSE(enabled.json().as_object().contains("disabled_at"));
  pinged(id);
  finish();
  EXPECT_EQ(receiver.received().size(), 3U);
}

}  // namespace
}  // namespace odeon::notify
