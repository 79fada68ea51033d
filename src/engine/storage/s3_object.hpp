// A stored object of S3, read by ranges.
#pragma once

#include <mutex>

#include "engine/storage/s3_bucket.hpp"

namespace odeon::storage {

class S3Object final : public ReadableObject {
 public:
  // Nothing if there is no such object. Its beginning comes with it.
  static Task<std::shared_ptr<ReadableObject>> open(std::shared_ptr<const S3Bucket> bucket, std::string key);
  // What an answer says of the object that it is about. Throws Error{unavailable} if it does not.
  static Stored described(const std::string& key, const S3Answer& answer);

  // Read ahead, from `offset` on.
  struct Window {
    std::uint64_t offset = 0;
    std::string bytes;
  };
  S3Object(std::shared_ptr<const S3Bucket> bucket, Stored stored, std::string beginning);

  std::uint64_t size() const override { return stored_.size; }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override;
  std::string content_type() const override { return stored_.content_type; }
  std::string etag() const override { return stored_.etag; }
  Instant modified() const override { return stored_.modified; }

 private:
  Task<std::string> fetch(std::uint64_t offset, std::uint64_t count) const;

  const std::shared_ptr<const S3Bucket> bucket_;
  const Stored stored_;
  std::mutex mutex_;
  std::shared_ptr<const Window> window_;
};

}  // namespace odeon::storage
