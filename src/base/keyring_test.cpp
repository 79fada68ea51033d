#include "base/keyring.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/sealed_data.hpp"

namespace odeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

SealingKey key(const std::string& id) {
  return {id, crypto::sha256(id)};
}

// The detail of the Error by which `text` does not open; empty if it does.
std::string opening_fault(const KeyRing& ring, const std::string& text, const std::string& purpose) {
  try {
    ring.open(text, purpose);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::internal);
    return error.detail;
  }
  return "";
}

RC_GTEST_PROP(KeyRing, OpensWhatItSealed, (const std::string& plain, const std::string& purpose)) {
  const KeyRing ring({key("a"), key("b")});
  const std::string text = ring.seal(plain, purpose);
  RC_ASSERT(text.starts_with("odeon.v1.a."));
  RC_ASSERT(ring.open(text, purpose) == plain);
  RC_ASSERT(ring.open_or_plain(text, purpose) == plain);
  RC_ASSERT(ring.is_current(text));
}

RC_GTEST_PROP(KeyRing, OpensNothingThatWasChangedByABit, (const std::string& plain)) {
  const KeyRing ring({key("a"), key("b")});
  std::string text = ring.seal(plain, "tests");
  const auto bit = *rc::gen::inRange<std::size_t>(0, text.size() * 8);
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  RC_ASSERT(!opening_fault(ring, text, "tests").empty());
}

RC_GTEST_PROP(KeyRing, OpensNothingForAnotherPurpose,
              (const std::string& plain, const std::string& purpose, const std::string& other)) {
  RC_PRE(purpose != other);
  const KeyRing ring({key("a")});
  RC_ASSERT(!opening_fault(ring, ring.seal(plain, purpose), other).empty());
}

RC_GTEST_PROP(KeyRing, OpensNothingThatIsNotSealed, (const std::string& text)) {
  const KeyRing ring({key("a")});
  RC_ASSERT(!opening_fault(ring, text, "tests").empty());
  RC_ASSERT(!opening_fault(ring, "odeon.v1.a." + text, "tests").empty());
  RC_ASSERT(text.starts_with("odeon.v1.") || ring.open_or_plain(text, "tests") == text);
}

// SP 800-38D as its test vectors have it (gcmEncryptExtIV256, 128 bits of text and of associated data).
TEST(KeyRing, OpensWhatOthersSealedAsTheStandardSays) {
  const KeyRing ring({{"nist", *crypto::from_hex("92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b")}});
  const std::string sealed = *crypto::from_hex(
      "ac93a1a6145299bde902f21a"
      "8995ae2e6df3dbf96fac7b7137bae67f"
      "eca5aa77d51d4a0a14d9c51e1da474ab");
  EXPECT_EQ(
      ring.open("odeon.v1.nist." + crypto::to_base64url(sealed), *crypto::from_hex("1e0889016f67601c8ebea4943bc23ad6")),
      *crypto::from_hex("2d71bcfa914e4ac045b2aa60955fad24"));
}

TEST(KeyRing, NeverRepeatsANonce) {
  const KeyRing ring({key("a")});
  std::set<std::string> nonces;
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = ring.seal("the same", "tests");
    nonces.insert(crypto::from_base64(text.substr(text.rfind('.') + 1)).value().substr(0, 12));
  }
  EXPECT_EQ(nonces.size(), 2'000U);
}

TEST(KeyRing, SaysWhyItCannotOpenAndNoSecret) {
  const std::string text = KeyRing({key("old")}).seal("plain secret", "tests");
  const std::string no_key = opening_fault(KeyRing({key("new")}), text, "tests");
  EXPECT_THAT(no_key, HasSubstr("sealed by the key old"));
  const std::string wrong_key = opening_fault(KeyRing({{"old", crypto::sha256("other")}}), text, "tests");
  EXPECT_THAT(wrong_key, HasSubstr("not sealed by this key old"));
  for (const auto& fault : {no_key, wrong_key, opening_fault(KeyRing({key("old")}), "plain secret", "tests")}) {
    EXPECT_THAT(fault, HasSubstr("for tests"));
    EXPECT_THAT(fault, Not(HasSubstr("plain secret")));
  }
}

TEST(KeyRing, OpensWithEveryKeyAndSealsWithTheFirst) {
  const std::string old = KeyRing({key("old")}).seal("x", "tests");
  const KeyRing ring({key("new"), key("old")});
  EXPECT_EQ(ring.open(old, "tests"), "x");
  EXPECT_FALSE(ring.is_current(old));
  EXPECT_FALSE(ring.is_current("x"));
  EXPECT_TRUE(ring.is_current(ring.seal("x", "tests")));
  EXPECT_THAT(ring.ids(), ElementsAre("new", "old"));
}

TEST(KeyRing, WithoutKeysSealsNothing) {
  const KeyRing none;
  EXPECT_EQ(none.seal("x", "tests"), "x");
  EXPECT_EQ(none.open_or_plain("x", "tests"), "x");
  EXPECT_TRUE(none.is_current("x"));
  EXPECT_THAT(opening_fault(none, KeyRing({key("a")}).seal("x", "tests"), "tests"), HasSubstr("by the key a"));
}

TEST(KeyRing, HearsOfOtherKeys) {
  std::optional<std::vector<SealingKey>> news;
  const KeyRing ring({key("old")}, [&] { return std::exchange(news, std::nullopt); });
  const std::string old = ring.seal("x", "tests");
  news = {key("new"), key("old")};
  EXPECT_FALSE(ring.is_current(old));
  EXPECT_EQ(sealing_key_of(ring.seal("x", "tests")), "new");
  EXPECT_EQ(ring.open(old, "tests"), "x");
}

TEST(SealingKeys, AreReadAsTheyAreWritten) {
  const SealingKey fresh = make_sealing_key(SystemClock());
  EXPECT_EQ(parse_sealing_keys({to_text(fresh), " " + to_text(key("b_2-C")) + " "}),
            (std::vector<SealingKey>{fresh, key("b_2-C")}));
}

TEST(SealingKeys, ThatCannotBeAreRefusedWithoutShowingThem) {
  const std::string good = to_text(key("a")), bytes = crypto::to_base64(crypto::sha256("b"));
  const std::vector<std::string> all = {bytes,
                                        ":" + bytes,
                                        "b.c:" + bytes,
                                        "b:",
                                        "b:" + bytes.substr(4),
                                        "b:" + bytes + "AAAA",
                                        "b:not base64",
                                        "a:" + bytes,
                                        "b:" + crypto::to_base64(crypto::sha256("a")),
                                        std::string(33, 'b') + ":" + bytes,
                                        ""};
  for (const auto& bad : all) {
    try {
      parse_sealing_keys({good, bad});
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_THAT(error.message, HasSubstr("key 2"));
      EXPECT_THAT(error.message, Not(HasSubstr(bytes.substr(0, 10))));
    }
  }
}

// Values of a room that others write to meanwhile.
struct Shelf final : SealedData {
  std::string_view room() const override { return "shelf"; }
  Task<std::vector<SealedValue>> values(std::string prefix, std::string after) override {
    std::vector<SealedValue> some;
    for (auto at = texts.upper_bound(after); at != texts.end() && some.size() < 2; ++at)
      if (prefix.empty() || !at->second.starts_with(prefix)) some.push_back({at->first, "tests", at->second});
    co_return some;
  }
  Task<bool> replace(SealedValue value, std::string text) override {
    if (value.id == written_meanwhile) texts[value.id] = "by another";
    if (texts[value.id] != value.text) co_return false;
    texts[value.id] = text;
    co_return true;
  }
  std::map<std::string, std::string> texts;
  std::string written_meanwhile;
};

TEST(SealedData, IsSealedAgain) {
  const KeyRing old({key("old")}), ring({key("new"), key("old")});
  Shelf shelf;
  shelf.texts = {{"a", "plain"},
                 {"b", old.seal("B", "tests")},
                 {"c", ring.seal("C", "tests")},
                 {"d", "plain"},
                 {"e", old.seal("E", "tests")}};
  EXPECT_THAT(run_task(count_by_key(shelf)), ElementsAre(Pair("", 2), Pair("new", 1), Pair("old", 2)));
  EXPECT_EQ(run_task(reseal(shelf, KeyRing(), Reseal::outdated)), 0);
  EXPECT_EQ(run_task(reseal(shelf, ring, Reseal::plain)), 2);
  EXPECT_THAT(run_task(count_by_key(shelf)), ElementsAre(Pair("new", 3), Pair("old", 2)));
  EXPECT_EQ(run_task(reseal(shelf, ring, Reseal::outdated)), 2);
  EXPECT_EQ(run_task(reseal(shelf, ring, Reseal::outdated)), 0);
  EXPECT_THAT(run_task(count_by_key(shelf)), ElementsAre(Pair("new", 5)));
  std::string all;
  for (const auto& [id, text] : shelf.texts) all += KeyRing({key("new")}).open(text, "tests") + ' ';
  EXPECT_EQ(all, "plain B C plain E ");
}

TEST(SealedData, StaysAsOthersWroteItMeanwhile) {
  Shelf shelf;
  shelf.texts = {{"a", "1"}, {"b", "2"}};
  shelf.written_meanwhile = "a";
  const KeyRing ring({key("k")});
  EXPECT_EQ(run_task(reseal(shelf, ring, Reseal::outdated)), 1);
  EXPECT_EQ(shelf.texts["a"], "by another");
  EXPECT_EQ(ring.open(shelf.texts["b"], "tests"), "2");
}

TEST(SealedData, IsNamedWhereItCannotBeOpened) {
  Shelf shelf;
  shelf.texts = {{"a", KeyRing({key("lost")}).seal("x", "tests")}};
  try {
    run_task(reseal(shelf, KeyRing({key("k")}), Reseal::outdated));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.detail, HasSubstr("shelf/a"));
    EXPECT_THAT(error.detail, HasSubstr("key lost"));
  }
}

}  // namespace
}  // namespace odeon
