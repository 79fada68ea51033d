#include "engine/http/retry_after.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::http {
namespace {

using std::chrono::seconds;

const Instant kNow = *parse_iso8601("2026-11-20T07:30:00Z");

TEST(RetryAfter, IsANumberOfSecondsOrADate) {
  EXPECT_EQ(read_retry_after("120", kNow), seconds(120));
  EXPECT_EQ(read_retry_after(" 0 ", kNow), seconds(0));
  EXPECT_EQ(read_retry_after("-5", kNow), seconds(0));
  EXPECT_EQ(read_retry_after("99999999999", kNow), std::chrono::days(366));
  EXPECT_EQ(read_retry_after("Fri, 20 Nov 2026 07:31:30 GMT", kNow), seconds(90));
  EXPECT_EQ(read_retry_after("Fri, 20 Nov 2026 07:29:00 GMT", kNow), seconds(0));
}

TEST(RetryAfter, IsNothingElse) {
  for (const auto* value : {"", "soon", "1.5", "12 s", "999999999999999999999"})
    EXPECT_FALSE(read_retry_after(value, kNow)) << value;
}

RC_GTEST_PROP(RetryAfterProperty, NoInputThrowsOrGoesBack, (const std::string& value)) {
  const auto pause = read_retry_after(value, kNow);
  RC_ASSERT((!pause || *pause >= seconds(0)));
}

}  // namespace
}  // namespace odeon::http
