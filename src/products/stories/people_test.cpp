#include "products/stories/people.hpp"

#include "engine/storage/files.hpp"
#include "products/stories/house_test.hpp"
#include "products/stories/payment.hpp"
#include "products/stories/personal_data.hpp"
#include "testing/product_house.hpp"

namespace odeon::stories {
namespace {

using std::chrono::days;

struct PeopleOfStories : ::testing::Test, testing::ProductHouse {
  PeopleOfStories()
      : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}, StoriesHouse::all_migrations()) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Stories", std::make_unique<http::FlatFormat>());
    people.mount(*api);
    payment.mount(*api);
    api_access.mount(*api);
    webhook_desk.mount(*api);
    open(std::move(api));
  }
  Reply join(const std::string& mail = "ada@example.com", const std::string& password = "Correct horse 1") {
    return post("/api/auth/signup", {{"email", mail}, {"password", password}, {"name", "Ada L."}});
  }
  Reply login(const std::string& password = "Correct horse 1") {
    return post("/api/auth/login", {{"email", "ada@example.com"}, {"password", password}});
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }
  static std::string token_of(const Reply& reply) { return text(reply.at("session").at("token")); }
  std::string account() { return run_task(accounts.find_by_mail("ada@example.com"))->id; }

  identity::Door door{
      accounts, sessions, proofs, {.product = std::string(kProduct), .mixed_password = true, .require_verified = true}};
  People people{{*database, door, accounts, sessions, subscriptions, allowances, clock}};
  Payment payment{shop, subscriptions, allowances, ledger, clock};
};

TEST_F(PeopleOfStories, SignUpAsTheSpecShows) {
  const auto joined = join();
  EXPECT_EQ(joined.status, 201);
  const auto user = joined.at("user");
  EXPECT_EQ(text(user.at("id")).substr(0, 5), "user_");
  EXPECT_EQ(user.at("name"), "Ada L.");
  EXPECT_EQ(text(joined.at("session").at("token")).substr(0, 8), "session_");
  EXPECT_EQ(joined.at("session").at("expiresAt"), "2026-12-20T07:30:00Z");
  EXPECT_EQ(get("/api/auth/session", token_of(joined)).at("user").at("subscriptionTier"), "free");
  EXPECT_EQ(join("b@example.com", "nocapital1").at("code"), "WEAK_PASSWORD");
  EXPECT_EQ(join("no address").status, 400);
}

TEST_F(PeopleOfStories, SignInOnceTheyHaveProvenTheirAddress) {
  join();
  EXPECT_EQ(login("wrong").status, 401);
  const auto refused = login();
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "EMAIL_NOT_VERIFIED");
  run_task(door.verify({.token = letters.front().token}));
  const auto in = login();
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(in.at("user").at("monthlyStoriesUsed"), 0);
  EXPECT_EQ(in.at("user").at("monthlyStoriesLimit"), 10);
  EXPECT_EQ(post("/api/auth/logout", json::object(), token_of(in)).at("success"), true);
  EXPECT_EQ(get("/api/auth/session", token_of(in)).status, 401);
}

TEST_F(PeopleOfStories, StayWhileTheyCome) {
  const auto token = token_of(join());
  clock.advance(days(29));
  EXPECT_EQ(get("/api/auth/session", token).at("session").at("expiresAt"), "2027-01-18T07:30:00Z");
  clock.advance(days(30));
  EXPECT_EQ(get("/api/auth/session", token).status, 401);
}

TEST_F(PeopleOfStories, MaySignUpFiveTimesAnHour) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(join(fmt::format("a{}@example.com", i)).status, 201);
  const auto refused = join("a6@example.com");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("RateLimit-Limit"), "5");
}

TEST_F(PeopleOfStories, HavePreferences) {
  const auto token = token_of(join());
  const auto before = get("/api/user/profile", token).at("user");
  EXPECT_EQ(before.at("preferredLanguage"), "en");
  EXPECT_EQ(before.at("themePreference"), "system");
  EXPECT_TRUE(before.at("subscriptionExpiry").is_null());
  const auto changed =
      call(http::Method::patch, "/api/user/profile", {{"name", "Ada Updated"}, {"preferredLanguage", "es"}}, token);
  EXPECT_EQ(changed.at("user").at("name"), "Ada Updated");
  EXPECT_EQ(changed.at("user").at("preferredLanguage"), "es");
  EXPECT_EQ(changed.at("user").at("themePreference"), "system");
  EXPECT_EQ(call(http::Method::patch, "/api/user/profile", {{"preferredLanguage", "xx"}}, token).status, 400);

  storage::FileSigner signer(std::string(32, 's'), clock);
  const auto files = storage::open_files(folder / "objects", pool, signer, clock);
  StoriesData data(*database, *files);
  EXPECT_EQ(run_task(data.forget(account(), "chat")).rows, 0);
  EXPECT_EQ(run_task(data.forget(account(), "")).rows, 1);
  EXPECT_EQ(get("/api/user/profile", token).at("user").at("preferredLanguage"), "en");
}

TEST_F(PeopleOfStories, SeeWhatTheyUsedAndWhatItCost) {
  const auto token = token_of(join());
  const auto record = [&](const std::string& operation, std::int64_t cost, std::int64_t tokens) {
    run_task(ledger.record({.user_id = account(),
                            .product = std::string(kProduct),
                            .operation = operation,
                            .model = "gpt-4o",
                            .provider = "openai",
                            .cost = cost,
                            .tokens_in = tokens}));
  };
  record("story_generation", 30'000'000, 2000);
  record("story_generation", 10'000'000, 1000);
  record("image_generation", 40'000'000, 0);
  const auto usage = get("/api/user/usage", token);
  EXPECT_EQ(usage.at("period"), "current_month");
  EXPECT_DOUBLE_EQ(usage.at("summary").at("totalCost").as_double(), 0.08);
  EXPECT_EQ(usage.at("summary").at("storiesGenerated"), 2);
  EXPECT_EQ(usage.at("summary").at("imagesGenerated"), 1);
  EXPECT_EQ(usage.at("summary").at("totalTokensUsed"), 3000);
  EXPECT_EQ(usage.at("breakdown").as_array().size(), 2U);
  EXPECT_TRUE(usage.at("breakdown").at(0).at("tokensUsed").is_null());
  EXPECT_EQ(get("/api/user/usage?period=last_month", token).at("summary").at("storiesGenerated"), 0);
  clock.advance(days(20));
  EXPECT_EQ(get("/api/user/usage?period=last_month", token).at("summary").at("storiesGenerated"), 2);
  EXPECT_EQ(get("/api/user/usage?period=all_time", token).at("summary").at("storiesGenerated"), 2);
  EXPECT_EQ(get("/api/user/usage?period=today", token).status, 400);
}

TEST_F(PeopleOfStories, HaveTheirProgramsToldOfTheirPlanButNoKeys) {
  const auto token = token_of(join());
  EXPECT_EQ(post("/api/keys", {{"name", "my program"}}, token).status, 404) << "no plan has them";
  const auto made = post("/api/webhook-endpoints", {{"url", "https://hooks.example/stories"}}, token);
  EXPECT_EQ(made.status, 201) << made.body;
  pay(post("/api/subscription/checkout", {{"tier", "premium"}}, token).at("checkoutUrl").as_string());
  const auto told = events();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("data").at("plan"), "premium");
}

// Sign-up, limit reached, checkout, webhook, higher limit, cancel, downgrade.
TEST_F(PeopleOfStories, WalkThroughAPlan) {
  const auto token = token_of(join());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(use(account(), "stories"));
  EXPECT_FALSE(use(account(), "stories"));
  const auto limits = get("/api/user/usage", token).at("limits");
  EXPECT_EQ(limits.at("storiesUsed"), 10);
  EXPECT_EQ(limits.at("percentage"), 100);

  const auto checkout = post("/api/subscription/checkout", {{"tier", "premium"}}, token);
  ASSERT_EQ(checkout.status, 200) << checkout.body;
  pay(checkout.at("checkoutUrl").as_string());
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/api/subscription", token).at("monthlyStoriesLimit"), 100);
  EXPECT_TRUE(use(account(), "stories"));
  EXPECT_EQ(post("/api/subscription/cancel", json::object(), token).at("cancelAtPeriodEnd"), true);
  clock.advance(days(29));
  EXPECT_EQ(get("/api/subscription", token).at("subscriptionTier"), "premium");
  clock.advance(days(3));
  const auto after = get("/api/subscription", token);
  EXPECT_EQ(after.at("subscriptionTier"), "free");
  EXPECT_EQ(after.at("status"), "canceled");
  EXPECT_EQ(after.at("monthlyStoriesLimit"), 10);
  EXPECT_EQ(after.at("monthlyStoriesUsed"), 0) << "another month";
}

}  // namespace
}  // namespace odeon::stories
