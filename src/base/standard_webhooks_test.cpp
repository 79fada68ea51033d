#include "base/standard_webhooks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"

namespace odeon::standard_webhooks {
namespace {

using std::chrono::seconds;

const Instant kNow = parse_iso8601("2026-11-20T07:30:00Z").value();
const std::string kBody = R"({"type": "order.paid"})";

bool good(const Signature& made, const std::vector<std::string>& keys = {"key"}, Instant now = kNow,
          std::string_view id = "msg_1") {
  return is_signed(id, made, kBody, keys, now);
}
Signature made_with(const std::vector<std::string>& keys) {
  return sign("msg_1", kNow, kBody, keys);
}

// The example that the specification gives.
TEST(StandardWebhooks, SignsAsPublished) {
  const auto key = crypto::from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  const auto made =
      sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Instant(seconds(1614265330)), R"({"test": 2432232314})", {key});
  EXPECT_EQ(made.timestamp, "1614265330");
  EXPECT_EQ(made.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(StandardWebhooks, AreGoodForFiveMinutesToEitherSide) {
  const auto made = made_with({"key"});
  EXPECT_TRUE(good(made));
  for (const int by : {-300, 300}) EXPECT_TRUE(good(made, {"key"}, kNow + seconds(by))) << by;
  for (const int by : {-301, 301, 86400}) EXPECT_FALSE(good(made, {"key"}, kNow + seconds(by))) << by;
}

TEST(StandardWebhooks, AnyOfSeveralKeysAndSignaturesWillDo) {
  const auto old = made_with({"old"}), both = made_with({"old", "new"});
  EXPECT_FALSE(good(old, {"new"}));
  EXPECT_TRUE(good(old, {"new", "old"}));
  EXPECT_TRUE(good(both, {"new"}));
  EXPECT_TRUE(good(both, {"old"}));
  EXPECT_FALSE(good(both, {}));
  EXPECT_FALSE(good(made_with({""}), {""})) << "no key is no key";
}

TEST(StandardWebhooks, NothingElseIsGood) {
  const auto [stamp, mark] = made_with({"key"});
  for (const Signature& bad :
       {Signature{stamp, ""}, Signature{stamp, mark.substr(3)}, Signature{stamp, "v2" + mark.substr(2)},
        Signature{stamp, mark + "="}, Signature{stamp, mark.substr(0, mark.size() - 1)}, Signature{"", mark},
        Signature{"0" + stamp, mark}, Signature{"-" + stamp, mark}, Signature{stamp + " ", mark},
        Signature{"99999999999999999999", mark}, Signature{stamp, std::string(5000, ' ') + mark},
        Signature{stamp, "v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a v1,a " + mark}})
    EXPECT_FALSE(good(bad)) << bad.timestamp << " " << bad.signature;
  EXPECT_TRUE(good({stamp, "v1a,xyz " + mark})) << "beside what others can read";
  EXPECT_FALSE(good({stamp, mark}, {"key"}, kNow, "msg_2"));
  EXPECT_FALSE(good(sign("", kNow, kBody, {"key"}), {"key"}, kNow, ""));
  EXPECT_FALSE(good(sign("a.b", kNow, kBody, {"key"}), {"key"}, kNow, "a.b"));
}

RC_GTEST_PROP(StandardWebhooks, HoldForTheseBytesAlone, (const std::string& body, const std::string& key)) {
  RC_PRE(!key.empty());
  const auto made = sign("msg_1", kNow, body, {key});
  RC_ASSERT(is_signed("msg_1", made, body, {key}, kNow));
  std::string other = body + "x";
  other[*rc::gen::inRange<std::size_t>(0, other.size())] ^= 1;
  RC_ASSERT(!is_signed("msg_1", made, other, {key}, kNow));
  RC_ASSERT(!is_signed("msg_1", made, body, {key + "x"}, kNow));
}

RC_GTEST_PROP(StandardWebhooks, TakeAnyFields, (const std::string& stamp, const std::string& mark)) {
  RC_ASSERT(!good({stamp, mark}));
}

}  // namespace
}  // namespace odeon::standard_webhooks
