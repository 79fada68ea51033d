#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/storage/files.hpp"
#include "testing/clock.hpp"

namespace odeon::storage {
namespace {

using namespace std::chrono_literals;

struct Query {
  std::string key, expires, signature;
};

// As the server takes a target apart.
Query parts_of(const std::string& target) {
  const auto question = target.find("?expires="), ampersand = target.find("&signature=");
  return {target.substr(7, question - 7), target.substr(question + 9, ampersand - question - 9),
          target.substr(ampersand + 11)};
}

class Signer : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
  FileSigner signer_{std::string(32, 's'), clock_};
};

TEST_F(Signer, a_read_is_allowed_until_it_expires) {
  const std::string target = signer_.read_target("briefings/1.mp3", 60s);
  EXPECT_TRUE(target.starts_with("/files/briefings/1.mp3?expires=1795159860&signature=")) << target;
  const Query query = parts_of(target);
  EXPECT_TRUE(signer_.allows_read(query.key, query.expires, query.signature));
  clock_.advance(59s);
  EXPECT_TRUE(signer_.allows_read(query.key, query.expires, query.signature));
  clock_.advance(1s);
  EXPECT_FALSE(signer_.allows_read(query.key, query.expires, query.signature));
}

TEST_F(Signer, a_read_is_allowed_for_its_key_alone) {
  const Query query = parts_of(signer_.read_target("a", 60s));
  EXPECT_FALSE(signer_.allows_read("b", query.expires, query.signature));
  EXPECT_FALSE(signer_.allows_read("a/b", query.expires, query.signature));
  EXPECT_FALSE(signer_.allows_read("", query.expires, query.signature));
}

TEST_F(Signer, an_upload_is_allowed_as_it_was_granted) {
  const Query query = parts_of(signer_.upload_target("a", 10, "audio/mpeg", clock_.now() + 60s));
  EXPECT_TRUE(signer_.allows_upload("a", 10, "audio/mpeg", query.expires, query.signature));
  EXPECT_FALSE(signer_.allows_upload("a", 11, "audio/mpeg", query.expires, query.signature));
  EXPECT_FALSE(signer_.allows_upload("a", 10, "text/html", query.expires, query.signature));
  EXPECT_FALSE(signer_.allows_upload("b", 10, "audio/mpeg", query.expires, query.signature));
  clock_.advance(60s);
  EXPECT_FALSE(signer_.allows_upload("a", 10, "audio/mpeg", query.expires, query.signature));
}

TEST_F(Signer, a_grant_for_one_purpose_serves_no_other) {
  const Query read = parts_of(signer_.read_target("a", 60s));
  EXPECT_FALSE(signer_.allows_upload("a", 0, "", read.expires, read.signature));
  const Query upload = parts_of(signer_.upload_target("a", 10, "audio/mpeg", clock_.now() + 60s));
  EXPECT_FALSE(signer_.allows_read("a", upload.expires, upload.signature));
}

TEST_F(Signer, another_secret_signs_otherwise) {
  const FileSigner other(std::string(32, 't'), clock_);
  const Query query = parts_of(other.read_target("a", 60s));
  EXPECT_FALSE(signer_.allows_read(query.key, query.expires, query.signature));
}

TEST_F(Signer, garbage_is_refused) {
  const Query query = parts_of(signer_.read_target("a", 60s));
  for (const char* expires :
       {"", " ", "-1", "+1795159860", "1795159860 ", "99999999999999999999999", "1e10", "0x7fffffff"})
    EXPECT_FALSE(signer_.allows_read("a", expires, query.signature)) << expires;
  EXPECT_FALSE(signer_.allows_read("a", "01795159860", query.signature)) << "the same time spelled otherwise";
  EXPECT_FALSE(signer_.allows_read("a", query.expires, ""));
  EXPECT_FALSE(signer_.allows_read("a", query.expires, query.signature + "="));
}

TEST_F(Signer, signs_no_key_that_is_none_and_takes_no_short_secret) {
  EXPECT_THROW(signer_.read_target("../etc/passwd", 60s), Error);
  EXPECT_THROW(signer_.upload_target("a", 1, "a\nb", clock_.now() + 60s), Error);
  EXPECT_THROW(FileSigner(std::string(31, 's'), clock_), std::invalid_argument);
}

RC_GTEST_FIXTURE_PROP(Signer, any_changed_character_is_refused, ()) {
  const bool reads = *rc::gen::arbitrary<bool>();
  const std::string target = reads ? signer_.read_target("stories/7/page.png", 3600s)
                                   : signer_.upload_target("stories/7/page.png", 1234, "image/png", clock_.now() + 1h);
  const auto allowed = [&](const Query& query) {
    return reads ? signer_.allows_read(query.key, query.expires, query.signature)
                 : signer_.allows_upload(query.key, 1234, "image/png", query.expires, query.signature);
  };
  Query query = parts_of(target);
  RC_ASSERT(allowed(query));
  std::string& part = **rc::gen::element(&query.key, &query.expires, &query.signature);
  const auto at = *rc::gen::inRange<std::size_t>(0, part.size());
  const char other = *rc::gen::distinctFrom(part[at]);
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      part[at] = other;
      break;
    case 1:
      part.insert(part.begin() + static_cast<std::ptrdiff_t>(at), other);
      break;
    default:
      part.erase(at, 1);
  }
  RC_ASSERT(!allowed(query));
}

RC_GTEST_PROP(Keys, are_segments_of_plain_characters, ()) {
  const auto key = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::element('a', '.', '/', '-', '_'), rc::gen::arbitrary<char>()));
  bool fine = !key.empty() && key.size() <= 512;
  std::string segment;
  for (const char c : key + '/') {
    if (c != '/') {
      fine = fine && (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-');
      segment += c;
      continue;
    }
    fine = fine && !segment.empty() && segment != "." && segment != ".." && segment.size() <= 200;
    segment.clear();
  }
  RC_ASSERT(is_key(key) == fine);
}

}  // namespace
}  // namespace odeon::storage
