// What S3 says in XML. Documents come from outside: what is not as it should be is nothing, never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/storage.hpp"

namespace odeon::storage {

// The code of an <Error> document ("NoSuchKey"); empty if it is none.
std::string s3_error_code(std::string_view document);
// Of an <InitiateMultipartUploadResult>.
std::optional<std::string> s3_upload_id(std::string_view document);
// The tag of the object of a <CompleteMultipartUploadResult>; empty if it is none.
std::string s3_completed(std::string_view document);
// The document that completes an upload of parts 1, 2, … with these tags.
std::string s3_completion(const std::vector<std::string>& etags);

struct S3Listing {
  std::vector<Stored> objects;  // with any keys
  bool truncated = false;
};
// Of a <ListBucketResult>.
std::optional<S3Listing> s3_listing(std::string_view document);

// A tag as a strong validator with quotes; empty if it cannot be one.
std::string s3_etag(std::string_view tag);

}  // namespace odeon::storage
