// A provider as a test scripts it: a whole HTTP server that says what it is told to say and keeps what it is asked,
// and people who sign in by it.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <map>
#include <mutex>

#include "base/crypto.hpp"
#include "base/metrics.hpp"
#include "engine/http/server.hpp"
#include "engine/http/target.hpp"
#include "engine/identity/fixture_test.hpp"
#include "engine/identity/oauth.hpp"

namespace odeon::identity {

using Fields = std::map<std::string, std::string>;

inline Fields fields_of(std::string_view encoded) {
  const auto all = http::parse_query(encoded).value();
  return {all.begin(), all.end()};
}

struct Asked {
  http::Method method = http::Method::get;
  http::Headers headers;
  Fields query, form;
};

class ProviderServer {
 public:
  ProviderServer() {
    port_ = server_.start();
    loops_.start();
  }
  ~ProviderServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  std::string url(const std::string& host = "127.0.0.1") const { return fmt::format("http://{}:{}", host, port_); }

  // From now on at `path`; a status of 0: no answer at all.
  void say(const std::string& path, unsigned status, const json::value& document) {
    say_text(path, status, json::write(document));
  }
  void say_text(const std::string& path, unsigned status, std::string body, std::string retry_after = "") {
    http::Response response{.status = status};
    response.headers.add("Content-Type", "application/json");
    if (!retry_after.empty()) response.headers.add("Retry-After", std::move(retry_after));
    response.body = std::move(body);
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign(path, std::move(response));
  }
  // What an OpenID provider says of itself, if it is called `issuer`.
  void publish(const std::string& issuer, const KeySet& keys) {
    say("/.well-known/openid-configuration", 200,
        json::object{{"issuer", issuer},
                     {"authorization_endpoint", url() + "/authorize"},
                     {"token_endpoint", url() + "/token"},
                     {"jwks_uri", url() + "/keys"},
                     {"response_types_supported", json::array{"code"}}});
    say_text("/keys", 200, keys.jwks());
  }

  std::vector<Asked> asked(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(path);
    return found == asked_.end() ? std::vector<Asked>() : found->second;
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    Asked asked{.method = request.method, .headers = request.headers};
    asked.form = fields_of(co_await read_all(*request.body, 1 << 20));
    for (const auto& [name, value] : request.query) asked.query[name] = value;
    http::Response response = answer_to(request.path, std::move(asked));
    if (response.status == 0) co_await sleep_on_loop(std::chrono::hours(1));
    co_return response;
  }
  http::Response answer_to(const std::string& path, Asked asked) {
    const std::lock_guard lock(mutex_);
    asked_[path].push_back(std::move(asked));
    const auto found = answers_.find(path);
    return found == answers_.end() ? http::Response{.status = 404} : found->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, http::Response> answers_;
  std::map<std::string, std::vector<Asked>> asked_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

// Somebody who was sent to a provider.
struct Sent {
  OAuth::Started started;
  Fields parameters;  // of the address that they were sent to
  OAuth::Callback back(std::string provider) const {
    return {.provider = std::move(provider),
            .product = "studio",
            .code = "the-code",
            .state = parameters.at("state"),
            .binding = started.binding};
  }
};

inline constexpr const char* kRedirect = "https://odeon.test/studio/api/v1/auth/callback";

// People of studio who sign in by providers that all are the one server.
struct SignInsByOthers : ::testing::Test {
  // One more node of the same server.
  std::unique_ptr<OAuth> make(std::vector<OAuthProvider> providers) {
    return std::make_unique<OAuth>(*shared.db, std::move(providers), client, *coordination, shared.clock, log,
                                   OAuthOptions{.time = time});
  }
  OAuthProvider settings(const std::string& name) {
    OAuthProvider provider{.name = name, .issuer = server.url(), .client_id = "odeon-id"};
    if (name != "apple") {
      provider.client_secret = "odeon-secret";
      return provider;
    }
    provider.team_id = "TEAM123456";
    provider.key_id = "KEY1234567";
    provider.private_key_pem = apple_key.private_pem();
    return provider;
  }
  void know(const std::string& name) {
    provider = name;
    oauth = make({settings(name)});
  }

  Sent send(std::vector<std::string> more_scopes = {}) {
    return send(*oauth, {.provider = provider,
                         .product = "studio",
                         .redirect_uri = kRedirect,
                         .return_to = "/brand-kits",
                         .more_scopes = std::move(more_scopes)});
  }
  static Sent send(OAuth& by, OAuth::Start start) {
    Sent sent{.started = run_task(by.start(std::move(start)))};
    sent.parameters = fields_of(std::string_view(sent.started.url).substr(sent.started.url.find('?') + 1));
    return sent;
  }
  OAuth::Finished finish(const Sent& sent) { return run_task(oauth->finish(sent.back(provider))); }
  // The fault and the code that it ends by, and that neither says what is secret; "" if it does not.
  std::string fault_of(OAuth::Callback callback) {
    try {
      run_task(oauth->finish(std::move(callback)));
    } catch (const Error& error) {
      for (const char* secret : {"the-code", "odeon-secret", "access-1", "refresh-1", "ey"})
        EXPECT_FALSE(std::string_view(error.detail).contains(secret)) << error.detail;
      return fmt::format("{} {}", static_cast<int>(error.fault), error.code);
    }
    return "";
  }
  std::string fault_of(const Sent& sent) { return fault_of(sent.back(provider)); }

  Shared shared;
  ProviderServer server;
  Log log{Log::Level::off};
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, shared.clock);
  http::Client client{http::ClientOptions{}};
  std::chrono::milliseconds time{10'000};
  Key apple_key = Key::make();
  std::string provider;
  std::unique_ptr<OAuth> oauth;
};

inline std::string fault(Fault fault, std::string_view code) {
  return fmt::format("{} {}", static_cast<int>(fault), code);
}
inline const std::string kStartAgain = fault(Fault::invalid, "OAUTH_STATE_INVALID");
inline const std::string kProviderFault = fault(Fault::upstream, "OAUTH_PROVIDER_FAULT");
inline const std::string kProviderAway = fault(Fault::unavailable, "OAUTH_PROVIDER_AWAY");

}  // namespace odeon::identity
