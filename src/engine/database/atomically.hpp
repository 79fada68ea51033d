// A transaction as a whole.
//
//   co_await database::atomically(db, Isolation::statement, [&](Transaction& tx) -> Task<void> {
//     co_await tx.execute("INSERT INTO … VALUES ($1, $2)", id, name);
//     co_await queue.enqueue(tx, Illustrate{id});
//   });
//
// `begin` hands each statement over by itself, and all who write wait until the next one comes: that is for whoever has
// to wait for something in between. Here SQLite is handed all of it, and runs it where it writes, one statement
// straight after the other: several times as many a second. PostgreSQL does it as by `begin`.
//
// It is committed when `body` returns. Where that throws, or returns a std::unexpected, nothing happened. `body` may
// run on another thread while the caller waits, so it awaits statements of its transaction and nothing else, and uses
// only what any thread may use. Cancelled it is done as a whole or not at all. Failures are those of Database.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <type_traits>

#include "engine/database/database.hpp"

namespace odeon::database {

enum class Durability {
  full,  // on disk when it is acknowledged
  soon,  // a moment later: whoever writes sees it at once, readers soon, and a crash may take it back
};

// A driver that takes transactions as a whole.
class WholeTransactions {
 public:
  using Body = std::function<Task<bool>(Transaction&)>;  // false: nothing shall have happened
  virtual ~WholeTransactions() = default;
  virtual Task<void> run_whole(Body body, Durability durability) = 0;
};

namespace detail {

Task<void> run_whole(Database& database, Isolation isolation, WholeTransactions::Body body, Durability durability);

template <class T>
inline constexpr bool is_expected = false;
template <class T, class E>
inline constexpr bool is_expected<std::expected<T, E>> = true;

}  // namespace detail

template <class Body>
auto atomically(Database& database, Isolation isolation, Body body, Durability durability = Durability::full)
    -> std::invoke_result_t<Body&, Transaction&> {
  using Result = typename std::invoke_result_t<Body&, Transaction&>::value_type;
  if constexpr (std::is_void_v<Result>) {
    auto whole = [&body](Transaction& tx) -> Task<bool> {
      co_await body(tx);
      co_return true;
    };
    co_await detail::run_whole(database, isolation, std::move(whole), durability);
  } else {
    std::optional<Result> result;
    auto whole = [&body, &result](Transaction& tx) -> Task<bool> {
      result.emplace(co_await body(tx));
      if constexpr (detail::is_expected<Result>) co_return result->has_value();
      co_return true;
    };
    co_await detail::run_whole(database, isolation, std::move(whole), durability);
    co_return std::move(*result);
  }
}

}  // namespace odeon::database
