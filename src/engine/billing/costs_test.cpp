#include "engine/billing/costs.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/fixture_test.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Named {
  std::string name;
  double amount = 0;
};
BOOST_DESCRIBE_STRUCT(Named, (), (name, amount))

struct CostsTest : ::testing::Test, Till {
  CostsTest() { set_time("2026-11-20T22:00:00Z"); }
  void set_time(std::string_view to) { clock.advance(*parse_iso8601(to) - clock.now()); }
  std::chrono::sys_days today() const { return std::chrono::floor<days>(clock.now()); }
  void spend(std::string model, std::int64_t cost, std::string user = "ann", std::string tier = "pro",
             std::string product = "chat") {
    run_task(ledger.record({.user_id = std::move(user),
                            .product = std::move(product),
                            .operation = "chat.reply",
                            .model = std::move(model),
                            .provider = "openai",
                            .cost = cost,
                            .tokens_in = 100,
                            .tokens_out = 10,
                            .units = 1,
                            .tier = std::move(tier)}));
  }
  static std::vector<std::string> lines(const std::vector<Total>& totals) {
    std::vector<std::string> lines;
    for (const auto& total : totals)
      lines.push_back(fmt::format("{} {}x {} {}+{} {}", total.name, total.count, total.cost, total.tokens_in,
                                  total.tokens_out, total.units));
    return lines;
  }
  std::vector<std::string> totals(Costs::By by, std::string product = "") {
    return lines(run_task(costs.totals(by, std::move(product), {today() - days(1), today()})));
  }
  void contract(std::string id, std::string plan, Cycle cycle, ContractStatus status, std::string_view from,
                std::string_view until, bool cancelled = false, std::string provider = "stripe") {
    run_task(db->execute(
        "INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, status, "
        "period_start, period_end, cancel_at_period_end, created_at, updated_at) "
        "VALUES ($1, $2, 1, $2, $2, 'chat', $3, $4, $5, $6, $7, $8, $6, $6)",
        provider, id, plan, cycle, status, *parse_iso8601(from), *parse_iso8601(until), cancelled));
  }
  std::vector<std::string> earnings(Days span) {
    std::vector<std::string> lines;
    for (const auto& earning : run_task(costs.earnings("", span)))
      lines.push_back(
          fmt::format("{} {} {}x {}", earning.date, earning.plan, earning.contracts, earning.revenue / 1'000'000));
    return lines;
  }
  std::int64_t count(database::Sql sql) { return run_task(db->find<std::int64_t>(sql)).value(); }
  std::vector<std::string> named(database::Sql sql) {
    std::vector<std::string> lines;
    for (const auto& row : run_task(db->query<Named>(sql))) lines.push_back(fmt::format("{} {}", row.name, row.amount));
    return lines;
  }

  Ledger ledger{*db, clock};
  Costs costs{*db, plans, clock, "sandbox"};
};

TEST_F(CostsTest, AreTotalledByWhateverIsAsked) {
  spend("gpt-4o", 2'000'000);
  spend("gpt-4o-mini", 500'000, "bob", "ultra");
  clock.advance(hours(3));
  spend("gpt-4o", 1'000'000, "bob", "ultra");
  spend("tts-1", 9'000'000, "", "", "stories");
  for (const bool summed : {false, true}) {
    if (summed) {
      clock.advance(minutes(11));
      run_task(costs.sum_up());
    }
    EXPECT_THAT(totals(Costs::By::product), ElementsAre("stories 1x 9000000 100+10 1", "chat 3x 3500000 300+30 3"));
    EXPECT_THAT(totals(Costs::By::model, "chat"),
                ElementsAre("gpt-4o 2x 3000000 200+20 2", "gpt-4o-mini 1x 500000 100+10 1"));
    EXPECT_THAT(totals(Costs::By::tier, "chat"), ElementsAre("pro 1x 2000000 100+10 1", "ultra 2x 1500000 200+20 2"));
    EXPECT_THAT(totals(Costs::By::day),
                ElementsAre("2026-11-20 2x 2500000 200+20 2", "2026-11-21 2x 10000000 200+20 2"));
    EXPECT_THAT(totals(Costs::By::day, "podcasts"), IsEmpty());
    EXPECT_THAT(lines(run_task(costs.people("", {today() - days(1), today()}, 2))),
                ElementsAre(" 1x 9000000 100+10 1", "ann 1x 2000000 100+10 1"));
    EXPECT_THAT(lines(run_task(costs.people("chat", {today(), today()}, 9))), ElementsAre("bob 1x 1000000 100+10 1"));
  }
  EXPECT_EQ(count("SELECT COUNT(*) FROM billing_daily_costs"), 4);
}

TEST_F(CostsTest, WhatIsFreshIsNotSummedYet) {
  spend("gpt-4o", 1);
  run_task(costs.sum_up());
  EXPECT_EQ(count("SELECT COUNT(*) FROM billing_daily_costs"), 0);
  clock.advance(minutes(11));
  for (int twice = 0; twice < 2; ++twice) run_task(costs.sum_up());
  EXPECT_EQ(count("SELECT requests FROM billing_daily_costs"), 1);
}

TEST_F(CostsTest, NothingIsLostOrCountedTwiceWheneverItIsSummed) {
  struct Step {
    int model, minutes;
    bool sum;
  };
  EXPECT_TRUE(rc::check([this] {
    const auto steps =
        *rc::gen::resize(20, rc::gen::container<std::vector<Step>>(rc::gen::construct<Step>(
                                 rc::gen::inRange(0, 3), rc::gen::inRange(0, 400), rc::gen::arbitrary<bool>())));
    run_task(db->execute("DELETE FROM billing_ledger"));
    run_task(db->execute("DELETE FROM billing_daily_costs"));
    clock.advance(minutes(11));
    const auto first = today();
    std::map<std::string, std::int64_t> by_model, by_day;
    for (const auto& step : steps) {
      const std::string model = fmt::format("model-{}", step.model);
      const std::int64_t cost = step.minutes + 1;
      spend(model, cost);
      by_model[model] += cost;
      by_day[date_of(today())] += cost;
      clock.advance(minutes(step.minutes));
      if (step.sum) run_task(costs.sum_up());
    }
    const auto sums = [&](Costs::By by) {
      std::map<std::string, std::int64_t> sums;
      for (const auto& total : run_task(costs.totals(by, "chat", {first, today()}))) sums[total.name] = total.cost;
      return sums;
    };
    RC_ASSERT(sums(Costs::By::model) == by_model);
    RC_ASSERT(sums(Costs::By::day) == by_day);
  }));
}

// The four that operators are promised (the fourth, of profit, is `earnings` beside these).
TEST_F(CostsTest, HaveViewsForPlainQueries) {
  spend("gpt-4o", 250'000'000);
  spend("gpt-4o", 500'000'000, "bob", "ultra");
  spend("gpt-4o-mini", 750'000'000, "", "");
  clock.advance(days(1));
  spend("gpt-4o", 125'000'000);
  EXPECT_THAT(named("SELECT model AS name, CAST(SUM(cost_usd) AS DOUBLE PRECISION) AS amount FROM cost_logs "
                    "WHERE DATE(timestamp) = DATE('2026-11-20') GROUP BY model ORDER BY model"),
              ElementsAre("gpt-4o 0.75", "gpt-4o-mini 0.75"));
  EXPECT_THAT(named("SELECT COALESCE(user_id, 'nobody') AS name, CAST(SUM(cost_usd) AS DOUBLE PRECISION) AS amount "
                    "FROM cost_logs WHERE DATE(timestamp) = DATE('2026-11-20') GROUP BY user_id "
                    "ORDER BY SUM(cost_usd) DESC"),
              ElementsAre("nobody 0.75", "bob 0.5", "ann 0.25"));
  EXPECT_THAT(named("SELECT tier AS name, CAST(AVG(cost_usd) AS DOUBLE PRECISION) AS amount FROM cost_logs "
                    "WHERE tier IN ('PRO', 'ULTRA') GROUP BY tier ORDER BY tier"),
              ElementsAre("PRO 0.1875", "ULTRA 0.5"));
  EXPECT_THAT(named("SELECT date || ' ' || model || ' ' || request_count || ' ' || total_tokens AS name, "
                    "CAST(total_cost AS DOUBLE PRECISION) AS amount FROM daily_costs "
                    "WHERE date >= '2026-11-20' ORDER BY date, model"),
              ElementsAre("2026-11-20 gpt-4o 2 220 0.75", "2026-11-20 gpt-4o-mini 1 110 0.75",
                          "2026-11-21 gpt-4o 1 110 0.125"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM (SELECT id, user_id, model_name, feature_name, cost_usd, token_count, "
                  "timestamp, api_provider, tier FROM cost_logs) AS all_columns"),
            4);
}

TEST_F(CostsTest, ViewsKnowTheCalendar) {
  EXPECT_TRUE(rc::check([this] {
    std::set<Instant> moments;
    for (const char* moment : {"1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2024-12-31T23:59:59Z",
                               "2028-02-29T12:34:56Z", "2028-03-01T00:00:00Z", "2100-02-28T23:59:59Z"})
      moments.insert(*parse_iso8601(moment));
    for (const auto seconds :
         *rc::gen::container<std::vector<std::int64_t>>(20, rc::gen::inRange<std::int64_t>(0, 4'107'542'400)))
      moments.insert(Instant(std::chrono::seconds(seconds)));
    std::vector<std::tuple<std::string, Instant>> rows;
    std::vector<std::string> expected;
    for (const Instant at : moments) {
      const std::string text = to_iso8601(at);
      rows.emplace_back(text, at);
      expected.push_back(text.substr(0, 10) + ' ' + text.substr(11, 8));
    }
    run_task(db->execute("DELETE FROM billing_ledger"));
    run_task(db->execute_each(
        "INSERT INTO billing_ledger (id, user_id, product, operation, model, provider, cost, tokens_in, tokens_out, "
        "units, at) VALUES ($1, '', '', '', '', '', 1, 0, 0, 0, $2)",
        rows));
    RC_ASSERT(run_task(db->query<std::string>("SELECT timestamp FROM cost_logs ORDER BY at")) == expected);
  }));
}

TEST_F(CostsTest, AFormerCustomersCostsStayWithoutThem) {
  spend("gpt-4o", 42);
  clock.advance(minutes(11));
  run_task(costs.sum_up());
  run_task(db->execute("UPDATE billing_ledger SET user_id = '' WHERE user_id = 'ann'"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM cost_logs WHERE user_id IS NULL"), 1);
  EXPECT_THAT(totals(Costs::By::tier), ElementsAre("pro 1x 42 100+10 1"));
}

TEST_F(CostsTest, EarningsAreWhatIsPaidForOnADay) {
  contract("a", "pro", Cycle::monthly, ContractStatus::active, "2026-11-01T10:00:00Z", "2026-12-01T10:00:00Z");
  contract("b", "pro", Cycle::monthly, ContractStatus::active, "2026-11-20T10:00:00Z", "2026-12-20T10:00:00Z");
  contract("c", "ultra", Cycle::monthly, ContractStatus::ended, "2026-10-19T10:00:00Z", "2026-11-19T10:00:00Z");
  contract("late", "ultra", Cycle::monthly, ContractStatus::active, "2026-10-17T10:00:00Z", "2026-11-17T10:00:00Z");
  contract("leaves", "ultra", Cycle::monthly, ContractStatus::active, "2026-10-20T00:00:00Z", "2026-11-20T00:00:00Z",
           true);
  contract("tries", "pro", Cycle::monthly, ContractStatus::trialing, "2026-11-01T10:00:00Z", "2026-12-01T10:00:00Z");
  contract("owes", "pro", Cycle::monthly, ContractStatus::past_due, "2026-11-01T10:00:00Z", "2026-12-01T10:00:00Z");
  contract("plays", "pro", Cycle::monthly, ContractStatus::active, "2026-11-01T10:00:00Z", "2026-12-01T10:00:00Z",
           false, "sandbox");
  contract("old", "gold", Cycle::monthly, ContractStatus::active, "2026-11-01T10:00:00Z", "2026-12-01T10:00:00Z");
  // $49 / 30 = $1.633, $129 / 30 = $4.3
  EXPECT_THAT(earnings({today() - days(1), today() + days(1)}),
              ElementsAre("2026-11-19 pro 1x 1633", "2026-11-19 ultra 3x 12900", "2026-11-20 pro 2x 3266",
                          "2026-11-20 ultra 1x 4300", "2026-11-21 pro 2x 3266"));
}

TEST_F(CostsTest, PeopleAreCountedByWhatTheyUsed) {
  const auto call = [&](std::string user, std::string product, std::string operation, std::string tier) {
    run_task(ledger.record({.user_id = std::move(user),
                            .product = std::move(product),
                            .operation = std::move(operation),
                            .model = "gpt-4o",
                            .provider = "openai",
                            .tier = std::move(tier)}));
  };
  call("old", "chat", "chat.reply", "pro");
  clock.advance(hours(1));
  const Instant since = clock.now();
  call("ann", "chat", "chat.reply", "ultra");
  call("ann", "chat", "chat.compare", "ultra");
  call("ann", "stories", "stories.write", "free");
  call("ben", "chat", "chat.reply", "ultra");
  call("ben", "chat", "chat.reply", "pro");
  call("", "chat", "chat.reply", "pro");
  call("zoe", "", "", "");
  std::vector<std::string> lines;
  for (const auto& use : run_task(costs.uses(since)))
    lines.push_back(fmt::format("{}|{}|{} {}", use.product, use.operation, use.tier, use.people));
  EXPECT_THAT(lines, UnorderedElementsAre("|| 3", "chat||ultra 2", "chat||pro 1", "stories||free 1",
                                          "chat|chat.reply|ultra 2", "chat|chat.compare|ultra 1",
                                          "chat|chat.reply|pro 1", "stories|stories.write|free 1"));
}

TEST_F(CostsTest, WhoPaysForTheFirstTimeIsNew) {
  const auto pays = [&](std::string id, std::string user, ContractStatus status, std::string_view from,
                        std::string provider = "stripe") {
    contract(id, "pro", Cycle::monthly, status, from, "2026-12-01T10:00:00Z", false, std::move(provider));
    run_task(db->execute("UPDATE billing_contracts SET user_id = $1 WHERE id = $2", user, id));
  };
  pays("1", "ann", ContractStatus::ended, "2026-09-01T10:00:00Z");
  pays("2", "ann", ContractStatus::active, "2026-11-19T10:00:00Z");
  pays("3", "ben", ContractStatus::active, "2026-11-19T10:00:00Z");
  pays("4", "cid", ContractStatus::trialing, "2026-11-19T10:00:00Z");
  pays("5", "dan", ContractStatus::active, "2026-11-19T10:00:00Z", "sandbox");
  pays("6", "eve", ContractStatus::active, "2026-11-01T10:00:00Z");
  const auto since = [&](std::string_view at) {
    std::vector<std::string> lines;
    for (const auto& some : run_task(costs.new_payers(*parse_iso8601(at))))
      lines.push_back(fmt::format("{} {}", some.product, some.people));
    return lines;
  };
  EXPECT_THAT(since("2026-11-13T10:00:00Z"), ElementsAre("chat 1"));
  EXPECT_THAT(since("2026-11-01T00:00:00Z"), ElementsAre("chat 2"));
  EXPECT_THAT(since("2026-11-20T00:00:00Z"), IsEmpty());
}

TEST_F(CostsTest, AYearIsPaidByTheDay) {
  const Plans sold(R"([chat]
default = "none"
upgrade_url = "/pricing"
[chat.plans.none]
title = "None"
[chat.plans.pro]
title = "Pro"
price = { monthly = 4900, yearly = 36500 }
)",
                   "plans.toml");
  Costs of_year(*db, sold, clock);
  contract("a", "pro", Cycle::yearly, ContractStatus::active, "2026-11-01T10:00:00Z", "2027-11-01T10:00:00Z");
  const auto earned = run_task(of_year.earnings("chat", {today(), today()}));
  ASSERT_EQ(earned.size(), 1U);
  EXPECT_EQ(earned[0].revenue, 1'000'000'000);
  EXPECT_TRUE(run_task(of_year.earnings("stories", {today(), today()})).empty());
}

}  // namespace
}  // namespace odeon::billing
