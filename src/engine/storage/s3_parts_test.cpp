// The signature against AWS's published examples, and the documents of S3.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "engine/storage/s3_signature.hpp"
#include "engine/storage/s3_xml.hpp"

namespace odeon::storage {
namespace {

using namespace std::chrono_literals;

// "Examples: Signature Calculations in AWS Signature Version 4", of the S3 API reference.
const S3Signer kExample{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
constexpr const char* kHost = "examplebucket.s3.amazonaws.com";
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const Instant kWhen = *parse_iso8601("2013-05-24T00:00:00Z");

std::string signature_of(const S3Fields& fields) {
  const std::string& made = fields.back().second;
  return made.substr(made.find("Signature=") + 10);
}

TEST(S3Signature, of_a_get_with_a_range) {
  const S3Fields fields = kExample.sign({"GET", kHost, "/test.txt", {}, {{"range", "bytes=0-9"}}}, kEmpty, kWhen);
  EXPECT_EQ(fields.back().first, "authorization");
  EXPECT_EQ(fields.back().second,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, of_a_put) {
  EXPECT_EQ(signature_of(kExample.sign(
                {"PUT",
                 kHost,
                 "/test$file.text",
                 {},
                 {{"date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}},
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072", kWhen)),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(S3Signature, of_a_query_without_a_value) {
  EXPECT_EQ(signature_of(kExample.sign({"GET", kHost, "/", {{"lifecycle", ""}}, {}}, kEmpty, kWhen)),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(S3Signature, of_a_listing) {
  EXPECT_EQ(signature_of(kExample.sign({"GET", kHost, "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}}, kEmpty, kWhen)),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(S3Signature, of_an_address) {
  EXPECT_EQ(kExample.presign({"GET", kHost, "/test.txt", {}, {}}, 86400s, kWhen),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(S3Signature, lasts_a_second_at_least_and_a_week_at_most) {
  const auto expires = [](std::chrono::seconds lifetime) {
    const std::string query = kExample.presign({"GET", kHost, "/a", {}, {}}, lifetime, kWhen);
    const auto from = query.find("Expires=") + 8;
    return query.substr(from, query.find('&', from) - from);
  };
  EXPECT_EQ(expires(0s), "1");
  EXPECT_EQ(expires(-5s), "1");
  EXPECT_EQ(expires(24h * 30), "604800");
}

RC_GTEST_PROP(S3Signature, covers_all_that_matters, (const std::string& path, const std::string& value)) {
  const S3Signable what{"PUT", kHost, path, {{"a", value}}, {{"content-type", "x" + value}}};
  const auto signature = [](const S3Signable& of) { return signature_of(kExample.sign(of, kEmpty, kWhen)); };
  const std::string made = signature(what);
  S3Signable other = what;
  other.method = "GET";
  RC_ASSERT(signature(other) != made);
  other = what;
  other.host = "other.example";
  RC_ASSERT(signature(other) != made);
  other = what;
  const std::string longer = path + "x";
  other.path = longer;
  RC_ASSERT(signature(other) != made);
  other = what;
  other.query[0].second += "x";
  RC_ASSERT(signature(other) != made);
  other = what;
  other.headers[0].second += "x";
  RC_ASSERT(signature(other) != made);
  RC_ASSERT(signature_of(kExample.sign(what, kEmpty, kWhen + 1s)) != made);
}

RC_GTEST_PROP(S3Query, is_what_it_was_made_of, (const std::map<std::string, std::string>& fields)) {
  const std::string query = s3_query({fields.begin(), fields.end()});
  std::map<std::string, std::string> read;
  if (!query.empty())
    for (const auto part : text::split(query, '&')) {
      const auto equals = part.find('=');
      read[*text::percent_decode(part.substr(0, equals))] = *text::percent_decode(part.substr(equals + 1));
    }
  RC_ASSERT(read == fields);
}

std::string escaped(const std::string& text) {
  return text::escape_html(text);
}

RC_GTEST_PROP(S3Listing, is_read_as_it_was_written, (bool truncated)) {
  std::vector<Stored> objects;
  const auto key = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~')));
  std::string document =
      "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  document += "<Name>b</Name><EncodingType>url</EncodingType>";
  for (int count = *rc::gen::inRange(1, 5); count > 0; --count) {
    objects.push_back({.key = *key,
                       .size = *rc::gen::arbitrary<std::uint64_t>(),
                       .etag = "\"" + std::to_string(count) + "\"",
                       .modified = kWhen + std::chrono::seconds(count)});
    const Stored& object = objects.back();
    document +=
        fmt::format("<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size></Contents>",
                    text::percent_encode(object.key), to_iso8601(object.modified), escaped(object.etag), object.size);
  }
  document += fmt::format("<IsTruncated>{}</IsTruncated></ListBucketResult>", truncated);
  const auto listing = s3_listing(document);
  RC_ASSERT(listing.has_value());
  RC_ASSERT(listing->truncated == truncated);
  RC_ASSERT(listing->objects.size() == objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    RC_ASSERT(listing->objects[i].key == objects[i].key);
    RC_ASSERT(listing->objects[i].size == objects[i].size);
    RC_ASSERT(listing->objects[i].etag == objects[i].etag);
    RC_ASSERT(listing->objects[i].modified == objects[i].modified);
  }
  // A document that is cut anywhere is none.
  RC_ASSERT(!s3_listing(std::string_view(document).substr(0, *rc::gen::inRange<std::size_t>(0, document.size() - 1))));
}

RC_GTEST_PROP(S3Documents, that_are_anything_else_are_nothing, (const std::string& bytes)) {
  const auto frame = *rc::gen::element<std::string>("{}", "<Error><Code>{}</Code></Error>", "<html>{}</html>",
                                                    "<ListBucketResult>{}</ListBucketResult>",
                                                    "<ListBucketResult><IsTruncated>false</IsTruncated><Contents>{}"
                                                    "</Contents></ListBucketResult>");
  const std::string document = fmt::format(fmt::runtime(frame), bytes);
  RC_ASSERT(!s3_listing(document));
  RC_ASSERT(!s3_upload_id(document));
  RC_ASSERT(s3_completed(document).empty());
  static_cast<void>(s3_error_code(document));
}

TEST(S3Documents, are_known_by_their_root) {
  EXPECT_EQ(s3_error_code("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Key>a</Key></Error>"), "NoSuchKey");
  EXPECT_EQ(s3_error_code("<html><Code>NoSuchKey</Code></html>"), "");
  EXPECT_EQ(s3_upload_id("<InitiateMultipartUploadResult><UploadId>u.1</UploadId></InitiateMultipartUploadResult>"),
            "u.1");
  EXPECT_EQ(s3_upload_id("<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>"), std::nullopt);
  EXPECT_EQ(s3_completed("<CompleteMultipartUploadResult><ETag>&quot;1-2&quot;</ETag></CompleteMultipartUploadResult>"),
            "\"1-2\"");
  EXPECT_EQ(s3_completed("<Error><Code>InternalError</Code></Error>"), "");
}

TEST(S3Documents, listings_that_make_no_sense_are_none) {
  for (const std::string inside :
       {"", "<IsTruncated>maybe</IsTruncated>", "<IsTruncated>true</IsTruncated>",
        "<IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>",
        "<IsTruncated>false</IsTruncated><Contents><Key>a</Key><LastModified>2026-01-01T00:00:00Z</LastModified>"
        "<ETag>1</ETag><Size>-1</Size></Contents>",
        "<IsTruncated>false</IsTruncated><Contents><Key></Key><LastModified>2026-01-01T00:00:00Z</LastModified>"
        "<ETag>1</ETag><Size>1</Size></Contents>"})
    EXPECT_FALSE(s3_listing("<ListBucketResult>" + inside + "</ListBucketResult>")) << inside;
  EXPECT_TRUE(s3_listing("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"));
}

TEST(S3Documents, a_tag_is_a_strong_one_with_quotes_or_none) {
  EXPECT_EQ(s3_etag("\"abc\""), "\"abc\"");
  EXPECT_EQ(s3_etag("abc-2"), "\"abc-2\"");
  EXPECT_EQ(s3_etag("W/\"abc\""), "\"abc\"");
  EXPECT_EQ(s3_etag(""), "");
  EXPECT_EQ(s3_etag("\"\""), "");
  EXPECT_EQ(s3_etag("a\"b"), "");
  EXPECT_EQ(s3_etag("a\r\nb"), "");
}

}  // namespace
}  // namespace odeon::storage
