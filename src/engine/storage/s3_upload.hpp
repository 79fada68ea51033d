// Puts a stream into a bucket, whole or not at all.
#pragma once

#include "engine/storage/s3_bucket.hpp"

namespace odeon::storage {

Task<Stored> s3_put(const S3Bucket& bucket, std::string key, ByteSource& from, PutOptions options);

}  // namespace odeon::storage
