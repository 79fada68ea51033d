// The whole of signing in at a certified OpenID provider, with a browser that follows where it is sent.
#include "engine/identity/id_tokens.hpp"
#include "engine/identity/oauth_fixture_test.hpp"
#include "testing/child.hpp"

namespace odeon::identity {
namespace {

// It keeps cookies, and stops where the provider sends it back to us.
class Browser {
 public:
  explicit Browser(http::Client& client) : client_(client) {}

  // What it comes back with.
  Fields visit(std::string url) { return run_task(walk(std::move(url))); }

 private:
  Task<Fields> walk(std::string url) {
    const std::string origin = url.substr(0, url.find('/', url.find("//") + 2));
    for (int step = 0; step < 10; ++step) {
      http::ClientRequest request{.url = url};
      for (const auto& [name, value] : cookies_) jar_ += name + "=" + value + "; ";
      request.headers.add("Cookie", std::exchange(jar_, ""));
      auto response = co_await client_.send(std::move(request));
      co_await read_all(*response.body, 1 << 20);
      for (const auto& [name, value] : response.headers)
        if (text::equals_ignoring_case(name, "Set-Cookie")) keep(std::string(value));
      std::string next(response.headers.get("Location"));
      if (next.starts_with(kRedirect)) co_return fields_of(std::string_view(next).substr(next.find('?') + 1));
      if (next.empty()) throw std::runtime_error(fmt::format("status {} at {}", response.status, url));
      url = next.starts_with('/') ? origin + next : next;
    }
    throw std::runtime_error("sent around in circles");
  }
  void keep(const std::string& cookie) {
    const auto equals = cookie.find('='), end = cookie.find(';');
    cookies_[cookie.substr(0, equals)] = cookie.substr(equals + 1, end - equals - 1);
  }

  http::Client& client_;
  std::map<std::string, std::string> cookies_;
  std::string jar_;
};

// Node has been seen to stand still before its first line, once in some thousand starts.
std::string start_provider(std::unique_ptr<testing::Child>& child, int tries = 3) {
  const std::string installed = ODEON_BUILD_DIR "/npm/identity";
  if (std::system(
          (ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/identity/clients " + installed)
              .c_str()) != 0)
    throw std::runtime_error("the provider cannot be installed");
  child =
      std::make_unique<testing::Child>(std::vector<std::string>{"node", installed + "/oidc_provider.mjs", kRedirect});
  try {
    const std::string line = child->wait_for_line("listening on ", std::chrono::seconds(30));
    if (!line.empty()) return line.substr(line.find("http://"));
    throw std::runtime_error("it ends: " + child->output());
  } catch (const std::runtime_error& failure) {
    std::fprintf(stderr, "the provider does not start: %s\n", failure.what());
    if (tries == 1) throw;
  }
  return start_provider(child, tries - 1);
}

// The provider goes by the real time, and so must the clock here.
struct OpenIdProvider : SignInsByOthers {
  static void SetUpTestSuite() { url = start_provider(child); }
  static void TearDownTestSuite() { child.reset(); }

  OpenIdProvider() {
    shared.clock.advance(SystemClock().now() - shared.clock.now());
    provider = "google";
    oauth = make({at("odeon")});
  }
  static OAuthProvider at(const std::string& id) {
    return {.name = "google", .issuer = url, .client_id = id, .client_secret = secret_of(id)};
  }
  static std::string secret_of(const std::string& id) { return "the secret of " + id + ", which is long enough"; }

  OAuth::Callback visit(const Sent& sent, std::string address) {
    auto fields = Browser(client).visit(std::move(address));
    auto callback = sent.back("google");
    callback.code = fields["code"];
    callback.state = fields["state"];
    callback.error = fields["error"];
    callback.issuer = fields["iss"];
    return callback;
  }
  OAuth::Callback visit(const Sent& sent) { return visit(sent, sent.started.url); }

  static inline std::unique_ptr<testing::Child> child;
  static inline std::string url;
};

TEST_F(OpenIdProvider, LetsAdaIn) {
  const auto sent = send();
  const auto callback = visit(sent);
  EXPECT_EQ(callback.state, sent.parameters.at("state"));
  EXPECT_EQ(callback.issuer, url);
  const auto finished = run_task(oauth->finish(callback));
  EXPECT_EQ(finished.person.issuer, url);
  EXPECT_EQ(finished.person.subject, "ada-1815");
  EXPECT_EQ(finished.person.mail, "Ada@Example.com");
  EXPECT_TRUE(finished.person.mail_verified);
  EXPECT_EQ(finished.name, "Ada Lovelace");
  EXPECT_EQ(finished.picture, "https://example.com/ada.png");
  EXPECT_EQ(finished.return_to, "/brand-kits");
  EXPECT_FALSE(finished.tokens.access.empty());
  EXPECT_EQ(finished.tokens.scopes, (std::vector<std::string>{"openid", "email", "profile"}));
}

TEST_F(OpenIdProvider, LetsHerInByEitherAlgorithm) {
  oauth = make({at("curve")});
  EXPECT_EQ(run_task(oauth->finish(visit(send()))).person.subject, "ada-1815");
}

TEST_F(OpenIdProvider, LetsHerSayNo) {
  const auto sent = send();
  const auto callback = visit(sent, sent.started.url + "&login_hint=nobody");
  EXPECT_EQ(callback.error, "access_denied");
  EXPECT_EQ(fault_of(callback), fault(Fault::forbidden, "OAUTH_DENIED"));
}

TEST_F(OpenIdProvider, LetsNobodyInTwice) {
  const auto callback = visit(send());
  run_task(oauth->finish(callback));
  EXPECT_EQ(fault_of(callback), kStartAgain);
  // The same code with a state that is new: the provider refuses it.
  auto again = visit(send());
  again.code = callback.code;
  EXPECT_EQ(fault_of(again), kStartAgain);
}

TEST_F(OpenIdProvider, LetsNobodyInByACodeThatWasMeantForAnother) {
  // Never used, but of another sign-in: the proof of its key is another.
  const auto stolen = visit(send());
  auto mine = visit(send());
  mine.code = stolen.code;
  EXPECT_EQ(fault_of(mine), kStartAgain);
}

TEST_F(OpenIdProvider, LetsNobodyInByAnotherBrowserOrState) {
  auto elsewhere = visit(send());
  elsewhere.binding = send().started.binding;
  EXPECT_EQ(fault_of(elsewhere), kStartAgain);
  auto tampered = visit(send());
  tampered.state = send().parameters.at("state");
  EXPECT_EQ(fault_of(tampered), kStartAgain);
}

TEST_F(OpenIdProvider, LetsNobodyInByAnotherNonce) {
  const auto sent = send();
  const auto forged =
      text::replace_all(sent.started.url, "nonce=" + sent.parameters.at("nonce"), "nonce=" + std::string(43, 'A'));
  ASSERT_NE(forged, sent.started.url);
  EXPECT_EQ(fault_of(visit(sent, forged)), kStartAgain);
}

TEST_F(OpenIdProvider, LetsNobodyInByATokenThatIsTooOld) {
  const auto callback = visit(send());
  shared.clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(fault_of(callback), kProviderFault);
}

TEST_F(OpenIdProvider, IsAskedByItsOwnNameOnly) {
  auto renamed = at("odeon");
  renamed.issuer = text::replace_all(url, "127.0.0.1", "localhost");
  oauth = make({renamed});
  EXPECT_EQ(code_of(oauth->start({.provider = "google", .product = "studio"})), "OAUTH_PROVIDER_FAULT");
}

TEST_F(OpenIdProvider, RefusesASecretThatIsNotOurs) {
  auto wrong = at("odeon");
  wrong.client_secret = "odeon-secret";
  oauth = make({wrong});
  EXPECT_EQ(fault_of(visit(send())), kProviderFault);
}

// An app gets an ID token by itself and brings it here.
TEST_F(OpenIdProvider, GivesTokensThatAreForOneAudience) {
  const std::string verifier(43, 'v');
  const auto address = url + "/auth?" +
                       oauth::encode_form({{"response_type", "code"},
                                           {"client_id", "curve"},
                                           {"redirect_uri", kRedirect},
                                           {"scope", "openid email"},
                                           {"code_challenge", crypto::to_base64url(crypto::sha256(verifier))},
                                           {"code_challenge_method", "S256"}});
  http::ClientRequest request{.method = http::Method::post, .url = url + "/token"};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = oauth::encode_form({{"grant_type", "authorization_code"},
                                     {"code", Browser(client).visit(address).at("code")},
                                     {"redirect_uri", kRedirect},
                                     {"client_id", "curve"},
                                     {"client_secret", secret_of("curve")},
                                     {"code_verifier", verifier}});
  const auto answer = run_task(http::call_json(client, std::move(request), 1 << 20, std::chrono::seconds(10)));
  const auto token = oauth::id_token_of(answer.document.as_object());
  auto verdict = [&](const std::string& audience) {
    IdTokens tokens({IdIssuer::openid(url, audience)}, fetch_by(client), *coordination, shared.clock, log);
    return code_of(tokens.check(token));
  };
  EXPECT_EQ(verdict("curve"), "");
  EXPECT_EQ(verdict("odeon"), "INVALID_TOKEN");
  shared.clock.advance(std::chrono::minutes(2));
  EXPECT_EQ(verdict("curve"), "INVALID_TOKEN");
}

}  // namespace
}  // namespace odeon::identity
