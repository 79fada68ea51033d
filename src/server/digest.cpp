#include "server/digest.hpp"

namespace odeon::server {
namespace {

using billing::Costs;
using billing::Days;
using std::chrono::days;

std::string in_dollars(std::int64_t nanos) {
  constexpr std::int64_t kCent = 10'000'000;
  const std::int64_t cents = (nanos + kCent / 2) / kCent;
  return fmt::format("${}.{:02}", cents / 100, cents % 100);
}

std::string heading(const std::string& title, Days span) {
  const std::string first = billing::date_of(span.first), last = billing::date_of(span.last);
  return first == last ? fmt::format("{}, {}\n", title, first) : fmt::format("{}, {} to {}\n", title, first, last);
}

}  // namespace

void Digest::install(jobs::Worker& worker) {
  worker.handle<SendDigest>([this](SendDigest, jobs::Job&) { return send(); });
  if (!to_.empty()) worker.schedule("server.digest", jobs::Cron("10 6 * * *"), SendDigest{});
}

Task<void> Digest::send() {
  if (to_.empty()) co_return;  // since the job was written
  const auto today = std::chrono::floor<days>(clock_.now());
  const std::chrono::year_month_day date = today;
  const auto yesterday = today - days(1);
  std::string text = co_await usage("Yesterday", {yesterday, yesterday});
  if (std::chrono::weekday(today) == std::chrono::Monday)
    text += co_await usage("Last week", {today - days(7), yesterday});
  if (date.day() == std::chrono::day(1)) {
    const Days month{today - days(static_cast<unsigned>(std::chrono::year_month_day(yesterday).day())), yesterday};
    text += co_await usage("Last month", month);
    text += co_await people(month);
  }
  const std::string told = billing::date_of(yesterday);
  auto tx = co_await database_.begin();
  co_await mail_.send(*tx, {.to = {.address = to_},
                            .content = {.subject = "How Odeon was on " + told,
                                        .text = text,
                                        .html = "<pre>" + text::escape_html(text) + "</pre>"},
                            .key = "digest-" + told});
  co_await tx->commit();
}

// By product: calls of models, what they cost, and what was earned beside it.
Task<std::string> Digest::usage(std::string title, Days span) {
  struct Line {
    std::int64_t calls = 0, cost = 0, revenue = 0;
  };
  std::map<std::string, Line> lines;
  for (const auto& total : co_await costs_.totals(Costs::By::product, "", span))
    lines[total.name] = {.calls = total.count, .cost = total.cost};
  for (const auto& earning : co_await costs_.earnings("", span)) lines[earning.product].revenue += earning.revenue;
  std::string text = heading(title, span);
  if (lines.empty()) text += "  Nobody called a model, and nobody paid.\n";
  for (const auto& [product, line] : lines)
    text += fmt::format("  {}: {} calls of models for {}; earned {}\n", product.empty() ? "no product" : product,
                        line.calls, in_dollars(line.cost), in_dollars(line.revenue));
  co_return text += fmt::format("  People for whom a model was called: {}\n\n", co_await costs_.active_people(span));
}

Task<std::string> Digest::people(Days month) {
  std::int64_t all = 0, count = 0;
  for (auto day = month.first; day <= month.last; day += days(1), ++count)
    all += co_await costs_.active_people({day, day});
  std::map<std::string, std::int64_t> contracts;  // by date
  for (const auto& earning : co_await costs_.earnings("", month)) contracts[earning.date] += earning.contracts;
  co_return fmt::format(
      "People\n  On a day in the mean: {}\n  In the month: {}\n"
      "  Contracts that paid on its first day: {}, on its last: {}; ended in between: {}\n\n",
      (all + count / 2) / count, co_await costs_.active_people(month), contracts[billing::date_of(month.first)],
      contracts[billing::date_of(month.last)], co_await costs_.ended_contracts(month));
}

}  // namespace odeon::server
