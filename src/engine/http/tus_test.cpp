#include "engine/http/tus.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "engine/http/tus_body.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kMost = 9 << 20;
constexpr TusRoutes kRoutes = tus_routes("/files", "/files/{id}", kMost);

// Keeps uploads in memory.
class Shelf final : public TusUploads {
 public:
  struct Kept {
    std::string owner, bytes;
    TusUpload upload;
  };
  std::uint64_t max_size() const override { return kMost; }
  Task<TusUpload> create(Caller caller, std::optional<std::uint64_t> length, TusMetadata metadata,
                         std::string written) override {
    if (metadata.contains("unwanted")) throw Error(Fault::forbidden, "UNWANTED", "No.");
    const std::string id = std::to_string(uploads.size() + 1);
    const TusUpload upload{.id = id, .length = length, .metadata = std::move(written), .expires_at = Instant{}};
    uploads[id] = {caller.user_id, "", upload};
    co_return upload;
  }
  Task<std::optional<TusUpload>> find(Caller caller, std::string id) override {
    const auto found = uploads.find(id);
    if (found == uploads.end() || found->second.owner != caller.user_id) co_return std::nullopt;
    if (expired) throw Error(Fault::gone, "EXPIRED", "Gone.");
    co_return found->second.upload;
  }
  Task<bool> declare(Caller, std::string id, std::uint64_t length) override {
    uploads.at(id).upload.length = length;
    co_return true;
  }
  Task<TusPiece> store(Caller, std::string, std::string bytes) override {
    if (full) throw Error(Fault::forbidden, "FULL", "Full.");
    const std::string key = std::to_string(++stored);
    const std::uint64_t size = bytes.size();
    loose[key] = std::move(bytes);
    co_return TusPiece{.key = key, .sha256 = "", .size = size};
  }
  Task<bool> append(Caller, std::string id, std::uint64_t offset, std::vector<TusPiece> pieces) override {
    auto& kept = uploads.at(id);
    if (offset != kept.bytes.size() || another_was_faster) co_return false;
    for (const auto& piece : pieces) kept.bytes += loose.extract(piece.key).mapped();
    kept.upload.offset = kept.bytes.size();
    co_return true;
  }
  Task<void> discard(std::vector<TusPiece> pieces) override {
    for (const auto& piece : pieces) loose.erase(piece.key);
    co_return;
  }
  Task<bool> remove(Caller caller, std::string id) override {
    const auto found = uploads.find(id);
    if (found == uploads.end() || found->second.owner != caller.user_id) co_return false;
    uploads.erase(found);
    co_return true;
  }

  std::map<std::string, Kept> uploads;
  std::map<std::string, std::string> loose;  // part of no upload
  int stored = 0;
  bool full = false, another_was_faster = false, expired = false;
};

struct TusTest : ::testing::Test {
  using Headers = testing::HttpServer::HeaderList;
  TusTest() {
    auto api = std::make_unique<Api>("app", "App", std::make_unique<BareFormat>());
    tus.mount(*api);
    server.add(std::move(api));
  }
  testing::HttpReply call(Method method, const std::string& path, Headers more = {}, std::string body = "",
                          const std::string& who = "ann") {
    Headers headers{{"Authorization", "Bearer " + who}, {"Tus-Resumable", "1.0.0"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return server.call(method, "/app" + path, std::move(body), std::move(headers));
  }
  testing::HttpReply create(Headers more = {{"Upload-Length", "10"}}, std::string body = "") {
    return call(Method::post, "/files", std::move(more), std::move(body));
  }
  testing::HttpReply patch(std::uint64_t offset, std::string bytes, Headers more = {}) {
    Headers headers{{"Upload-Offset", std::to_string(offset)}, {"Content-Type", "application/offset+octet-stream"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return call(Method::patch, "/files/1", std::move(headers), std::move(bytes));
  }
  testing::HttpReply head() { return call(Method::head, "/files/1"); }

  Shelf shelf;
  Tus tus{shelf, kRoutes};
  testing::HttpServer server;
};

TEST_F(TusTest, AnUploadIsBegunGoneOnWithAndWhole) {
  const auto created = create({{"Upload-Length", "10"}, {"Upload-Metadata", "filename YS53YXY=,private"}});
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.headers.get("Location"), "http://test/app/files/1");
  EXPECT_EQ(created.headers.get("Tus-Resumable"), "1.0.0");
  EXPECT_EQ(created.headers.get("Upload-Expires"), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_THAT(std::string(created.headers.get("Access-Control-Expose-Headers")), HasSubstr("Location"));
  const auto begun = head();
  EXPECT_EQ(begun.status, 200);
  EXPECT_EQ(begun.headers.get("Upload-Offset"), "0");
  EXPECT_EQ(begun.headers.get("Upload-Length"), "10");
  EXPECT_EQ(begun.headers.get("Upload-Metadata"), "filename YS53YXY=,private");
  EXPECT_EQ(begun.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(patch(0, "0123").headers.get("Upload-Offset"), "4");
  const auto last = patch(4, "456789");
  EXPECT_EQ(last.status, 204);
  EXPECT_EQ(last.headers.get("Upload-Offset"), "10");
  EXPECT_EQ(shelf.uploads.at("1").bytes, "0123456789");
  EXPECT_EQ(call(Method::delete_, "/files/1").status, 204);
  EXPECT_EQ(head().status, 404);
}

TEST_F(TusTest, OptionsTellWhatThereIsToAnybody) {
  const auto reply = server.call(Method::options, "/app/files", "");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.headers.get("Tus-Version"), "1.0.0");
  EXPECT_EQ(reply.headers.get("Tus-Max-Size"), std::to_string(kMost));
  EXPECT_EQ(reply.headers.get("Tus-Checksum-Algorithm"), "sha1,sha256,md5");
  EXPECT_THAT(std::string(reply.headers.get("Tus-Extension")), HasSubstr("termination"));
}

TEST_F(TusTest, SaysWhatIsWrong) {
  create();
  const auto old = server.call(Method::head, "/app/files/1", "", {{"Authorization", "Bearer ann"}});
  EXPECT_EQ(old.status, 412);
  EXPECT_EQ(old.headers.get("Tus-Version"), "1.0.0");
  EXPECT_EQ(call(Method::head, "/files/1", {{"Tus-Resumable", "0.2.2"}}).status, 412);
  EXPECT_EQ(call(Method::head, "/files/1", {}, "", "bob").status, 404) << "another's is none";
  EXPECT_EQ(call(Method::delete_, "/files/1", {}, "", "bob").status, 404);
  EXPECT_EQ(server.call(Method::head, "/app/files/1", "", {{"Tus-Resumable", "1.0.0"}}).status, 401);
  EXPECT_EQ(patch(3, "345").status, 409);
  EXPECT_EQ(patch(0, "0", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(patch(0, "0", {{"Upload-Offset", "-1"}}).status, 400);
  EXPECT_EQ(patch(0, std::string(11, 'x')).status, 413);
  EXPECT_EQ(patch(0, "0", {{"Upload-Length", "11"}}).status, 400) << "it was said before";
  EXPECT_EQ(head().headers.get("Upload-Offset"), "0");
  for (const auto& wrong : std::vector<Headers>{{},
                                                {{"Upload-Length", "ten"}},
                                                {{"Upload-Length", "10"}, {"Upload-Defer-Length", "1"}},
                                                {{"Upload-Length", "10"}, {"Upload-Metadata", "a !"}},
                                                {{"Upload-Length", "10"}, {"Upload-Metadata", "a,a"}},
                                                {{"Upload-Length", "10"}, {"Upload-Metadata", "a /w=="}}})
    EXPECT_EQ(create(wrong).status, 400);
  EXPECT_EQ(create({{"Upload-Length", std::to_string(kMost + 1)}}).status, 413);
  const auto unwanted = create({{"Upload-Length", "10"}, {"Upload-Metadata", "unwanted"}});
  EXPECT_EQ(unwanted.status, 403);
  EXPECT_EQ(unwanted.headers.get("Tus-Resumable"), "1.0.0") << "on every answer";
  shelf.expired = true;
  EXPECT_EQ(head().status, 410);
}

TEST_F(TusTest, LengthsMayBeSaidLater) {
  create({{"Upload-Defer-Length", "1"}});
  EXPECT_EQ(head().headers.get("Upload-Defer-Length"), "1");
  EXPECT_FALSE(head().headers.find("Upload-Length"));
  EXPECT_EQ(patch(0, "0123").status, 204);
  EXPECT_EQ(patch(4, "", {{"Upload-Length", "6"}}).status, 204);
  EXPECT_EQ(head().headers.get("Upload-Length"), "6");
  EXPECT_EQ(patch(4, "456").status, 413);
  EXPECT_EQ(patch(4, "45").status, 204);
}

TEST_F(TusTest, BytesMayComeAtOnce) {
  const auto created = create({{"Upload-Length", "10"}, {"Content-Type", "application/offset+octet-stream"}}, "0123");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.headers.get("Upload-Offset"), "4");
  EXPECT_EQ(shelf.uploads.at("1").bytes, "0123");
}

TEST_F(TusTest, BytesThatDoNotFitTheirChecksumCountForNothing) {
  create();
  const std::string right = "sha1 " + crypto::to_base64(crypto::sha1("0123"));
  const auto mismatch = patch(0, "0124", {{"Upload-Checksum", right}});
  EXPECT_EQ(mismatch.status, 460);
  EXPECT_EQ(mismatch.json().at("code"), "CHECKSUM_MISMATCH");
  EXPECT_EQ(head().headers.get("Upload-Offset"), "0");
  EXPECT_THAT(shelf.loose, IsEmpty());
  EXPECT_EQ(patch(0, "0123", {{"Upload-Checksum", "crc32 AAAA"}}).status, 400);
  EXPECT_EQ(patch(0, "0123", {{"Upload-Checksum", "sha1"}}).status, 400);
  EXPECT_EQ(patch(0, "0123", {{"Upload-Checksum", "sha1 AAAA"}}).status, 400);
  EXPECT_EQ(patch(0, "0123", {{"Upload-Checksum", right}}).status, 204);
  EXPECT_EQ(patch(4, "45", {{"Upload-Checksum", "sha256 " + crypto::to_base64(crypto::sha256("45"))}}).status, 204);
  EXPECT_EQ(patch(6, "6789", {{"Upload-Checksum", "md5 " + crypto::to_base64(crypto::md5("6789"))}}).status, 204);
  EXPECT_EQ(shelf.uploads.at("1").bytes, "0123456789");
}

TEST_F(TusTest, ComesInPiecesThatMemoryHolds) {
  create({{"Upload-Length", std::to_string(kMost)}});
  std::string bytes(kMost, 'x');
  for (std::size_t i = 0; i < bytes.size(); i += 7) bytes[i] = static_cast<char>('a' + i % 26);
  EXPECT_EQ(patch(0, bytes).status, 204);
  EXPECT_EQ(shelf.stored, 3);
  EXPECT_EQ(shelf.uploads.at("1").bytes, bytes);
}

TEST_F(TusTest, OfTwoAtOnceOneWins) {
  create();
  shelf.another_was_faster = true;
  EXPECT_EQ(patch(0, "0123").status, 409);
  EXPECT_THAT(shelf.loose, IsEmpty());
  shelf.another_was_faster = false;
  shelf.full = true;
  EXPECT_EQ(patch(0, "0123").status, 403);
}

TEST_F(TusTest, SomeClientsHaveNoPatch) {
  create();
  const Headers headers{
      {"X-HTTP-Method-Override", "PATCH"}, {"Upload-Offset", "0"}, {"Content-Type", "application/offset+octet-stream"}};
  EXPECT_EQ(call(Method::post, "/files/1", headers, "0123").status, 204);
  EXPECT_EQ(call(Method::post, "/files/1", {{"X-HTTP-Method-Override", "PUT"}}).status, 405);
  EXPECT_EQ(call(Method::post, "/files/1", {{"X-HTTP-Method-Override", "DELETE"}}).status, 204);
  EXPECT_THAT(shelf.uploads, IsEmpty());
}

// Ends by a failure, as a connection does that breaks.
class Breaking final : public ByteSource {
 public:
  explicit Breaking(std::string bytes) : source_(std::move(bytes)) {}
  Task<std::size_t> read(std::span<char> into) override {
    const auto count = co_await source_.read(into);
    if (count == 0) throw Error(Fault::invalid, "BROKEN_BODY", "The body ended early.");
    co_return count;
  }

 private:
  StringSource source_;
};

TEST_F(TusTest, WhatCameBeforeAConnectionBrokeIsKept) {
  create();
  Breaking body("01234");
  http::Headers headers;
  headers.add("Tus-Resumable", "1.0.0");
  headers.add("Upload-Offset", "0");
  headers.add("Content-Type", "application/offset+octet-stream");
  TusRequest request;
  request.id = "1";
  request.body = &body;
  request.headers = &headers;
  EXPECT_THROW(run_task(tus.append({.user_id = "ann"}, request)), Error);
  EXPECT_EQ(head().headers.get("Upload-Offset"), "5");
  Breaking checked("56789");
  request.body = &checked;
  headers.set("Upload-Offset", "5");
  headers.add("Upload-Checksum", "sha1 " + crypto::to_base64(crypto::sha1("56789")));
  EXPECT_THROW(run_task(tus.append({.user_id = "ann"}, request)), Error);
  EXPECT_EQ(head().headers.get("Upload-Offset"), "5") << "nobody knows whether it was whole";
  EXPECT_THAT(shelf.loose, IsEmpty());
}

// Metadata is what was put into it, whatever that was; anything else is refused or read without harm.
RC_GTEST_PROP(TusMetadata_, ComesBack, (const std::map<std::uint16_t, std::string>& values)) {
  std::string written;
  TusMetadata expected;
  for (const auto& [key, value] : values) {
    const std::string name = fmt::format("key{}", key), valid = text::to_valid_utf8(value);
    written += (written.empty() ? "" : ",") + name + " " + crypto::to_base64(valid);
    expected.emplace(name, valid);
  }
  RC_ASSERT(parse_tus_metadata(written) == expected);
}

RC_GTEST_PROP(TusMetadata_, ReadsAnything, (const std::string& written)) {
  const auto metadata = parse_tus_metadata(written);
  if (metadata)
    for (const auto& [key, value] : *metadata) RC_ASSERT(!key.empty() && text::is_utf8(value));
}

}  // namespace
}  // namespace odeon::http
