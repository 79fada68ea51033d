#include "engine/storage/s3_bucket.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/storage/s3_xml.hpp"

namespace odeon::storage {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongestPause{5'000};
constexpr std::uint64_t kLeastPart = 5 * 1024 * 1024;

[[noreturn]] void refuse_option(const std::string& why) {
  throw Error(Fault::invalid, "S3_OPTIONS", "The settings of the object storage are wrong: " + why + ".");
}

// Names that stand in host names and paths as they are.
void check_name(std::string_view name, const char* what) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  if (name.empty() || name.size() > 255 || !std::ranges::all_of(name, fits))
    refuse_option(std::string("this cannot be the name of a ") + what);
}

// May help; the same again is safe, since every request puts or removes the very same thing.
bool may_pass(const S3Answer& answer) {
  switch (answer.status) {
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    case 400:
    case 409: {
      const std::string code = s3_error_code(answer.body);
      return code == "RequestTimeout" || code == "OperationAborted" || code == "SlowDown";
    }
    default:
      return false;
  }
}

Task<std::string> whole(std::unique_ptr<ByteSource> body, std::size_t most) {
  co_return co_await read_all(*body, most);
}

}  // namespace

void s3_fail(std::string detail) {
  throw Error(Fault::unavailable, "STORAGE_UNAVAILABLE", "Files cannot be read or written at the moment.")
      .with_retry_after(std::chrono::seconds(5))
      .with_detail("s3: " + std::move(detail));
}

void s3_refuse(std::string_view what, const S3Answer& answer) {
  const std::string code = s3_error_code(answer.body).substr(0, 100);
  s3_fail(fmt::format("{}: {} {}", what, answer.status, code.empty() ? "without a code" : code));
}

std::string_view S3Answer::header(std::string_view name) const {
  for (const auto& [own, value] : headers)
    if (text::equals_ignoring_case(own, name)) return value;
  return {};
}

S3Bucket::Place S3Bucket::place_at(const std::string& endpoint, const S3Options& options) {
  std::string_view rest = endpoint;
  const bool tls = rest.starts_with("https://");
  if (!tls && !rest.starts_with("http://")) refuse_option("the endpoint must begin with https:// or http://");
  rest.remove_prefix(tls ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string host = text::to_lower(rest);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view(".-:[]").contains(c);
  };
  if (host.empty() || !std::ranges::all_of(host, fits))
    refuse_option("the endpoint must be a scheme, a host and a port");
  // The Host field leaves the scheme's own port out, and the signature must be over that.
  const std::string_view own_port = tls ? ":443" : ":80";
  if (host.ends_with(own_port)) host.resize(host.size() - own_port.size());
  if (!options.path_style) host = options.bucket + "." + host;
  return {.origin = (tls ? "https://" : "http://") + host,
          .host = host,
          .root = options.path_style ? "/" + options.bucket + "/" : "/"};
}

S3Bucket::S3Bucket(S3Options options, S3Transport& transport, const Clock& clock)
    : options_(std::move(options)),
      signer_(options_.access_key, options_.secret_key, options_.region),
      transport_(transport),
      clock_(clock) {
  check_name(options_.bucket, "bucket");
  check_name(options_.region, "region");
  if (options_.access_key.empty() || options_.secret_key.empty()) refuse_option("a key is missing");
  if (options_.part_bytes < kLeastPart) refuse_option("parts must have 5 MiB at least");
  place_ = place_at(options_.endpoint, options_);
  public_place_ = options_.public_endpoint.empty() ? place_ : place_at(options_.public_endpoint, options_);
}

Task<S3Answer> S3Bucket::attempt(const S3Call& call) const {
  const std::string path = place_.root + call.key;
  S3Request request{
      .method = call.method, .url = place_.origin + s3_path(path), .headers = call.headers, .body = call.body};
  if (!call.query.empty()) request.url += "?" + s3_query(call.query);
  for (auto& field :
       signer_.sign({call.method, place_.host, path, call.query, call.headers}, call.payload_hash, clock_.now()))
    request.headers.push_back(std::move(field));
  if (!call.range.empty()) request.headers.emplace_back("range", call.range);
  S3Response response = co_await transport_.send(std::move(request));
  S3Answer answer{.status = response.status, .headers = std::move(response.headers)};
  answer.body = co_await whole(std::move(response.body), call.most);
  co_return answer;
}

Task<S3Answer> S3Bucket::ask(S3Call call) const {
  if (call.payload_hash.empty()) call.payload_hash = crypto::sha256_hex(call.body);
  const auto due = SteadyClock::now() + options_.patience;
  std::chrono::milliseconds pause = options_.first_pause;
  std::string fault = "no attempt";
  for (int tried = 0; tried < options_.attempts && SteadyClock::now() < due; ++tried) {
    if (tried > 0) {
      const double share = 0.5 + static_cast<unsigned char>(crypto::random_bytes(1)[0]) / 510.0;
      co_await sleep_on_loop(std::chrono::duration_cast<SteadyClock::duration>(pause * share));
      pause = std::min(kLongestPause, pause * 2);
    }
    auto answer = co_await settle(with_timeout(due - SteadyClock::now(), attempt(call)));
    if (answer && !may_pass(*answer)) {
      answer->repeated = tried > 0;
      co_return std::move(*answer);
    }
    if (!answer && is_cancellation(answer.error())) std::rethrow_exception(answer.error());
    fault = answer ? fmt::format("{} {}", answer->status, s3_error_code(answer->body)) : describe(answer.error());
  }
  s3_fail(fmt::format("{}: {}", call.method, fault));
}

std::string S3Bucket::presigned(std::string_view method, std::string_view key, S3Fields headers,
                                std::chrono::seconds lifetime) const {
  const std::string path = public_place_.root + std::string(key);
  return public_place_.origin + s3_path(path) + "?" +
         signer_.presign({method, public_place_.host, path, {}, std::move(headers)}, lifetime, clock_.now());
}

}  // namespace odeon::storage
