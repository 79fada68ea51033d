#include "engine/http/tus.hpp"

#include <charconv>

#include "engine/http/binding.hpp"
#include "engine/http/tus_body.hpp"

namespace odeon::http {
namespace {

constexpr std::string_view kVersion = "1.0.0";
constexpr std::string_view kBytes = "application/offset+octet-stream";

// Browsers show scripts of other origins these alone.
constexpr std::string_view kExposed =
    "Location, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, "
    "Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Expires";

class TusFormat final : public FlatFormat {
 public:
  void add_headers(Headers& headers, const FormatContext&, const RateVerdict&) const override {
    headers.set("Tus-Resumable", std::string(kVersion));
    headers.set("Tus-Version", std::string(kVersion));
    headers.add("Access-Control-Expose-Headers", std::string(kExposed));
  }
};

Error no_such_upload() {
  return Error(Fault::not_found, "UPLOAD_NOT_FOUND", "There is no such upload.");
}

Error too_large(std::uint64_t most) {
  return Error(Fault::too_large, "UPLOAD_TOO_LARGE", fmt::format("An upload may have {} bytes.", most));
}

Error elsewhere() {
  return Error(Fault::conflict, "OFFSET_CONFLICT", "The upload does not end at this Upload-Offset. Ask where it does.");
}

// Neither a 4xx that HTTP has nor a failure of ours: what tus calls "Checksum Mismatch".
Response checksum_mismatch() {
  Response response{.status = 460};
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"error":"The bytes do not fit Upload-Checksum.","code":"CHECKSUM_MISMATCH"})";
  return response;
}

void check_version(const Headers& headers) {
  if (headers.get("Tus-Resumable") != kVersion)
    throw Error(Fault::precondition_failed, "TUS_VERSION", "This server speaks tus 1.0.0: Tus-Resumable says so.");
}

std::optional<std::uint64_t> number_at(const Headers& headers, std::string_view name) {
  const auto written = headers.find(name);
  if (!written) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(written->data(), written->data() + written->size(), value);
  if (fault != std::errc() || end != written->data() + written->size())
    throw Error(Fault::invalid, "INVALID_HEADER", fmt::format("{} must be a number of bytes.", name));
  return value;
}

bool carries_bytes(const Headers& headers) {
  return text::equals_ignoring_case(text::trim(headers.get("Content-Type")), kBytes);
}

void add_expiry(Response& response, const TusUpload& upload) {
  if (upload.expires_at) response.headers.add("Upload-Expires", to_http_date(*upload.expires_at));
}

}  // namespace

std::optional<TusMetadata> parse_tus_metadata(std::string_view written) {
  TusMetadata metadata;
  if (text::trim(written).empty()) return metadata;
  for (const auto part : text::split(written, ',')) {
    const auto pair = text::trim(part);
    const auto space = pair.find(' ');
    const auto value = space == std::string_view::npos ? std::optional<std::string>("")
                                                       : crypto::from_base64(text::trim(pair.substr(space + 1)));
    const auto key = pair.substr(0, space);
    if (key.empty() || !value || !text::is_utf8(*value) || !text::is_utf8(key)) return std::nullopt;
    if (!metadata.emplace(key, *value).second) return std::nullopt;
  }
  return metadata;
}

void Tus::mount(Api& api) {
  api.format_below(std::string(routes_.create.info.path), std::make_unique<TusFormat>());
  http::mount(api, routes_.options, &Tus::options, *this);
  http::mount(api, routes_.create, &Tus::create, *this);
  http::mount(api, routes_.head, &Tus::head, *this);
  http::mount(api, routes_.append, &Tus::append, *this);
  http::mount(api, routes_.remove, &Tus::remove, *this);
  http::mount(api, routes_.override_method, &Tus::override_method, *this);
}

Task<Response> Tus::options() {
  Response response{.status = 204};
  response.headers.add("Tus-Extension",
                       "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration");
  response.headers.add("Tus-Max-Size", std::to_string(uploads_.max_size()));
  response.headers.add("Tus-Checksum-Algorithm", "sha1,sha256,md5");
  co_return response;
}

Task<Response> Tus::create(Caller caller, TusCreate request) {
  const Headers& headers = *request.headers;
  check_version(headers);
  const auto length = number_at(headers, "Upload-Length");
  if (length.has_value() == (headers.get("Upload-Defer-Length") == "1"))
    throw Error(Fault::invalid, "INVALID_LENGTH", "Send Upload-Length, or Upload-Defer-Length: 1.");
  if (length && *length > uploads_.max_size()) throw too_large(uploads_.max_size());
  const std::string written(headers.get("Upload-Metadata"));
  auto metadata = parse_tus_metadata(written);
  if (!metadata)
    throw Error(Fault::invalid, "INVALID_METADATA", "Upload-Metadata is pairs of a key and a value in base64.");
  auto upload = co_await uploads_.create(caller, length, std::move(*metadata), written);
  Response response{.status = 201};
  response.headers.add("Location", fmt::format("{}{}/{}", caller.base_url, routes_.create.info.path, upload.id));
  add_expiry(response, upload);
  if (!carries_bytes(headers)) co_return response;
  const auto received =
      co_await receive(std::move(caller), upload, *request.body, std::string(headers.get("Upload-Checksum")));
  // Whatever of it has come, the upload has begun, and its client can go on.
  response.headers.add("Upload-Offset", std::to_string(received.offset));
  co_return response;
}

Task<Response> Tus::head(Caller caller, TusRequest request) {
  check_version(*request.headers);
  const auto upload = co_await uploads_.find(std::move(caller), request.id);
  if (!upload) throw no_such_upload();
  Response response{.status = 200};
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("Upload-Offset", std::to_string(upload->offset));
  if (upload->length)
    response.headers.add("Upload-Length", std::to_string(*upload->length));
  else
    response.headers.add("Upload-Defer-Length", "1");
  if (!upload->metadata.empty()) response.headers.add("Upload-Metadata", upload->metadata);
  add_expiry(response, *upload);
  co_return response;
}

Task<Response> Tus::append(Caller caller, TusRequest request) {
  const Headers& headers = *request.headers;
  check_version(headers);
  if (!carries_bytes(headers))
    throw Error(Fault::unsupported_type, "UNSUPPORTED_TYPE", fmt::format("Send the bytes as {}.", kBytes));
  const auto offset = number_at(headers, "Upload-Offset"), length = number_at(headers, "Upload-Length");
  if (!offset) throw Error(Fault::invalid, "INVALID_HEADER", "Upload-Offset says where the bytes belong.");
  auto upload = co_await uploads_.find(caller, request.id);
  if (!upload) throw no_such_upload();
  if (*offset != upload->offset) throw elsewhere();
  if (length && length != upload->length) {
    if (*length > uploads_.max_size()) throw too_large(uploads_.max_size());
    if (upload->length || !co_await uploads_.declare(caller, request.id, *length))
      throw Error(Fault::invalid, "INVALID_LENGTH",
                  "The length of this upload was said before, or is less than has come.");
    upload->length = length;
  }
  const auto received =
      co_await receive(std::move(caller), *upload, *request.body, std::string(headers.get("Upload-Checksum")));
  if (received.failure) std::rethrow_exception(received.failure);
  if (received.mismatch) co_return checksum_mismatch();
  Response response{.status = 204};
  response.headers.add("Upload-Offset", std::to_string(received.offset));
  add_expiry(response, *upload);
  co_return response;
}

// Without a checksum each piece counts as soon as it is stored, the last one of a connection that breaks too. With one,
// all of them count once they fit, or none.
Task<Tus::Received> Tus::receive(Caller caller, TusUpload upload, ByteSource& body, std::string checksum) {
  Received received{.offset = upload.offset};
  std::optional<TusChecksum> wanted;
  if (!checksum.empty()) wanted = parse_tus_checksum(checksum);
  crypto::Digest digest(wanted ? wanted->algorithm : crypto::Digest::Algorithm::sha1);
  const std::uint64_t most = upload.length.value_or(uploads_.max_size());
  std::vector<TusPiece> pieces;
  std::uint64_t read_to = upload.offset;
  for (bool ended = false; !ended && !received.failure;) {
    auto read = co_await read_tus_bytes(body, kTusPiece);
    // Its client may be gone; what came is to be kept all the same.
    if (read.failure) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    ended = read.bytes.size() < kTusPiece;
    received.failure = read.failure;
    if (read.bytes.empty()) continue;
    if (wanted) digest.update(read.bytes);
    read_to += read.bytes.size();
    if (read_to > most) {
      received.failure = std::make_exception_ptr(too_large(most));
      break;
    }
    auto piece = co_await settle(uploads_.store(caller, upload.id, std::move(read.bytes)));
    if (!piece) {
      received.failure = piece.error();
      break;
    }
    pieces.push_back(std::move(*piece));
    if (!wanted && !co_await add(caller, upload.id, received, pieces)) break;
  }
  if (wanted && !received.failure) {
    received.mismatch = !crypto::equal(digest.finish(), wanted->wanted);
    if (!received.mismatch) co_await add(caller, upload.id, received, pieces);
  }
  if (!pieces.empty()) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await uploads_.discard(std::move(pieces));
  }
  co_return received;
}

// Takes the pieces over. False, with the reason, if that cannot be.
Task<bool> Tus::add(Caller caller, std::string id, Received& received, std::vector<TusPiece>& pieces) {
  std::uint64_t size = 0;
  for (const auto& piece : pieces) size += piece.size;
  const auto added = co_await settle(uploads_.append(std::move(caller), std::move(id), received.offset, pieces));
  if (!added || !*added) {
    received.failure = added ? std::make_exception_ptr(elsewhere()) : added.error();
    co_return false;
  }
  received.offset += size;
  pieces.clear();
  co_return true;
}

Task<Response> Tus::remove(Caller caller, TusRequest request) {
  check_version(*request.headers);
  if (!co_await uploads_.remove(std::move(caller), request.id)) throw no_such_upload();
  co_return Response{.status = 204};
}

Task<Response> Tus::override_method(Caller caller, TusRequest request) {
  const auto method = request.headers->get("X-HTTP-Method-Override");
  if (method == "PATCH") co_return co_await append(std::move(caller), std::move(request));
  if (method == "DELETE") co_return co_await remove(std::move(caller), std::move(request));
  if (method == "HEAD") co_return co_await head(std::move(caller), std::move(request));
  throw Error(Fault::method_not_allowed, "METHOD_NOT_ALLOWED", "X-HTTP-Method-Override is PATCH, DELETE or HEAD here.");
}

}  // namespace odeon::http
