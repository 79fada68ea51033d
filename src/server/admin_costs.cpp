#include "base/text.hpp"
#include "server/admin.hpp"
#include "server/rooms.hpp"
#include "server/table.hpp"

namespace odeon::server {
namespace {

using billing::Costs;
using billing::Total;
using std::chrono::days;

constexpr std::int64_t kMostPeople = 20;
// Of what is earned; what costs more than this share is told.
constexpr std::int64_t kThinAtPercent = 70;

// Programs get numbers, people six decimals one below the other.
enum class For { programs, people };

json::value shown_dollars(std::int64_t nanos, For reader) {
  if (reader == For::programs) return static_cast<double>(nanos) / 1e9;
  const auto size = static_cast<std::uint64_t>(nanos < 0 ? -nanos : nanos);
  return json::value(fmt::format("{}{}.{:06}", nanos < 0 ? "-" : "", size / 1'000'000'000, size / 1'000 % 1'000'000));
}

json::object line(std::string_view named, const Total& total, For reader) {
  return {{named, total.name},
          {"cost_usd", shown_dollars(total.cost, reader)},
          {"requests", total.count},
          {"tokens", total.tokens_in + total.tokens_out}};
}

json::array by_model(const std::vector<Total>& totals, For reader) {
  json::array lines;
  for (const auto& total : totals) lines.push_back(line("model", total, reader));
  return lines;
}

json::array by_tier(const std::vector<Total>& totals, For reader) {
  json::array lines;
  for (const auto& total : totals) {
    json::object& tier = lines.emplace_back(line("tier", total, reader)).as_object();
    tier["average_usd"] = shown_dollars(total.cost / total.count, reader);
  }
  return lines;
}

// Somebody of the ledger, and how operators know them.
struct Spender {
  Total total;
  std::string email;
};

json::array by_user(const std::vector<Spender>& spenders, For reader) {
  json::array lines;
  for (const auto& spender : spenders) {
    json::object& user = lines.emplace_back(line("user", spender.total, reader)).as_object();
    user["email"] = spender.email;
  }
  return lines;
}

struct PlanLine {
  std::string product;
  std::string plan;
  std::string title;
  std::int64_t monthly = 0, yearly = 0;
  std::string limits;
};
BOOST_DESCRIBE_STRUCT(PlanLine, (), (product, plan, title, monthly, yearly, limits))

struct Books {
  std::int64_t cost = 0, revenue = 0;
};

json::array by_day(const std::map<std::string, Books>& all, For reader) {
  json::array lines;
  for (const auto& [date, books] : all) {
    const bool thin = books.cost * 100 > books.revenue * kThinAtPercent;
    lines.push_back(json::object{
        {"date", date},
        {"revenue_usd", shown_dollars(books.revenue, reader)},
        {"cost_usd", shown_dollars(books.cost, reader)},
        {"profit_usd", shown_dollars(books.revenue - books.cost, reader)},
        {"warning",
         thin ? json::value(fmt::format("the cost is above {} % of the revenue", kThinAtPercent)) : json::value()}});
  }
  return lines;
}

// Each view as it was asked for.
template <class Rows>
Answer answer(json::array (*lines)(const Rows&, For), const Rows& rows) {
  return {lines(rows, For::programs), as_text(lines(rows, For::people))};
}

std::string limits_of(const billing::Plan& plan) {
  std::vector<std::string> limits;
  for (const auto& [name, value] : plan.limits) limits.push_back(fmt::format("{} {}", name, value));
  return text::join(limits, ", ");
}

// Empty stands for all of them.
void check_product(const billing::Plans& plans, const std::string& product) {
  if (!product.empty() && plans.find(product) == nullptr)
    throw Error(Fault::not_found, "NO_SUCH_PRODUCT", "There is no product " + product + '.');
}

}  // namespace

Task<Answer> Admin::plans(std::string product) {
  check_product(rooms_.plans, product);
  std::vector<PlanLine> lines;
  for (const auto& [name, of] : rooms_.plans.all())
    if (product.empty() || product == name)
      for (const auto& plan : of.plans)
        lines.push_back({name, plan.name, plan.title, plan.monthly_price, plan.yearly_price, limits_of(plan)});
  co_return Answer{shown(lines), ""};
}

Task<Answer> Admin::costs(CostsBy by, std::string product, std::int64_t day_count) {
  check_product(rooms_.plans, product);
  Costs& costs = rooms_.costs;
  const auto today = std::chrono::floor<days>(rooms_.clock.now());
  const billing::Days span{today - days(day_count - 1), today};
  switch (by) {
    case CostsBy::model:
      co_return answer(by_model, co_await costs.totals(Costs::By::model, std::move(product), span));
    case CostsBy::tier:
      co_return answer(by_tier, co_await costs.totals(Costs::By::tier, std::move(product), span));
    case CostsBy::user: {
      std::vector<Spender> spenders;
      for (auto& total : co_await costs.people(std::move(product), span, kMostPeople)) {
        const auto account = total.name.empty() ? std::nullopt : co_await rooms_.people.accounts.find(total.name);
        spenders.push_back({std::move(total), account ? account->mail.value_or("") : ""});
      }
      co_return answer(by_user, spenders);
    }
    case CostsBy::day:
      break;
  }
  std::map<std::string, Books> books;
  for (auto day = span.first; day <= span.last; day += days(1)) books[billing::date_of(day)] = {};
  for (const auto& total : co_await costs.totals(Costs::By::day, product, span)) books[total.name].cost = total.cost;
  for (const auto& earning : co_await costs.earnings(product, span)) books[earning.date].revenue += earning.revenue;
  co_return answer(by_day, books);
}

}  // namespace odeon::server
