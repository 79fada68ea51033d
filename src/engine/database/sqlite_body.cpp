#include "engine/database/sqlite_body.hpp"

namespace odeon::database::sqlite {
namespace {

// Each statement is done before it would be awaited.
class BodyTransaction final : public Transaction {
 public:
  explicit BodyTransaction(Connection& connection) : connection_(connection) {}

  Engine engine() const override { return Engine::sqlite; }
  Task<void> commit() override {
    throw std::logic_error("a transaction as a whole is committed when its body returns");
  }
  Task<void> script(std::string_view statements) override {
    begin();
    connection_.script(std::string(statements));
    over_ = false;
    co_return;
  }
  // Nobody gets between this and the commit.
  void with_commit(std::function<bool()> call) override { followed_ |= call(); }
  void after_commit(std::function<void()> call) override { after_commit_.push_back(std::move(call)); }

  // As any other, it can only be given up after a failure.
  void check() const {
    if (over_) throw std::logic_error("the transaction is over");
  }
  std::vector<std::function<void()>> take_calls() { return std::move(after_commit_); }
  bool followed() const { return followed_; }

 protected:
  Task<std::int64_t> run(Sql sql, std::vector<Values> batches, RowSink* sink) override {
    co_return run_now(sql, batches, sink);
  }
  void run_later(Sql sql, std::vector<Values> batches) override { run_now(sql, batches, nullptr); }

 private:
  std::int64_t run_now(Sql sql, const std::vector<Values>& batches, RowSink* sink) {
    begin();
    const std::int64_t changed = batches.empty() ? 0 : connection_.run(sql.text(), batches, sink);
    over_ = false;
    return changed;
  }

  void begin() {
    check();
    over_ = true;  // unless it succeeds
  }

  Connection& connection_;
  std::vector<std::function<void()>> after_commit_;
  bool followed_ = false;
  bool over_ = false;
};

}  // namespace

BodyRunner::Outcome BodyRunner::run(Connection& connection, const WholeTransactions::Body& body) {
  BodyTransaction transaction(connection);
  Outcome outcome;
  std::exception_ptr failure;
  asio::co_spawn(loop_, body(transaction), [&](std::exception_ptr thrown, bool keep) {
    failure = std::move(thrown);
    outcome.keep = keep;
  });
  loop_.restart();
  loop_.run();
  if (failure) std::rethrow_exception(failure);
  if (!outcome.keep) return outcome;
  transaction.check();
  outcome.after_commit = transaction.take_calls();
  outcome.followed = transaction.followed();
  return outcome;
}

}  // namespace odeon::database::sqlite
