// Every kind of value comes back as it was stored, with every driver.
#include <rapidcheck.h>

#include "base/fields.hpp"
#include "engine/database/conformance_test.hpp"

namespace odeon::database {
namespace {

enum class Mood { calm, wild };
BOOST_DESCRIBE_ENUM(Mood, calm, wild)

struct Sound {
  std::string name;
  int volume = 0;
  bool operator==(const Sound&) const = default;
};
BOOST_DESCRIBE_STRUCT(Sound, (), (name, volume))

struct Everything {
  std::int64_t id = 0;
  bool flag = false;
  double real = 0;
  std::string words;
  Blob bytes;
  Instant at;
  Mood mood = Mood::calm;
  std::optional<std::int64_t> maybe;
  std::vector<Sound> sounds;
  bool operator==(const Everything&) const = default;
};
BOOST_DESCRIBE_STRUCT(Everything, (), (id, flag, real, words, bytes, at, mood, maybe, sounds))

Task<void> make_table(Database& db) {
  co_await db.execute(
      "CREATE TABLE everything (id BIGINT PRIMARY KEY, flag BOOLEAN NOT NULL, real DOUBLE PRECISION NOT NULL, "
      "words TEXT NOT NULL, bytes BYTEA NOT NULL, at BIGINT NOT NULL, mood TEXT NOT NULL, maybe BIGINT, "
      "sounds TEXT NOT NULL)");
}

Task<Everything> store(Executor& db, Everything e) {
  co_await db.execute(
      "INSERT INTO everything (id, flag, real, words, bytes, at, mood, maybe, sounds) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      e.id, e.flag, e.real, e.words, e.bytes, e.at, e.mood, e.maybe, e.sounds);
  auto found = co_await db.find<Everything>("SELECT * FROM everything WHERE id = $1", e.id);
  co_return std::move(found).value();
}

rc::Gen<std::string> any_text() {
  // Without U+0000, which PostgreSQL has no room for.
  const auto code_point = rc::gen::oneOf(rc::gen::inRange<char32_t>(1, 0x80), rc::gen::inRange<char32_t>(0x80, 0xD800),
                                         rc::gen::inRange<char32_t>(0xE000, 0x110000));
  return rc::gen::map(rc::gen::container<std::u32string>(code_point), [](const std::u32string& points) {
    std::string out;
    for (const char32_t point : points) text::append_code_point(out, point);
    return out;
  });
}

TEST_P(Conformance, KeepsEveryValue) {
  run([](Database& db) -> Task<> { co_await make_table(db); });
  std::int64_t next = 0;
  EXPECT_TRUE(rc::check([&] {
    Everything e;
    e.id = ++next;
    e.flag = *rc::gen::arbitrary<bool>();
    e.real = *rc::gen::arbitrary<double>();
    e.words = *any_text();
    for (const auto byte : *rc::gen::arbitrary<std::vector<std::uint8_t>>()) e.bytes.push_back(std::byte(byte));
    e.at = Instant(Micros(*rc::gen::arbitrary<std::int64_t>()));
    e.mood = *rc::gen::element(Mood::calm, Mood::wild);
    e.maybe = *rc::gen::maybe(rc::gen::arbitrary<std::int64_t>()) ? std::optional(*rc::gen::arbitrary<std::int64_t>())
                                                                  : std::nullopt;
    for (int i = 0; i < *rc::gen::inRange(0, 3); ++i) e.sounds.push_back({*any_text(), *rc::gen::arbitrary<int>()});
    RC_ASSERT(run_task(store(*db, e)) == e);
  }));
}

TEST_P(Conformance, KeepsTheExtremes) {
  run([](Database& db) -> Task<> {
    co_await make_table(db);
    Everything e;
    e.real = std::numeric_limits<double>::denorm_min();
    e.words = std::string(1 << 20, 'x');
    e.bytes = Blob(1 << 20, std::byte(0));
    for (const auto extreme : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
      e.id = extreme;
      e.maybe = extreme;
      e.at = Instant(Micros(extreme));
      EXPECT_TRUE(e == co_await store(db, e));
    }
  });
}

struct Line {
  int id = 0;
  std::optional<int> number;
  std::string word;
  bool flag = false;
  bool operator==(const Line&) const = default;
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, number, word, flag))

Task<std::vector<Line>> store_in_one_go(Database& db, std::vector<Line> lines) {
  co_await db.execute("DELETE FROM lines");
  std::vector<std::tuple<int, std::optional<int>, std::string, bool>> rows;
  for (const auto& line : lines) rows.emplace_back(line.id, line.number, line.word, line.flag);
  co_await db.execute_each("INSERT INTO lines (id, number, word, flag) VALUES ($1, $2, $3, $4)", std::move(rows));
  co_return co_await db.query<Line>("SELECT id, number, word, flag FROM lines ORDER BY id");
}

TEST_P(Conformance, KeepsManyRowsThatAreMuchAlike) {
  run([](Database& db) -> Task<> {
    co_await db.execute(
        "CREATE TABLE lines (id BIGINT PRIMARY KEY, number BIGINT, word TEXT NOT NULL, flag BOOLEAN NOT NULL)");
  });
  EXPECT_TRUE(rc::check([&] {
    std::vector<Line> lines;
    for (int i = 0; i < *rc::gen::inRange(0, 12); ++i)
      lines.push_back({i, *rc::gen::element(std::optional<int>(), std::optional(0), std::optional(7)),
                       *rc::gen::element(std::string(), std::string("seven")), *rc::gen::arbitrary<bool>()});
    RC_ASSERT(run_task(store_in_one_go(*db, lines)) == lines);
  }));
}

struct Form {
  Text<1, 5> name;
  Int<1, 9> age;
  json::value extra;
};
BOOST_DESCRIBE_STRUCT(Form, (), (name, age, extra))

TEST_P(Conformance, StoresFieldsAndJson) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE forms (name TEXT NOT NULL, age BIGINT NOT NULL, extra TEXT)");
    Form form;
    form.name = Text<1, 5>("Mia");
    form.age.value = 6;
    form.extra = json::parse(R"({"colours":["red",1.5,null]})");
    co_await db.execute("INSERT INTO forms (name, age, extra) VALUES ($1, $2, $3)", form.name, form.age, form.extra);
    const auto stored = (co_await db.find<Form>("SELECT * FROM forms")).value();
    EXPECT_EQ(form.name, stored.name);
    EXPECT_EQ(form.age.value, stored.age.value);
    EXPECT_EQ(form.extra, stored.extra);
    co_await db.execute("UPDATE forms SET extra = NULL");
    EXPECT_TRUE((co_await db.find<Form>("SELECT * FROM forms")).value().extra.is_null());
  });
}

TEST_P(Conformance, ComparesBooleansAndTextAsSqlDoes) {
  run([](Database& db) -> Task<> {
    co_await db.execute("CREATE TABLE words (word TEXT, kept BOOLEAN NOT NULL)");
    std::vector<std::tuple<std::optional<std::string>, bool>> rows{{"abc", true}, {"a%c", false}, {std::nullopt, true}};
    co_await db.execute_each("INSERT INTO words (word, kept) VALUES ($1, $2)", rows);
    EXPECT_EQ(2, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM words WHERE kept"));
    EXPECT_EQ(1, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM words WHERE kept = $1", false));
    EXPECT_EQ(1, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM words WHERE word LIKE $1 ESCAPE '!'", "a!%c"));
    EXPECT_EQ(
        0, co_await db.find<std::int64_t>("SELECT COUNT(*) FROM words WHERE word = $1", std::optional<std::string>()));
    EXPECT_EQ(true, co_await db.find<bool>("SELECT COUNT(*) > 2 FROM words"));
  });
}

}  // namespace
}  // namespace odeon::database
