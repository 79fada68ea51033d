#include "server/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/error.hpp"
#include "testing/scratch.hpp"

namespace odeon::server {
namespace {

Settings settings_from(const std::string& toml, std::map<std::string, std::string> variables = {}) {
  Config config(toml, "odeon.toml", [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  return read_settings(config);
}

std::string fault_of(const std::string& toml, std::map<std::string, std::string> variables = {}) {
  try {
    settings_from(toml, std::move(variables));
  } catch (const Error& error) {
    return error.message;
  }
  return "";
}

TEST(Settings, NeedNothing) {
  const auto settings = settings_from("");
  EXPECT_EQ(settings.port, 8080);
  EXPECT_EQ(settings.data, "data");
  EXPECT_FALSE(settings.production);
  EXPECT_TRUE(settings.providers.empty());
  EXPECT_FALSE(settings.vertex);
}

TEST(Settings, SayHowManyJobsOfEachWeightRunAtOnce) {
  const auto few = settings_from("").jobs_at_once;
  EXPECT_EQ(few.light, 16);
  EXPECT_GE(few.heavy, 4);
  const auto told = settings_from("[jobs]\nat_once = 7", {{"ODEON_HEAVY_JOBS_AT_ONCE", "1"}}).jobs_at_once;
  EXPECT_EQ(told, (jobs::ByWeight<std::int64_t>{7, 1}));
  EXPECT_TRUE(fault_of("[jobs]\nheavy_at_once = 0").contains("jobs.heavy_at_once"));
}

TEST(Settings, BoundWhatIsHeardOfPodcastsBeforeItIsHere) {
  EXPECT_EQ(settings_from("").podcasts_early_bytes, std::int64_t{4} << 30);
  EXPECT_EQ(settings_from("[podcasts]\nearly_megabytes = 0").podcasts_early_bytes, 0);
  EXPECT_EQ(settings_from("", {{"PODCASTS_EARLY_MEGABYTES", "3"}}).podcasts_early_bytes, 3 << 20);
  EXPECT_TRUE(fault_of("[podcasts]\nearly_megabytes = -1").contains("podcasts.early_megabytes"));
}

TEST(Settings, PushMessagesLeaveTheHouseInProductionOrWhereTold) {
  EXPECT_EQ(settings_from("").expo_base_url, "");
  EXPECT_EQ(settings_from("", {{"APP_ENV", "production"}}).expo_base_url, "https://exp.host");
  EXPECT_EQ(settings_from("", {{"EXPO_BASE_URL", "http://localhost:9/"}}).expo_base_url, "http://localhost:9");
}

TEST(Settings, WebhooksLeaveTheHouseUnlessTold) {
  EXPECT_FALSE(settings_from("").webhooks_allow_private);
  EXPECT_TRUE(settings_from("", {{"WEBHOOKS_ALLOW_PRIVATE", "true"}}).webhooks_allow_private);
  EXPECT_TRUE(settings_from("[webhooks]\nallow_private = true\n").webhooks_allow_private);
  EXPECT_TRUE(fault_of("", {{"WEBHOOKS_ALLOW_PRIVATE", "perhaps"}}).contains("WEBHOOKS_ALLOW_PRIVATE"));
}

TEST(Settings, VariablesOverrideTheFile) {
  const auto settings = settings_from("[server]\nport = 1\n[briefings]\nfeeds = ['a']\n",
                                      {{"ODEON_PORT", "2"}, {"BRIEFINGS_FEEDS", "x, y"}, {"APP_ENV", "production"}});
  EXPECT_EQ(settings.port, 2);
  EXPECT_EQ(settings.briefings_feeds, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(settings.production);
}

TEST(Settings, KeysAreReadTheFirstFirst) {
  EXPECT_TRUE(settings_from("").keys.empty());
  const std::string a = "a:" + std::string(43, 'A') + '=', b = "b:" + std::string(42, 'A') + "E=";
  const auto keys = settings_from("", {{"ODEON_KEYS", a + ", " + b}}).keys;
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].id, "a");
  EXPECT_EQ(keys[0].bytes, std::string(32, '\0'));
  EXPECT_EQ(settings_from("keys = ['" + b + "']").keys.at(0).id, "b");
  const auto fault = fault_of("", {{"ODEON_KEYS", a + ",b:dG9vIHNob3J0"}});
  EXPECT_NE(fault.find("ODEON_KEYS"), std::string::npos) << fault;
  EXPECT_NE(fault.find("key 2 (b) must be 32 bytes"), std::string::npos) << fault;
  EXPECT_EQ(fault.find("dG9v"), std::string::npos) << fault;
}

TEST(Settings, ProvidersAreOnOnceTheyAreNamed) {
  EXPECT_TRUE(settings_from("", {{"OPENAI_API_KEY", "k"}}).providers.contains("openai"));
  const auto local = settings_from("", {{"OPENAI_BASE_URL", "http://localhost:8081/"}});
  ASSERT_TRUE(local.providers.contains("openai"));
  EXPECT_EQ(local.providers.at("openai").base_url, "http://localhost:8081");
  EXPECT_TRUE(settings_from("[ai.kokoro]\nurl = 'http://k'\n").providers.contains("kokoro"));
}

TEST(Settings, FalAndGooglesSpeechAreOnOnceTheyAreNamed) {
  const auto none = settings_from("");
  EXPECT_FALSE(none.google);
  EXPECT_EQ(none.image_model + none.embedding_model + none.transcription_model, "");
  const auto settings = settings_from(
      "[ai.openai]\nimage_model = 'flux-dev'\n",
      {{"FAL_KEY", "id:secret"}, {"GOOGLE_SPEECH_API_KEY", "AIza"}, {"OPENAI_EMBEDDING_MODEL", "bge-m3"}});
  EXPECT_EQ(settings.providers.at("fal").base_url, "https://queue.fal.run");
  EXPECT_EQ(settings.providers.at("fal").key, "id:secret");
  EXPECT_EQ(settings.google.value().key, "AIza");
  EXPECT_EQ(settings.google.value().speech_base_url, "https://texttospeech.googleapis.com");
  EXPECT_EQ(settings.google.value().transcription_base_url, "https://speech.googleapis.com");
  EXPECT_EQ(settings.embedding_model, "bge-m3");
  EXPECT_EQ(settings.image_model, "flux-dev");
  EXPECT_EQ(settings_from("", {{"FAL_BASE_URL", "http://localhost:9/"}}).providers.at("fal").base_url,
            "http://localhost:9");
  const auto fault = fault_of("", {{"GOOGLE_SPEECH_SERVICE_ACCOUNT", "/nowhere.json"}});
  EXPECT_TRUE(fault.contains("GOOGLE_SPEECH_SERVICE_ACCOUNT")) << fault;
}

TEST(Settings, TracesGoWhereOpenTelemetrysVariablesSay) {
  EXPECT_EQ(settings_from("").traces.endpoint, "");
  EXPECT_EQ(settings_from("").traces.ratio, 1);
  const auto traces = settings_from("[traces]\nratio = 0.5\nservice = 'api'\n",
                                    {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"},
                                     {"OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20a%3Db, x-tenant = 7"}})
                          .traces;
  EXPECT_EQ(traces.endpoint, "http://collector:4318");
  EXPECT_EQ(traces.service, "api");
  EXPECT_EQ(traces.ratio, 0.5);
  const std::vector<std::pair<std::string, std::string>> headers{{"Authorization", "Bearer a=b"}, {"x-tenant", "7"}};
  EXPECT_EQ(traces.headers, headers);
  for (const char* ratio : {"1.1", "-0.1", "nan", "half", "0.5x"})
    EXPECT_TRUE(fault_of("", {{"OTEL_TRACES_SAMPLER_ARG", ratio}}).contains("must be a number from 0 to 1")) << ratio;
  for (const char* header :
       {"topsecret", "=topsecret", "a b=topsecret", "a=topsecret%0d%0aX: y", "a=topsecret%0", "ä=b"}) {
    const auto fault = fault_of("", {{"OTEL_EXPORTER_OTLP_HEADERS", header}});
    EXPECT_TRUE(fault.contains("OTEL_EXPORTER_OTLP_HEADERS")) << header;
    EXPECT_FALSE(fault.contains("topsecret"));
  }
}

TEST(Settings, MetricsAreOpenInDevelopmentOnlyUnlessTheyHaveAListener) {
  EXPECT_TRUE(settings_from("").shows_metrics());
  EXPECT_FALSE(settings_from("", {{"APP_ENV", "production"}}).shows_metrics());
  const auto settings = settings_from("", {{"ODEON_METRICS_ADDRESS", "127.0.0.1:9464"}});
  EXPECT_FALSE(settings.shows_metrics());
  EXPECT_EQ(settings.metrics.value().address, "127.0.0.1");
  EXPECT_EQ(settings.metrics.value().port, 9464);
  EXPECT_EQ(settings_from("[metrics]\naddress = '[::1]:1'\n").metrics.value().address, "::1");
  for (const char* wrong : {"9464", ":9464", "localhost:1", "::1:1", "[127.0.0.1]:1", "127.0.0.1:", "127.0.0.1:70000",
                            "127.0.0.1:-1", "127.0.0.1:1x"})
    EXPECT_NE(fault_of("", {{"ODEON_METRICS_ADDRESS", wrong}}).find("must be address:port"), std::string::npos)
        << wrong;
}

TEST(Settings, StripeIsOnOnceItHasAKey) {
  EXPECT_TRUE(settings_from("").has_sandbox());
  EXPECT_FALSE(settings_from("", {{"APP_ENV", "production"}}).has_sandbox());
  const auto settings = settings_from("[stripe.prices.briefings.pro]\nmonthly = ['price_file']\n",
                                      {{"STRIPE_SECRET_KEY", "sk_1"},
                                       {"STRIPE_WEBHOOK_SECRET", "whsec_new, whsec_old"},
                                       {"STRIPE_PRICE_BRIEFINGS_PRO_YEARLY", "price_new,price_old"},
                                       {"STRIPE_PRICE_PREMIUM_MONTHLY", "price_as_in_the_spec"},
                                       {"STRIPE_PRICE_STUDIO", "price_of_studio"},
                                       {"FRONTEND_URL", "https://app.test/"}});
  EXPECT_FALSE(settings.has_sandbox());
  EXPECT_EQ(settings.app_url, "https://app.test");
  EXPECT_EQ(settings.stripe.base_url, "https://api.stripe.com");
  EXPECT_EQ(settings.stripe.webhook_secrets, (std::vector<std::string>{"whsec_new", "whsec_old"}));
  const auto& prices = settings.stripe.prices;
  EXPECT_EQ(*prices.price_of({"briefings", "pro", billing::Cycle::yearly}), "price_new");
  EXPECT_EQ(prices.offer_of("price_old")->plan, "pro");
  EXPECT_EQ(prices.offer_of("price_file")->cycle, billing::Cycle::monthly);
  EXPECT_EQ(prices.offer_of("price_as_in_the_spec")->plan, "premium");
  EXPECT_EQ(*prices.offer_of("price_of_studio"), (billing::Offer{"studio", "studio", billing::Cycle::monthly}));
  EXPECT_NE(fault_of("", {{"STRIPE_SECRET_KEY", "sk_1"}}).find("stripe.webhook_secrets"), std::string::npos);
  EXPECT_NE(fault_of("", {{"STRIPE_PRICE_BRIEFINGS_PRO_YEARLY", "p"}, {"STRIPE_PRICE_BRIEFINGS_PRO_MONTHLY", "p"}})
                .find("p is the price of"),
            std::string::npos);
  EXPECT_NE(fault_of("", {{"ODEON_PLANS", "/nowhere.toml"}}).find("cannot be read"), std::string::npos);
}

TEST(Settings, ModelsAreReadOnce) {
  EXPECT_EQ(settings_from("").models, "") << "those that Odeon comes with";
  EXPECT_TRUE(fault_of("", {{"ODEON_MODELS", "/nowhere.toml"}}).contains("cannot be read"));
  const odeon::testing::ScratchFolder folder;
  const auto file = folder.path() / "models.toml";
  const std::string document =
      "[[model]]\nname = 'small'\nprice = { input = 1 }\noffer = [{ provider = 'a', id = 'one' }]\n";
  std::ofstream(file) << document;
  EXPECT_EQ(settings_from("", {{"ODEON_MODELS", file.string()}}).models, document);
  std::ofstream(file) << "[[model]]\nname = 'small'\n";
  EXPECT_TRUE(fault_of("", {{"ODEON_MODELS", file.string()}}).contains("ODEON_MODELS"));
}

TEST(Settings, FaultsNameKeyAndPlace) {
  EXPECT_NE(fault_of("[server]\nport = 'x'\n").find("odeon.toml:2: server.port"), std::string::npos);
  EXPECT_NE(fault_of("colour = 1\n").find("odeon.toml:1: colour: no such setting"), std::string::npos);
  EXPECT_NE(fault_of("", {{"ODEON_ROLE", "boss"}}).find("ODEON_ROLE (environment): must be one of: all, api, worker"),
            std::string::npos);
  EXPECT_NE(fault_of("[server]\ncertificate = 'c.pem'\n").find("set together"), std::string::npos);
  EXPECT_NE(fault_of("", {{"KOKORO_URL", "k:8880"}}).find("must start with http"), std::string::npos);
  EXPECT_NE(fault_of("", {{"DATABASE_URL", "mysql://x"}}).find("DATABASE_URL"), std::string::npos);
}

}  // namespace
}  // namespace odeon::server
