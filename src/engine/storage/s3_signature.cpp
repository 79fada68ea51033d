#include "engine/storage/s3_signature.hpp"

namespace odeon::storage {
namespace {

constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";

aws::Signable signable(S3Signable what) {
  what.headers.emplace_back("host", what.host);
  return {what.method, s3_path(what.path), std::move(what.query), std::move(what.headers)};
}

}  // namespace

std::string s3_path(std::string_view path) {
  return aws::encode_path(path);
}

std::string s3_query(S3Fields query) {
  return aws::canonical_query(std::move(query));
}

S3Signer::S3Signer(std::string access_key, std::string secret_key, std::string region)
    : signer_(std::move(access_key), std::move(secret_key), std::move(region), "s3") {}

S3Fields S3Signer::sign(S3Signable what, std::string_view payload_hash, Instant now) const {
  const std::pair<std::string, std::string> hash{"x-amz-content-sha256", payload_hash};
  what.headers.push_back(hash);
  S3Fields fields = signer_.sign(signable(std::move(what)), payload_hash, now);
  fields.insert(fields.begin(), hash);
  return fields;
}

std::string S3Signer::presign(S3Signable what, std::chrono::seconds lifetime, Instant now) const {
  return signer_.presign(signable(std::move(what)), kUnsigned, lifetime, now);
}

}  // namespace odeon::storage
