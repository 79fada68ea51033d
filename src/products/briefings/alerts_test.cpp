#include "products/briefings/alerts.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;
using json::array;
using json::object;
using ::testing::HasSubstr;

// Takes events and shows the first two, together.
class TwoEvents final : public http::EventWriter {
 public:
  explicit TwoEvents(std::shared_ptr<std::promise<std::string>> seen) : seen_(std::move(seen)) {}
  Task<void> send(std::string event, std::string text, std::string) override {
    all_ += event + " " + text + "\n";
    if (++count_ == 2) seen_->set_value(all_);
    co_return;
  }

 private:
  std::shared_ptr<std::promise<std::string>> seen_;
  std::string all_;
  int count_ = 0;
};

// It is Friday, 2026-11-20T07:30:00Z. Ann has Pro, Bea Premium; both follow Apple.
struct AlertsTest : BriefingsTest {
  AlertsTest() {
    open({});
    give("ann", "pro");
    give("bea", "premium");
    write_news("");
    price(200'000'000);
    for (const auto* who : {"ann", "bea"}) post(who, "/api/portfolio/add", object{{"ticker", "AAPL"}});
    post("ann", "/api/push-tokens", object{{"token", "ExponentPushToken[ann]"}}, 201);
    work();
  }

  void price(std::int64_t millionths) {
    std::ofstream(folder / "quotes.csv") << "ticker,company,currency,price,previous_close,as_of\n"
                                         << fmt::format("AAPL,Apple,USD,{:.2f},200,{}\n",
                                                        static_cast<double>(millionths) / 1e6, to_iso8601(wall.now()));
    wall.advance(61s);  // prices are read again after a minute
  }
  void write_news(const std::string& headline) {
    std::ofstream file(folder / "breaking.xml");
    file << "<rss version=\"2.0\"><channel><title>Meridian Wire</title>";
    if (!headline.empty())
      file << "<item><title>" << headline << "</title><link>https://example.com/1</link><pubDate>"
           << to_http_date(wall.now()) << "</pubDate></item>";
    file << "<item><title>Rain in Spain</title><pubDate>" << to_http_date(wall.now() - 24h)
         << "</pubDate></item></channel></rss>";
  }

  Task<std::vector<std::string>> enqueue_watch(int nodes) {
    auto transaction = co_await database->begin();
    std::vector<std::string> ids;
    for (const auto& job : co_await queue.enqueue_all(*transaction, std::vector<WatchMarket>(nodes)))
      ids.push_back(job.id);
    co_await transaction->commit();
    co_return ids;
  }
  // The minute's job, on so many nodes at once, and all that it led to.
  void minute_passes(int nodes = 1) {
    on_loop(enqueue_watch(nodes));
    for (const auto* kind : {"briefings.watch_market", "briefings.tell_followers", "notify.push"}) wait(kind);
  }
  Task<void> tell_again(std::string event) {
    auto transaction = co_await database->begin();
    co_await queue.enqueue(*transaction, TellFollowers{event});
    co_await transaction->commit();
  }
  void wait(const std::string& kind) {
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    for (const auto& id : on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = $1", kind)))
      on_loop(queue.watch(id, ignore));
  }
  json::array told(const std::string& who = "ann") { return data("/api/alerts", 200, who).at("alerts").as_array(); }
  // Listens live, and shows the first two alerts as they went out.
  Task<void> listen(Instant since, std::shared_ptr<std::promise<std::string>> seen) {
    TwoEvents writer(seen);
    const auto stream = co_await alerts.live({.user_id = "ann"}, {.since = since});
    co_await stream.produce(http::Events<Alert>(writer));
  }
  std::vector<std::string> pushed() {
    std::vector<std::string> titles;
    if (!std::filesystem::exists(std::string(folder / "push"))) return titles;
    for (const auto& file : std::filesystem::directory_iterator(std::string(folder / "push"))) {
      std::ifstream in(file.path());
      titles.emplace_back(json::parse(std::string{std::istreambuf_iterator<char>(in), {}}).at("title").as_string());
    }
    return titles;
  }
};

TEST_F(AlertsTest, AFarMoveIsToldOnceToWhomThePlanTells) {
  price(214'000'000);
  minute_passes(3);
  minute_passes();
  const auto alerts = told();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].at("kind"), "price");
  EXPECT_EQ(alerts[0].at("ticker"), "AAPL");
  EXPECT_EQ(alerts[0].at("title"), "AAPL is up 7.0 %");
  EXPECT_FALSE(alerts[0].as_object().contains("url"));
  EXPECT_EQ(pushed(), std::vector<std::string>{"AAPL is up 7.0 %"});
  EXPECT_EQ(data("/api/alerts", 403, "bea").at("upgrade_url"), "app://upgrade");
  EXPECT_EQ(*on_loop(database->find<std::int64_t>("SELECT COUNT(*) FROM briefings_alerts")), 1) << "bea was not told";
}

TEST_F(AlertsTest, NewsOfAStockIsTold) {
  write_news("Apple sues chip maker over patents");
  minute_passes();
  const auto alerts = told();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].at("title"), "AAPL: Apple sues chip maker over patents");
  EXPECT_EQ(alerts[0].at("body"), "Meridian Wire");
  EXPECT_EQ(alerts[0].at("url"), "https://example.com/1");
}

TEST_F(AlertsTest, OnlyWhatIsWantedIsTold) {
  EXPECT_EQ(data("/api/alerts/settings", 200, "ann"), (object{{"news", true}, {"prices", true}, {"price_move", 5}}));
  const auto changed = call(http::Method::put, "ann", "/api/alerts/settings", object{{"price_move", 10}});
  EXPECT_EQ(changed, (object{{"news", true}, {"prices", true}, {"price_move", 10}}));
  price(214'000'000);
  minute_passes();
  EXPECT_EQ(told().size(), 0U);
  call(http::Method::put, "ann", "/api/alerts/settings", object{{"news", false}});
  write_news("Apple sues chip maker over patents");
  price(226'000'000);
  minute_passes();
  ASSERT_EQ(told().size(), 1U);
  EXPECT_EQ(told()[0].at("title"), "AAPL is up 13.0 %");
  call(http::Method::put, "ann", "/api/alerts/settings", object{{"prices", false}});
  price(240'000'000);
  minute_passes();
  EXPECT_EQ(told().size(), 1U);
  call(http::Method::put, "ann", "/api/alerts/settings", object{{"price_move", 1}}, 400);
  call(http::Method::put, "bea", "/api/alerts/settings", object{{"news", false}}, 403);
}

TEST_F(AlertsTest, ATellingThatWasCutTellsNobodyTwice) {
  price(214'000'000);
  minute_passes();
  const std::string event(told()[0].at("id").as_string());
  on_loop(tell_again(event));
  wait("briefings.tell_followers");
  wait("notify.push");
  EXPECT_EQ(told().size(), 1U);
  EXPECT_EQ(pushed().size(), 1U);
}

TEST_F(AlertsTest, ComeLive) {
  const Instant before = wall.now();
  price(214'000'000);
  minute_passes();
  auto seen = std::make_shared<std::promise<std::string>>();
  asio::cancellation_signal stop;
  auto ended =
      asio::co_spawn(loops[0], listen(before, seen), asio::bind_cancellation_slot(stop.slot(), asio::use_future));
  write_news("Apple sues chip maker over patents");
  minute_passes();
  const std::string all = seen->get_future().get();
  asio::post(loops[0], [&] { stop.emit(asio::cancellation_type::terminal); });
  EXPECT_ANY_THROW(ended.get());
  EXPECT_THAT(all, HasSubstr("alert {\"id\":\"price:AAPL:2026-11-20:up:5\""));
  EXPECT_THAT(all, HasSubstr("AAPL: Apple sues"));
}

TEST_F(AlertsTest, NobodyFollowsNothing) {
  for (const auto* who : {"ann", "bea"}) call(http::Method::delete_, who, "/api/portfolio/AAPL", object{}, 204);
  price(214'000'000);
  minute_passes();
  EXPECT_EQ(told().size(), 0U);
}

}  // namespace
}  // namespace odeon::briefings
