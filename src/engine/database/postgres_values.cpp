#include "engine/database/postgres_values.hpp"

#include <charconv>

#include "engine/database/libpq.hpp"

namespace odeon::database::postgres {
namespace {

constexpr std::size_t kMostBytes = std::size_t{512} << 20;
constexpr Oid kBytea = 17;

std::runtime_error not_a(std::string_view what, std::string_view column) {
  return std::runtime_error(fmt::format("column {} is not {}", column, what));
}

Blob from_hex(std::string_view text) {  // "\x00ff…"
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Blob bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(digit(text[i]) << 4 | digit(text[i + 1])));
  return bytes;
}

class ResultRow final : public Row {
 public:
  explicit ResultRow(const PGresult* result) : result_(result) {}
  void go_to(int row) {
    row_ = row;
    blobs_.clear();
  }

  int columns() const override { return libpq().PQnfields(result_); }
  std::string_view name(int column) const override { return libpq().PQfname(result_, column); }
  bool is_null(int column) const override { return libpq().PQgetisnull(result_, row_, column) == 1; }
  bool boolean(int column) const override { return integer(column) != 0; }
  std::int64_t integer(int column) const override { return number<std::int64_t>(column, "an integer"); }
  double real(int column) const override { return number<double>(column, "a number"); }
  std::string_view text(int column) const override {
    return {libpq().PQgetvalue(result_, row_, column),
            static_cast<std::size_t>(libpq().PQgetlength(result_, row_, column))};
  }
  std::span<const std::byte> blob(int column) const override {
    if (libpq().PQftype(result_, column) != kBytea) return std::as_bytes(std::span(text(column)));
    return blobs_.emplace_back(from_hex(text(column)));
  }

 private:
  template <class T>
  T number(int column, std::string_view what) const {
    const auto all = text(column);
    if (all == "t") return 1;
    if (all == "f") return 0;
    T value{};
    const auto [end, fault] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (fault != std::errc() || end != all.data() + all.size()) throw not_a(what, name(column));
    return value;
  }

  const PGresult* result_;
  int row_ = 0;
  mutable std::deque<Blob> blobs_;
};

std::size_t combine(std::size_t seed, std::string_view bytes) {
  return (seed ^ std::hash<std::string_view>()(bytes)) * 0x9E3779B97F4A7C15u + 1;
}

}  // namespace

void ClearResult::operator()(PGresult* result) const {
  libpq().PQclear(result);
}

std::size_t check_values(const std::vector<Values>& batches) {
  std::size_t all = 0;
  for (const auto& values : batches) {
    std::size_t bytes = values.size() * sizeof(Value);
    for (const auto& value : values) {
      if (const auto* text = std::get_if<std::string>(&value)) {
        bytes += text->size();
        if (text->contains('\0'))
          throw Error(Fault::invalid, "INVALID_TEXT", "Text must not hold the character U+0000.");
      } else if (const auto* blob = std::get_if<Blob>(&value)) {
        bytes += blob->size();
      }
    }
    if (bytes > kMostBytes) throw Error(Fault::invalid, "TOO_LARGE", "A value is too large.");
    all += bytes;
  }
  return all;
}

void Arguments::set(const Values& values) {
  texts.assign(values.size(), nullptr);
  lengths.assign(values.size(), 0);
  formats.assign(values.size(), 0);
  numbers_.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto number = [&](auto value) {
      *fmt::format_to(numbers_[i].data(), "{}", value) = '\0';
      texts[i] = numbers_[i].data();
    };
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::same_as<T, bool>) {
            texts[i] = value ? "t" : "f";
          } else if constexpr (std::same_as<T, std::int64_t> || std::same_as<T, double>) {
            number(value);
          } else if constexpr (std::same_as<T, std::string>) {
            texts[i] = value.c_str();
          } else if constexpr (std::same_as<T, Blob>) {
            // Where there are no bytes there is no pointer, which would stand for NULL.
            texts[i] = value.empty() ? "" : reinterpret_cast<const char*>(value.data());
            lengths[i] = static_cast<int>(value.size());
            formats[i] = 1;
          }
        },
        values[i]);
  }
}

void visit_rows(const PGresult* result, RowSink& sink) {
  ResultRow row(result);
  for (int i = 0; i < libpq().PQntuples(result); ++i) {
    row.go_to(i);
    sink.row(row);
  }
}

std::int64_t rows_changed(PGresult* result) {
  if (std::string_view(libpq().PQcmdStatus(result)).starts_with("SELECT")) return 0;
  const std::string_view count = libpq().PQcmdTuples(result);
  std::int64_t changed = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed);
  return changed;
}

std::size_t digest(std::span<const Result> results) {
  std::size_t sum = 0;
  for (const auto& result : results) {
    sum = combine(sum, libpq().PQcmdStatus(result.get()));
    const int columns = libpq().PQnfields(result.get());
    for (int row = 0; row < libpq().PQntuples(result.get()); ++row) {
      for (int column = 0; column < columns; ++column) {
        const auto length = static_cast<std::size_t>(libpq().PQgetlength(result.get(), row, column));
        sum = combine(sum + libpq().PQgetisnull(result.get(), row, column),
                      std::string_view(libpq().PQgetvalue(result.get(), row, column), length));
      }
    }
  }
  return sum;
}

}  // namespace odeon::database::postgres
