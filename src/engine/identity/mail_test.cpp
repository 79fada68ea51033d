#include "engine/identity/mail.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace odeon::identity {
namespace {

TEST(Mail, IsStoredInOneForm) {
  EXPECT_EQ(normal_mail("Ada@Example.COM"), "ada@example.com");
  EXPECT_EQ(normal_mail("  ada@example.com\n"), "ada@example.com");
  EXPECT_EQ(normal_mail("a.b+tag@localhost"), "a.b+tag@localhost");
  EXPECT_EQ(normal_mail("zoë@müller.de"), "zoë@müller.de");
}

TEST(Mail, RefusesWhatIsNone) {
  for (std::string mail : {"", "@", "ada", "ada@", "@example.com", "a b@example.com", "a@b@c.de", ".a@b.de", "a.@b.de",
                           "a..b@c.de", "a@-b.de", "a@b-.de", "a@b..de", "a@b.de.", "a@[127.0.0.1]", "\"a\"@b.de",
                           "a@b.de\r\nBcc: x@y.z", "a@b\xFF.de", "<a@b.de>"})
    EXPECT_FALSE(normal_mail(mail)) << mail;
  EXPECT_FALSE(normal_mail(std::string(65, 'a') + "@b.de"));
  EXPECT_FALSE(normal_mail("a@" + std::string(64, 'b') + ".de"));
  EXPECT_FALSE(normal_mail("a@" + std::string(253, 'b')));
}

RC_GTEST_PROP(Mail, NormalFormIsSettledAndWithoutCase, (std::string junk)) {
  const auto part = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ019"))));
  const std::string mail = part.substr(0, 60) + "@" + part.substr(0, 60) + ".example";
  const auto normal = normal_mail(mail);
  RC_ASSERT(normal.has_value());
  RC_ASSERT(normal_mail(*normal) == normal);
  std::string upper = mail;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  RC_ASSERT(normal_mail(upper) == normal);
  if (const auto odd = normal_mail(junk)) RC_ASSERT(normal_mail(*odd) == odd);
}

}  // namespace
}  // namespace odeon::identity
