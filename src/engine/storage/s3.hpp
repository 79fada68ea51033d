// The driver for S3 and what speaks like it (R2, MinIO, Ceph): AWS's REST API with signature version 4.
//
// Objects up to one part go by one PUT; larger ones by a multipart upload, one part in memory at a time,
// which is given up when the put fails. (A process that dies leaves its parts: let the bucket's lifecycle
// remove incomplete uploads.) What fails in a way that may pass is tried again; then, and for whatever is
// no sensible answer, Error{unavailable} with the service's code in `detail`.
// A listing knows neither content types nor MD5; MD5 is known of objects that were put in one part here.
// An object that is held is read by ranges of the very version it was; one that is replaced or removed
// meanwhile can be read only as far as it was read ahead (small objects: whole), then throws unavailable.
#pragma once

#include "engine/storage/s3_transport.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::storage {

struct S3Options {
  std::string endpoint;  // https://s3.eu-central-1.amazonaws.com: scheme, host and port, no more
  std::string region = "us-east-1";
  std::string bucket;
  std::string access_key;
  std::string secret_key;
  bool path_style = false;      // ENDPOINT/BUCKET/KEY instead of BUCKET.ENDPOINT/KEY
  std::string public_endpoint;  // where clients reach signed addresses; empty: `endpoint`

  std::uint64_t part_bytes = 8 * 1024 * 1024;  // at least 5 MiB, says S3
  std::chrono::milliseconds patience{60'000};  // with one request and its repetitions
  int attempts = 4;
  std::chrono::milliseconds first_pause{100};  // between attempts; doubled each time
};

// Asks nobody yet. Throws Error{invalid} for options that cannot be meant.
std::unique_ptr<Storage> open_s3(S3Options options, S3Transport& transport, const Clock& clock);

}  // namespace odeon::storage
