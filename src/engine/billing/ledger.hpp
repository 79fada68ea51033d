// What every call of a model cost, in one place: for people's usage pages, for budgets and for the books.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::billing {

struct Expense {
  std::string user_id;  // empty: nobody's in particular
  std::string product;
  std::string operation;  // as the product names it: "story_generation"
  std::string model;
  std::string provider;
  std::int64_t cost = 0;  // nano-dollars
  std::int64_t tokens_in = 0, tokens_out = 0;
  std::int64_t units = 0;  // what is priced otherwise: characters, seconds, pictures
  std::string tier;        // of whoever pays, as plans.toml names it; empty: nobody's, or not known
  std::string id;          // a second one of the same id is none; empty: it comes once
  Instant at{};            // when; nothing: when it is recorded
};

struct Total {
  std::string name;  // an operation, a model or a day: "2026-11-20"
  std::int64_t count = 0;
  std::int64_t cost = 0;  // nano-dollars
  std::int64_t tokens_in = 0, tokens_out = 0;
  std::int64_t units = 0;
};
BOOST_DESCRIBE_STRUCT(Total, (), (name, count, cost, tokens_in, tokens_out, units))

// Thread-safe; what it is given outlives it.
class Ledger {
 public:
  Ledger(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<void> record(Expense expense) { return record(database_, std::move(expense)); }
  // In a transaction, with what was got for it.
  Task<void> record(database::Executor& executor, Expense expense);
  // All or none.
  Task<void> record_each(std::span<const Expense> expenses);
  // Awaited before anybody reads: what is on its way comes first. Before first use.
  void read_after(std::function<Task<void>()> call) { read_after_ = std::move(call); }

  enum class By { operation, model, day };
  // Of a person and a product from `from` until before `to`, in order of name; days are UTC's.
  Task<std::vector<Total>> totals(std::string user_id, std::string product, By by, Instant from, Instant to);
  // Nano-dollars.
  Task<std::int64_t> cost(std::string user_id, std::string product, Instant from, Instant to);

 private:
  Task<std::vector<Total>> by_day(std::string user_id, std::string product, Instant from, Instant to);
  Task<void> arrived();

  database::Database& database_;
  const Clock& clock_;
  std::function<Task<void>()> read_after_;
};

}  // namespace odeon::billing
