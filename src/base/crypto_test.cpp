#include "base/crypto.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace odeon::crypto {
namespace {

using ::testing::Optional;

// FIPS 180-2, appendix B.
TEST(Crypto, sha256_of_known_texts) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231, test cases 1, 2 and 6.
TEST(Crypto, hmac_sha256_of_known_texts) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 3174, section 7.3, and of nothing.
TEST(Crypto, sha1_of_known_texts) {
  EXPECT_EQ(to_hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

// RFC 1321, appendix A.5.
TEST(Crypto, md5_of_known_texts) {
  EXPECT_EQ(to_hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
}

RC_GTEST_PROP(Crypto, a_digest_of_pieces_is_that_of_the_whole, (const std::vector<std::string>& pieces)) {
  Digest sha(Digest::Algorithm::sha256), other(Digest::Algorithm::md5);
  std::string whole;
  for (const auto& piece : pieces) {
    sha.update(piece);
    other.update(piece);
    whole += piece;
  }
  RC_ASSERT(sha.finish() == sha256(whole));
  RC_ASSERT(other.finish() == md5(whole));
}

TEST(Crypto, random_bytes_differ) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(32).size(), 32U);
  EXPECT_NE(random_bytes(32), random_bytes(32));
}

TEST(Crypto, compares) {
  EXPECT_TRUE(equal("", ""));
  EXPECT_TRUE(equal("abc", "abc"));
  EXPECT_FALSE(equal("abc", "abd"));
  EXPECT_FALSE(equal("abc", "abcd"));
}

TEST(Hex, is_lower_case_and_read_in_either) {
  EXPECT_EQ(to_hex("\x01\xAB"), "01ab");
  EXPECT_THAT(from_hex("01aB"), Optional(std::string("\x01\xAB")));
  EXPECT_THAT(from_hex(""), Optional(std::string()));
  for (const char* bad : {"0", "0g", "01 ", " 01", "01:02", "xyz"}) EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
}

// RFC 4648, section 10.
TEST(Base64, of_known_texts) {
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(to_base64url("foob"), "Zm9vYg");
  EXPECT_EQ(to_base64("\xFB\xFF"), "+/8=");
  EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
}

TEST(Base64, is_read_in_either_alphabet_with_or_without_padding) {
  for (const char* same : {"+/8=", "-_8", "-_8=", "+/8"})
    EXPECT_THAT(from_base64(same), Optional(std::string("\xFB\xFF")));
  for (const char* bad : {"A", "Zm9vY", "Zm9v Yg", "Zm=9vYg", "Zm9vYh", "Zm9v!", "Zm9v\n"})
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(Encodings, are_read_as_they_were_written, (const std::string& bytes)) {
  RC_ASSERT(from_hex(to_hex(bytes)) == std::optional(bytes));
  RC_ASSERT(from_base64(to_base64(bytes)) == std::optional(bytes));
  RC_ASSERT(from_base64(to_base64url(bytes)) == std::optional(bytes));
}

RC_GTEST_PROP(Encodings, survive_any_text, (const std::string& text)) {
  if (const auto bytes = from_hex(text)) RC_ASSERT(bytes->size() * 2 == text.size());
  if (const auto bytes = from_base64(text)) RC_ASSERT(bytes->size() <= text.size());
}

}  // namespace
}  // namespace odeon::crypto
