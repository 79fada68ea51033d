// Templates of database.hpp: arguments to values, rows to structs.
#pragma once

namespace odeon::database {
namespace detail {

template <class T>
Value to_value(const T& from) {
  if constexpr (std::same_as<T, std::nullopt_t>)
    return std::monostate();
  else if constexpr (json::is_optional<T>)
    return from ? to_value(*from) : Value();
  else if constexpr (std::same_as<T, bool>)
    return from;
  else if constexpr (std::same_as<T, Instant>)
    return static_cast<std::int64_t>(from.time_since_epoch().count());
  else if constexpr (std::integral<T>)
    return static_cast<std::int64_t>(from);
  else if constexpr (json::is_int<T> || json::is_clamped<T>)
    return from.value;
  else if constexpr (std::floating_point<T>)
    return static_cast<double>(from);
  else if constexpr (std::convertible_to<const T&, std::string_view>)
    return std::string(std::string_view(from));
  else if constexpr (std::same_as<T, Blob>)
    return from;
  else if constexpr (json::DescribedEnum<T>)
    return std::string(json::enum_name(from));
  else
    return json::write(from);  // structs, lists and JSON values are stored as JSON text
}

inline Value to_value(std::string&& from) {
  return std::move(from);
}

template <class T>
Value to_value(std::optional<T>&& from) {
  return from ? to_value(*std::move(from)) : Value();
}

template <class T>
void read_column(T& item, const Row& row, int column) {
  if constexpr (!json::is_optional<T> && !std::same_as<T, json::value>) {
    if (row.is_null(column)) throw std::runtime_error("NULL in column " + std::string(row.name(column)));
  }
  if constexpr (json::is_optional<T>) {
    if (row.is_null(column))
      item.reset();
    else
      read_column(item.emplace(), row, column);
  } else if constexpr (std::same_as<T, bool>) {
    item = row.boolean(column);
  } else if constexpr (std::same_as<T, Instant>) {
    item = Instant(Micros(row.integer(column)));
  } else if constexpr (std::integral<T> || json::is_int<T> || json::is_clamped<T>) {
    item = static_cast<T>(row.integer(column));
  } else if constexpr (std::floating_point<T>) {
    item = static_cast<T>(row.real(column));
  } else if constexpr (std::derived_from<T, std::string>) {
    item = T(std::string(row.text(column)));
  } else if constexpr (std::same_as<T, Blob>) {
    const auto bytes = row.blob(column);
    item.assign(bytes.begin(), bytes.end());
  } else if constexpr (json::DescribedEnum<T>) {
    const auto found = json::enum_value<T>(row.text(column));
    if (!found) throw std::runtime_error("unknown value in column " + std::string(row.name(column)));
    item = *found;
  } else if constexpr (std::same_as<T, json::value>) {
    item = row.is_null(column) ? json::value() : json::parse(row.text(column));
  } else {
    item = json::from<T>(row.text(column));
  }
}

template <class T>
concept Record = json::Described<T>;

template <class T>
class VectorSink final : public RowSink {
 public:
  void row(const Row& row) override {
    T item{};
    if constexpr (Record<T>) {
      if (columns_.empty()) map_columns(row);
      std::size_t next = 0;
      json::for_each_member<T>(
          [&](std::string_view, auto pointer) { read_column(item.*pointer, row, columns_[next++]); });
    } else {
      read_column(item, row, 0);
    }
    rows.push_back(std::move(item));
  }

  std::vector<T> rows;

 private:
  void map_columns(const Row& row) {
    json::for_each_member<T>([&](std::string_view name, auto) {
      for (int column = 0; column < row.columns(); ++column) {
        if (row.name(column) == name) {
          columns_.push_back(column);
          return;
        }
      }
      throw std::runtime_error("the result has no column " + std::string(name));
    });
  }
  std::vector<int> columns_;
};

template <class... Args>
Values to_values(Args&&... args) {
  Values values;
  values.reserve(sizeof...(args));
  (values.push_back(to_value(std::move(args))), ...);
  return values;
}

template <class... Args>
std::vector<Values> to_batches(std::vector<std::tuple<Args...>> rows) {
  std::vector<Values> batches;
  batches.reserve(rows.size());
  for (auto& row : rows)
    batches.push_back(std::apply([](auto&... args) { return to_values(std::move(args)...); }, row));
  return batches;
}

inline std::vector<Values> one(Values values) {
  std::vector<Values> batches;
  batches.push_back(std::move(values));
  return batches;
}

}  // namespace detail

template <class T, class... Args>
Task<std::vector<T>> Executor::query(Sql sql, Args... args) {
  detail::VectorSink<T> sink;
  co_await run(sql, detail::one(detail::to_values(std::move(args)...)), &sink);
  co_return std::move(sink.rows);
}

template <class T, class... Args>
Task<std::optional<T>> Executor::find(Sql sql, Args... args) {
  detail::VectorSink<T> sink;
  co_await run(sql, detail::one(detail::to_values(std::move(args)...)), &sink);
  if (sink.rows.empty()) co_return std::nullopt;
  co_return T(std::move(sink.rows.front()));
}

template <class... Args>
Task<std::int64_t> Executor::execute(Sql sql, Args... args) {
  co_return co_await run(sql, detail::one(detail::to_values(std::move(args)...)), nullptr);
}

template <class... Args>
Task<std::int64_t> Executor::execute_each(Sql sql, std::vector<std::tuple<Args...>> rows) {
  co_return co_await run(sql, detail::to_batches(std::move(rows)), nullptr);
}

template <class... Args>
void Transaction::execute_later(Sql sql, std::vector<std::tuple<Args...>> rows) {
  run_later(sql, detail::to_batches(std::move(rows)));
}

template <class T, class... Args>
Task<std::vector<T>> Executor::query_each(Sql sql, std::vector<std::tuple<Args...>> rows) {
  detail::VectorSink<T> sink;
  co_await run(sql, detail::to_batches(std::move(rows)), &sink);
  co_return std::move(sink.rows);
}

}  // namespace odeon::database
