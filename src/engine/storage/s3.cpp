#include "engine/storage/s3.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "engine/storage/s3_bucket.hpp"
#include "engine/storage/s3_object.hpp"
#include "engine/storage/s3_upload.hpp"
#include "engine/storage/s3_xml.hpp"

namespace odeon::storage {
namespace {

// No key of an object, so that neither a put nor a listing meets it.
constexpr const char* kProbe = "odeon,ping";
constexpr std::size_t kMaxListing = 8 * 1024 * 1024;

bool may_begin_key(std::string_view prefix) {
  return std::ranges::all_of(prefix, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/").contains(c);
  });
}

class S3 final : public Storage {
 public:
  explicit S3(std::shared_ptr<const S3Bucket> bucket) : bucket_(std::move(bucket)) {}

  Task<Stored> put(std::string key, ByteSource& from, PutOptions options) override {
    return s3_put(*bucket_, std::move(key), from, std::move(options));
  }

  Task<std::shared_ptr<ReadableObject>> get(std::string key) override {
    check_key(key);
    co_return co_await S3Object::open(bucket_, std::move(key));
  }

  Task<std::optional<Stored>> stat(std::string key) override {
    check_key(key);
    const S3Answer answer = co_await bucket_->ask({.method = "HEAD", .key = key});
    if (answer.status == 404) co_return std::nullopt;
    if (answer.status != 200) s3_refuse("HEAD", answer);
    co_return S3Object::described(key, answer);
  }

  Task<void> remove(std::string key) override {
    check_key(key);
    const S3Answer answer = co_await bucket_->ask({.method = "DELETE", .key = key});
    const bool absent = answer.status == 404 && s3_error_code(answer.body) == "NoSuchKey";
    if (answer.status != 204 && answer.status != 200 && !absent) s3_refuse("DELETE", answer);
  }

  Task<Page> list(std::string prefix, std::string cursor, std::size_t limit) override {
    if (!may_begin_key(prefix)) co_return Page{};
    limit = std::clamp<std::size_t>(limit, 1, 1000);
    S3Call call{.method = "GET",
                .query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(limit)}},
                .most = kMaxListing};
    if (!prefix.empty()) call.query.emplace_back("prefix", prefix);
    if (!cursor.empty()) call.query.emplace_back("start-after", cursor);
    const S3Answer answer = co_await bucket_->ask(std::move(call));
    if (answer.status != 200) s3_refuse("listing", answer);
    auto listing = s3_listing(answer.body);
    if (!listing || listing->objects.size() > limit) s3_fail("listing: not what was asked for");
    Page page;
    if (listing->truncated) page.next = listing->objects.back().key;
    if (listing->truncated && page.next <= cursor) s3_fail("listing: it does not go on");
    for (auto& object : listing->objects)
      if (is_key(object.key) && object.key.starts_with(prefix)) page.objects.push_back(std::move(object));
    co_return page;
  }

  std::string sign_read(std::string_view key, std::chrono::seconds lifetime) override {
    check_key(key);
    return bucket_->presigned("GET", key, {}, lifetime);
  }

  UploadGrant sign_upload(std::string_view key, std::uint64_t size, std::string content_type,
                          std::chrono::seconds lifetime) override {
    check_key(key);
    check_content_type(content_type);
    std::string url = bucket_->presigned(
        "PUT", key, {{"content-length", std::to_string(size)}, {"content-type", content_type}}, lifetime);
    const Instant expires_at = std::chrono::floor<std::chrono::seconds>(bucket_->now()) + lifetime;
    return {"PUT", std::move(url), {{"Content-Type", std::move(content_type)}}, expires_at};
  }

  Task<void> ping() override {
    const S3Answer written = co_await bucket_->ask({.method = "PUT", .key = kProbe, .body = "?"});
    if (written.status != 200) s3_refuse("PUT", written);
    const S3Answer read = co_await bucket_->ask({.method = "GET", .key = kProbe});
    if (read.status != 200 || read.body != "?") s3_refuse("GET", read);
  }

 private:
  const std::shared_ptr<const S3Bucket> bucket_;
};

}  // namespace

std::unique_ptr<Storage> open_s3(S3Options options, S3Transport& transport, const Clock& clock) {
  return std::make_unique<S3>(std::make_shared<const S3Bucket>(std::move(options), transport, clock));
}

}  // namespace odeon::storage
