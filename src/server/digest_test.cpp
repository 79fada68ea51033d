#include "server/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/billing/fixture_test.hpp"
#include "engine/notify/push.hpp"

namespace odeon::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NobodysPostman final : public notify::Postman {
 public:
  Task<void> send(notify::Letter) override { co_return; }
};

struct DigestTest : ::testing::Test, billing::Till {
  DigestTest() {
    auto tables = jobs::migrations();
    std::ranges::move(billing::migrations(), std::back_inserter(tables));
    std::ranges::move(notify::migrations(), std::back_inserter(tables));
    run_task(database::migrate(*db, tables, clock));
  }
  void set_time(std::string_view to) { clock.advance(*parse_iso8601(to) - clock.now()); }
  void call(std::string_view at, std::string user, std::int64_t cents, std::string product = "chat") {
    run_task(ledger.record({.user_id = std::move(user),
                            .product = std::move(product),
                            .operation = "chat.reply",
                            .model = "gpt-4o",
                            .provider = "openai",
                            .cost = cents * 10'000'000,
                            .at = *parse_iso8601(at)}));
  }
  void contract(std::string id, std::string_view status, std::string_view from, std::string_view until) {
    run_task(db->execute(
        "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, status, "
        "period_start, period_end, cancel_at_period_end, created_at, updated_at) "
        "VALUES ('stripe', $1, 1, $1, $1, 'chat', 'ultra', 'monthly', $2, $3, $4, TRUE, $3, $3)",
        id, std::string(status), *parse_iso8601(from), *parse_iso8601(until)));
  }
  std::vector<notify::Letter> letters() {
    std::vector<notify::Letter> all;
    for (const auto& letter :
         run_task(db->query<std::string>("SELECT letter FROM notify_mails ORDER BY created_at, job_id")))
      all.push_back(json::from<notify::Letter>(letter));
    return all;
  }

  Log log{Log::Level::off};
  Metrics metrics;
  billing::Ledger ledger{*db, clock};
  billing::Costs costs{*db, plans, clock, "sandbox"};
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  NobodysPostman postman;
  notify::Mail mail{*db, queue, postman, clock, log, metrics, {}};
  Digest digest{*db, costs, mail, clock, "ops@example.com"};
};

// A Tuesday.
TEST_F(DigestTest, TellsOfYesterdayOnceADay) {
  set_time("2026-12-08T06:10:00Z");
  call("2026-12-06T23:59:59Z", "ann", 900);
  call("2026-12-07T00:00:00Z", "ann", 150);
  call("2026-12-07T12:00:00Z", "ben", 50);
  call("2026-12-07T13:00:00Z", "", 7, "");
  call("2026-12-08T00:00:00Z", "cay", 900);
  contract("ann", "active", "2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z");
  run_task(digest.send());
  run_task(digest.send());
  const auto sent = letters();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].to.address, "ops@example.com");
  EXPECT_EQ(sent[0].subject, "How Odeon was on 2026-12-07");
  EXPECT_EQ(sent[0].text,
            "Yesterday, 2026-12-07\n"
            "  no product: 1 calls of models for $0.07; earned $0.00\n"
            "  chat: 2 calls of models for $2.00; earned $4.30\n"
            "  People for whom a model was called: 2\n\n");
  EXPECT_THAT(sent[0].html, HasSubstr("chat: 2 calls"));
}

TEST_F(DigestTest, TellsOfTheWeekOnMondaysAndOfTheMonthOnItsFirst) {
  set_time("2026-06-01T06:10:00Z");  // both
  call("2026-05-24T23:59:59Z", "ann", 100);
  call("2026-05-25T00:00:00Z", "ann", 200);
  call("2026-05-01T00:00:00Z", "ben", 300);
  call("2026-04-30T23:59:59Z", "cay", 900);
  contract("ann", "active", "2026-05-10T00:00:00Z", "2026-06-10T00:00:00Z");
  contract("ben", "ended", "2026-04-20T00:00:00Z", "2026-05-20T00:00:00Z");
  run_task(digest.send());
  const std::string text = letters().at(0).text;
  EXPECT_THAT(text, HasSubstr("Yesterday, 2026-05-31\n  chat: 0 calls of models for $0.00; earned $4.30\n"));
  EXPECT_THAT(text, HasSubstr("Last week, 2026-05-25 to 2026-05-31\n  chat: 1 calls of models for $2.00;"));
  EXPECT_THAT(text, HasSubstr("Last month, 2026-05-01 to 2026-05-31\n  chat: 3 calls of models for $6.00;"));
  EXPECT_THAT(text, HasSubstr("  In the month: 2\n"));
  EXPECT_THAT(text, HasSubstr("on its first day: 1, on its last: 1; ended in between: 1\n"));
}

TEST_F(DigestTest, SaysWhereNothingWas) {
  set_time("2026-12-08T06:10:00Z");
  run_task(digest.send());
  EXPECT_THAT(letters().at(0).text, HasSubstr("Nobody called a model, and nobody paid."));
  EXPECT_THAT(letters().at(0).text, Not(HasSubstr("Last")));
}

}  // namespace
}  // namespace odeon::server
