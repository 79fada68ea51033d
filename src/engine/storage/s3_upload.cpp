#include "engine/storage/s3_upload.hpp"

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "engine/storage/s3_object.hpp"
#include "engine/storage/s3_xml.hpp"

namespace odeon::storage {
namespace {

constexpr std::size_t kStep = 64 * 1024;
constexpr std::size_t kMaxParts = 10'000;
constexpr std::chrono::seconds kClearingUp{10};

// Hashed while it comes in, since to hash all of it at once would hold up the loop.
struct Part {
  std::string bytes;
  std::string sha256;  // hexadecimal
};

// The stream cut into parts, counted and hashed.
class Parts {
 public:
  Parts(ByteSource& from, std::uint64_t part_bytes, std::uint64_t max_bytes)
      : from_(from), part_bytes_(part_bytes), max_bytes_(max_bytes) {}

  // Less than `part_bytes` at the end of the stream only.
  Task<Part> next() {
    using crypto::Digest;
    std::string bytes;
    Digest sha256(Digest::Algorithm::sha256);
    std::size_t filled = 0;
    while (filled < part_bytes_) {
      bytes.resize(std::min<std::uint64_t>(part_bytes_, filled + kStep));
      const std::size_t count = co_await from_.read(std::span(bytes).subspan(filled));
      if (count == 0) break;
      sha256.update({bytes.data() + filled, count});
      md5_.update({bytes.data() + filled, count});
      filled += count;
      size_ += count;
      if (size_ > max_bytes_) throw Error(Fault::too_large, "TOO_LARGE", "This is larger than what is accepted here.");
    }
    bytes.resize(filled);
    co_return Part{std::move(bytes), crypto::to_hex(sha256.finish())};
  }
  std::uint64_t size() const { return size_; }
  std::string md5() { return crypto::to_hex(md5_.finish()); }

 private:
  ByteSource& from_;
  std::uint64_t part_bytes_, max_bytes_, size_ = 0;
  crypto::Digest md5_{crypto::Digest::Algorithm::md5};
};

std::string tag_of(const char* what, const S3Answer& answer) {
  if (answer.status != 200) s3_refuse(what, answer);
  std::string tag = s3_etag(answer.header("etag"));
  if (tag.empty()) s3_fail(std::string(what) + ": an answer without a tag");
  return tag;
}

class Multipart {
 public:
  Multipart(const S3Bucket& bucket, const std::string& key) : bucket_(bucket), key_(key) {}

  Task<void> begin(std::string content_type) {
    const S3Answer answer = co_await bucket_.ask(
        {.method = "POST", .key = key_, .query = {{"uploads", ""}}, .headers = {{"content-type", content_type}}});
    if (answer.status != 200) s3_refuse("begin of an upload", answer);
    const auto id = s3_upload_id(answer.body);
    if (!id) s3_fail("begin of an upload: no id");
    id_ = *id;
  }

  Task<void> add(Part part) {
    if (tags_.size() == kMaxParts)
      throw Error(Fault::too_large, "TOO_LARGE", "This is larger than what the storage takes.");
    const std::string number = std::to_string(tags_.size() + 1);
    const S3Answer answer = co_await bucket_.ask({.method = "PUT",
                                                  .key = key_,
                                                  .query = {{"partNumber", number}, {"uploadId", id_}},
                                                  .body = std::move(part.bytes),
                                                  .payload_hash = std::move(part.sha256)});
    tags_.push_back(tag_of("part of an upload", answer));
  }

  // The service may find out that it fails after it has said 200.
  Task<Stored> finish(Stored stored) {
    S3Answer answer;
    for (int tried = 0; tried < bucket_.options().attempts; ++tried) {
      answer = co_await bucket_.ask(
          {.method = "POST", .key = key_, .query = {{"uploadId", id_}}, .body = s3_completion(tags_)});
      if (answer.status == 200) stored.etag = s3_completed(answer.body);
      if (!stored.etag.empty()) co_return stored;
      const std::string code = s3_error_code(answer.body);
      // Completed before, by an attempt whose answer was lost.
      if (code == "NoSuchUpload" && (tried > 0 || answer.repeated)) co_return co_await found(std::move(stored));
      if (answer.status != 200 || code.empty()) break;
    }
    s3_refuse("end of an upload", answer);
  }

  Task<void> abandon() {
    if (id_.empty()) co_return;
    static_cast<void>(co_await bucket_.ask({.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}}));
  }

 private:
  Task<Stored> found(Stored stored) {
    const S3Answer answer = co_await bucket_.ask({.method = "HEAD", .key = key_});
    if (answer.status != 200) s3_refuse("look at an upload", answer);
    const Stored there = S3Object::described(key_, answer);
    if (there.size != stored.size) s3_fail("end of an upload: another object is there");
    stored.etag = there.etag;
    co_return stored;
  }

  const S3Bucket& bucket_;
  const std::string key_;
  std::string id_;
  std::vector<std::string> tags_;
};

Task<Stored> put_whole(const S3Bucket& bucket, Part part, Stored stored) {
  const S3Answer answer =
      co_await bucket.ask({.method = "PUT",
                           .key = stored.key,
                           .headers = {{"content-type", stored.content_type}, {"x-amz-meta-md5", stored.md5}},
                           .body = std::move(part.bytes),
                           .payload_hash = std::move(part.sha256)});
  stored.etag = tag_of("PUT", answer);
  co_return stored;
}

Task<Stored> put_in_parts(Multipart& upload, Parts& parts, Part part, Stored stored) {
  co_await upload.begin(stored.content_type);
  for (; !part.bytes.empty(); part = co_await parts.next()) co_await upload.add(std::move(part));
  stored.size = parts.size();
  stored.md5 = parts.md5();
  co_return co_await upload.finish(std::move(stored));
}

}  // namespace

Task<Stored> s3_put(const S3Bucket& bucket, std::string key, ByteSource& from, PutOptions options) {
  check_key(key);
  check_content_type(options.content_type);
  Parts parts(from, bucket.options().part_bytes, options.max_bytes);
  Part first = co_await parts.next();
  Stored stored{.key = key,
                .size = parts.size(),
                .content_type = options.content_type,
                .modified = std::chrono::floor<std::chrono::seconds>(bucket.now())};
  if (first.bytes.size() < bucket.options().part_bytes) {
    stored.md5 = parts.md5();
    co_return co_await put_whole(bucket, std::move(first), std::move(stored));
  }
  Multipart upload(bucket, key);
  auto outcome = co_await settle(put_in_parts(upload, parts, std::move(first), std::move(stored)));
  if (outcome) co_return std::move(*outcome);
  // A put that was cancelled clears up all the same.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  static_cast<void>(co_await settle(with_timeout(kClearingUp, upload.abandon())));
  std::rethrow_exception(outcome.error());
}

}  // namespace odeon::storage
