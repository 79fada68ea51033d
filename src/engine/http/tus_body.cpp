#include "engine/http/tus_body.hpp"

#include "base/error.hpp"

namespace odeon::http {
namespace {

using Algorithm = crypto::Digest::Algorithm;

std::optional<Algorithm> algorithm_of(std::string_view name) {
  if (name == "sha1") return Algorithm::sha1;
  if (name == "sha256") return Algorithm::sha256;
  if (name == "md5") return Algorithm::md5;
  return std::nullopt;
}

std::size_t size_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::sha256:
      return 32;
    case Algorithm::sha1:
      return 20;
    case Algorithm::md5:
      return 16;
  }
  return 0;
}

}  // namespace

TusChecksum parse_tus_checksum(std::string_view written) {
  const auto space = written.find(' ');
  const auto algorithm = algorithm_of(written.substr(0, space));
  auto wanted = space == std::string_view::npos ? std::nullopt : crypto::from_base64(written.substr(space + 1));
  if (!algorithm || !wanted || wanted->size() != size_of(*algorithm))
    throw Error(Fault::invalid, "INVALID_CHECKSUM", "Upload-Checksum is sha1, sha256 or md5 and the digest in base64.");
  return {*algorithm, std::move(*wanted)};
}

Task<TusBytes> read_tus_bytes(ByteSource& body, std::size_t limit) {
  constexpr std::size_t kGrowth = 256 * 1024;
  TusBytes read;
  while (read.bytes.size() < limit) {
    const std::size_t before = read.bytes.size();
    read.bytes.resize(std::min(limit, before + kGrowth));
    auto count = co_await settle(body.read(std::span(read.bytes).subspan(before)));
    read.bytes.resize(before + (count ? *count : 0));
    if (!count) read.failure = count.error();
    if (!count || *count == 0) break;
  }
  co_return read;
}

}  // namespace odeon::http
