#include "engine/billing/stripe_signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "testing/clock.hpp"

namespace odeon::billing {
namespace {

using std::chrono::seconds;

const Instant kNow = testing::FakeClock().now();
const std::string kBody = R"({"id": "evt_1"})";

bool good(std::string_view header, std::vector<std::string> secrets = {"whsec_a"}, Instant now = kNow) {
  return is_signed(header, kBody, secrets, now);
}
std::string v1(const std::string& signature) {
  return signature.substr(signature.find("v1=") + 3);
}

TEST(StripeSignature, IsGoodForFiveMinutesToEitherSide) {
  const std::string header = sign(kBody, "whsec_a", kNow);
  EXPECT_TRUE(good(header));
  for (const int by : {-300, 300}) EXPECT_TRUE(good(header, {"whsec_a"}, kNow + seconds(by))) << by;
  for (const int by : {-301, 301, 86400}) EXPECT_FALSE(good(header, {"whsec_a"}, kNow + seconds(by))) << by;
}

TEST(StripeSignature, AnyOfSeveralSecretsAndSignaturesWillDo) {
  const std::string header = sign(kBody, "whsec_old", kNow);
  EXPECT_FALSE(good(header, {"whsec_new"}));
  EXPECT_TRUE(good(header, {"whsec_new", "whsec_old"}));
  const std::string both = header + ",v1=" + v1(sign(kBody, "whsec_new", kNow));
  EXPECT_TRUE(good(both, {"whsec_new"}));
  EXPECT_TRUE(good(both, {"whsec_old"}));
  EXPECT_FALSE(good(both, {}));
  EXPECT_FALSE(good(sign(kBody, "", kNow), {""})) << "no secret is no secret";
}

TEST(StripeSignature, NothingElseIsGood) {
  const std::string header = sign(kBody, "whsec_a", kNow), stamp = header.substr(0, header.find(',')),
                    digits = stamp.substr(2), made = v1(header);
  for (const std::string& bad :
       {std::string(), std::string("t="), stamp, "v1=" + made, stamp + ",v1=", stamp + ",v0=" + made,
        stamp + ",v1=" + made.substr(1), stamp + ",v1=" + made + "0", stamp + "," + stamp + ",v1=" + made,
        "t=1," + header, "t=-" + digits + ",v1=" + made, "t=0" + digits + ",v1=" + made, "t=" + digits + " ,v1=" + made,
        "t=99999999999999999999,v1=" + made, stamp + ",v1", stamp + ", v1=" + made, std::string(5000, ',') + header})
    EXPECT_FALSE(good(bad)) << bad;
  EXPECT_FALSE(is_signed(header, kBody + "\n", {"whsec_a"}, kNow));
  EXPECT_FALSE(is_signed(header, R"({"id":"evt_1"})", {"whsec_a"}, kNow)) << "written anew";
}

RC_GTEST_PROP(StripeSignature, HoldsForTheseBytesAlone, (const std::string& body, const std::string& secret)) {
  RC_PRE(!secret.empty());
  const std::string header = sign(body, secret, kNow);
  RC_ASSERT(is_signed(header, body, {secret}, kNow));
  std::string other = body + "x";
  other[*rc::gen::inRange<std::size_t>(0, other.size())] ^= 1;
  RC_ASSERT(!is_signed(header, other, {secret}, kNow));
  RC_ASSERT(!is_signed(header, body, {secret + "x"}, kNow));
}

RC_GTEST_PROP(StripeSignature, TakesAnyHeader, (const std::string& noise)) {
  RC_ASSERT(!good(noise));
  std::string header = sign(kBody, "whsec_a", kNow);
  const auto at = *rc::gen::inRange<std::size_t>(0, header.size());
  header.replace(at, *rc::gen::inRange<std::size_t>(1, 5),
                 *rc::gen::container<std::string>(rc::gen::element('t', 'v', '1', '=', ',', '9', '-', 'f')));
  if (header != sign(kBody, "whsec_a", kNow)) good(header);
}

}  // namespace
}  // namespace odeon::billing
