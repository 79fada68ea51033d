#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "engine/database/database.hpp"

namespace odeon::database {
namespace {

// A row made by hand.
class HandRow final : public Row {
 public:
  explicit HandRow(std::vector<std::pair<std::string, Value>> cells) : cells_(std::move(cells)) {}
  int columns() const override { return static_cast<int>(cells_.size()); }
  std::string_view name(int column) const override { return at(column).first; }
  bool is_null(int column) const override { return at(column).second.index() == 0; }
  bool boolean(int column) const override { return std::get<bool>(at(column).second); }
  std::int64_t integer(int column) const override { return std::get<std::int64_t>(at(column).second); }
  double real(int column) const override { return std::get<double>(at(column).second); }
  std::string_view text(int column) const override { return std::get<std::string>(at(column).second); }
  std::span<const std::byte> blob(int column) const override { return std::get<Blob>(at(column).second); }

 private:
  const std::pair<std::string, Value>& at(int column) const { return cells_.at(static_cast<std::size_t>(column)); }
  std::vector<std::pair<std::string, Value>> cells_;
};

template <class T>
T read(const HandRow& row) {
  detail::VectorSink<T> sink;
  sink.row(row);
  return sink.rows.at(0);
}

enum class Size { small_, large };
BOOST_DESCRIBE_ENUM(Size, small_, large)

struct Shirt {
  std::string id;
  Size size = Size::large;
  std::optional<std::int64_t> price;
};
BOOST_DESCRIBE_STRUCT(Shirt, (), (id, size, price))

TEST(Rows, MapsColumnsByNameAndIgnoresTheRest) {
  const HandRow row({{"price", std::int64_t(9)}, {"noise", true}, {"size", "small"}, {"id", "s1"}});
  const auto shirt = read<Shirt>(row);
  EXPECT_EQ("s1", shirt.id);
  EXPECT_EQ(Size::small_, shirt.size);
  EXPECT_EQ(9, shirt.price);
}

TEST(Rows, RefusesWhatDoesNotFit) {
  const Value text = std::string("s1"), null, huge = std::string("huge");
  EXPECT_THROW(read<Shirt>(HandRow({{"id", text}, {"size", std::string("large")}})), std::runtime_error);
  EXPECT_THROW(read<Shirt>(HandRow({{"id", null}, {"size", std::string("large")}, {"price", null}})),
               std::runtime_error);
  EXPECT_THROW(read<Shirt>(HandRow({{"id", text}, {"size", huge}, {"price", null}})), std::runtime_error);
}

TEST(Rows, ReadsNullOnlyIntoOptional) {
  EXPECT_EQ(std::nullopt, read<std::optional<bool>>(HandRow({{"a", Value()}})));
  EXPECT_TRUE(read<json::value>(HandRow({{"a", Value()}})).is_null());
  EXPECT_THROW(read<bool>(HandRow({{"a", Value()}})), std::runtime_error);
  EXPECT_THROW(read<std::string>(HandRow({{"a", Value()}})), std::runtime_error);
}

TEST(Rows, TurnsArgumentsIntoValues) {
  const auto values = detail::to_values(1, true, 2.5F, "text", std::string_view("view"), std::nullopt,
                                        std::optional<int>(), std::optional(std::string("x")), Instant(Micros(7)),
                                        Size::small_, Blob{std::byte(1)}, std::vector<int>{1, 2});
  const Values wanted{std::int64_t(1),
                      true,
                      2.5,
                      std::string("text"),
                      std::string("view"),
                      std::monostate(),
                      std::monostate(),
                      std::string("x"),
                      std::int64_t(7),
                      std::string("small"),
                      Blob{std::byte(1)},
                      std::string("[1,2]")};
  EXPECT_EQ(wanted, values);
}

template <class T>
void roundtrips(const char* what) {
  EXPECT_TRUE(rc::check(what, [](const T& value) {
    const HandRow row({{"a", detail::to_value(value)}});
    RC_ASSERT(read<T>(row) == value);
    const HandRow none({{"a", detail::to_value(std::optional<T>())}});
    RC_ASSERT(!read<std::optional<T>>(none));
  }));
}

TEST(Rows, ReadsBackWhatItStored) {
  roundtrips<bool>("bool");
  roundtrips<std::int64_t>("int64");
  roundtrips<std::int16_t>("int16");
  roundtrips<std::uint32_t>("uint32");
  roundtrips<double>("double");
  roundtrips<std::string>("string");
  roundtrips<std::vector<std::int64_t>>("list");
}

}  // namespace
}  // namespace odeon::database
