#include "engine/http/cookies.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::http {
namespace {

Headers with(std::initializer_list<std::pair<std::string, std::string>> fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

TEST(Cookies, AreFoundByNameInAnyField) {
  const auto headers = with({{"cookie", "a=1; bb=2;c=; a.b=x=y "}, {"Cookie", "d=4"}});
  EXPECT_EQ(cookie(headers, "a"), "1");
  EXPECT_EQ(cookie(headers, "bb"), "2");
  EXPECT_EQ(cookie(headers, "c"), "");
  EXPECT_EQ(cookie(headers, "a.b"), "x=y");
  EXPECT_EQ(cookie(headers, "d"), "4");
  for (const auto* missing : {"b", "A", "", "1"}) EXPECT_FALSE(cookie(headers, missing)) << missing;
}

TEST(Cookies, OfOneNameThatDisagreeAreNone) {
  EXPECT_EQ(cookie(with({{"Cookie", "a=1; a=1"}}), "a"), "1");
  EXPECT_FALSE(cookie(with({{"Cookie", "a=1; a=2"}}), "a"));
  EXPECT_FALSE(cookie(with({{"Cookie", "a=1"}, {"Cookie", "a=2"}}), "a"));
}

TEST(Cookies, SayWhereTheyGo) {
  EXPECT_EQ(set_cookie("a", "b", {.path = "/studio", .max_age = std::chrono::seconds(60)}),
            "a=b; Path=/studio; Max-Age=60; HttpOnly; Secure; SameSite=Lax");
  EXPECT_EQ(set_cookie("a", "", {.for_scripts = true, .secure = false}), "a=; Path=/; Max-Age=0; SameSite=Lax");
  EXPECT_EQ(set_cookie("a", "b", {.max_age = std::chrono::seconds(1), .cross_site = true}),
            "a=b; Path=/; Max-Age=1; HttpOnly; Secure; SameSite=None");
  // Browsers refuse one that crosses sites in the clear.
  EXPECT_TRUE(set_cookie("a", "b", {.secure = false, .cross_site = true}).ends_with("SameSite=Lax"));
}

TEST(Cookies, AreSubmittedTwiceByPagesOfOurs) {
  EXPECT_NO_THROW(require_double_submit(with({{"Cookie", "csrf_token=abc"}, {"X-CSRF-Token", "abc"}})));
  const std::vector<Headers> others = {
      with({}),
      with({{"Cookie", "csrf_token=abc"}}),
      with({{"X-CSRF-Token", "abc"}}),
      with({{"Cookie", "csrf_token="}, {"X-CSRF-Token", ""}}),
      with({{"Cookie", "csrf_token=abc"}, {"X-CSRF-Token", "abd"}}),
      with({{"Cookie", "csrf_token=abc; csrf_token=abd"}, {"X-CSRF-Token", "abc"}}),
  };
  for (const auto& headers : others) EXPECT_THROW(require_double_submit(headers), Error);
}

RC_GTEST_PROP(CookiesProperty, OfBrowsersAreReadBack, (const std::string& noise)) {
  const std::string value = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
  RC_ASSERT(cookie(with({{"Cookie", "wanted=" + value}}), "wanted") == value);
  static_cast<void>(cookie(with({{"Cookie", noise}}), "wanted"));
}

}  // namespace
}  // namespace odeon::http
