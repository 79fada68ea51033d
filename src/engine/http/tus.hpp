// Uploads that can be resumed: tus 1.0 (https://tus.io/protocols/resumable-upload), with its extensions creation,
// creation-with-upload, creation-defer-length, checksum (sha1, sha256, md5), termination and expiration.
//
// This is the protocol and nothing else: where uploads are kept, whose they are and what becomes of them is for whoever
// implements TusUploads. What arrives is given to it in pieces that memory holds, each durable before the offset moves.
// Where a connection breaks, what came through it until then is kept as the last piece.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/http/router.hpp"

namespace odeon::http {

// Of Upload-Metadata, decoded: UTF-8.
using TusMetadata = std::map<std::string, std::string, std::less<>>;

struct TusUpload {
  std::string id;
  std::uint64_t offset = 0;             // so much has come
  std::optional<std::uint64_t> length;  // nothing: it is said later
  std::string metadata;                 // the header field as it was sent
  std::optional<Instant> expires_at;    // none once it is whole
};

// Bytes that are stored, and part of no upload yet.
struct TusPiece {
  std::string key;
  std::string sha256;  // hexadecimal
  std::uint64_t size = 0;
};

// Every method is told who calls: another's upload is none.
class TusUploads {
 public:
  virtual ~TusUploads() = default;
  virtual std::uint64_t max_size() const = 0;
  // Throws Error for what is not wanted: bad metadata, no room.
  virtual Task<TusUpload> create(Caller caller, std::optional<std::uint64_t> length, TusMetadata metadata,
                                 std::string written) = 0;
  // Nothing if there is none. Throws Error{gone} for one whose time is over.
  virtual Task<std::optional<TusUpload>> find(Caller caller, std::string id) = 0;
  // How long it is going to be, which was left open. False if it was not, or if more has come.
  virtual Task<bool> declare(Caller caller, std::string id, std::uint64_t length) = 0;
  // Durable when it returns. Throws Error for what there is no room for.
  virtual Task<TusPiece> store(Caller caller, std::string id, std::string bytes) = 0;
  // Appends pieces where the upload ends, if that is `offset`: all or none. What is whole now is taken over.
  virtual Task<bool> append(Caller caller, std::string id, std::uint64_t offset, std::vector<TusPiece> pieces) = 0;
  virtual Task<void> discard(std::vector<TusPiece> pieces) = 0;
  // False if there is none.
  virtual Task<bool> remove(Caller caller, std::string id) = 0;
};

struct TusCreate : Streamed {};
BOOST_DESCRIBE_STRUCT(TusCreate, (), ())
struct TusRequest : Streamed {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(TusRequest, (), (id))

struct TusRoutes {
  Endpoint<Nothing, Response> options;
  Endpoint<TusCreate, Response> create;
  Endpoint<TusRequest, Response> head, append, remove, override_method;
};

// `one` is `all` with "/{id}" behind.
consteval TusRoutes tus_routes(std::string_view all, std::string_view one, std::uint64_t max_size) {
  constexpr Rate kPieces{1200, per_minute};
  return {
      .options = {{.method = Method::options, .path = all, .summary = "What of tus 1.0 there is"}},
      .create = {{.method = Method::post,
                  .path = all,
                  .summary = "Begin an upload that can be resumed (tus 1.0)",
                  .description = "Upload-Length or Upload-Defer-Length, and Upload-Metadata. 201 with Location.",
                  .auth = Auth::user,
                  .rate = {120, per_minute},
                  .max_body = max_size}},
      .head = {{.method = Method::head,
                .path = one,
                .summary = "How much of an upload has come (tus 1.0)",
                .auth = Auth::user,
                .rate = kPieces}},
      .append = {{.method = Method::patch,
                  .path = one,
                  .summary = "More of an upload (tus 1.0)",
                  .description = "application/offset+octet-stream from Upload-Offset on; 409 where that is not where "
                                 "it ends, 460 where Upload-Checksum does not fit.",
                  .auth = Auth::user,
                  .rate = kPieces,
                  .max_body = max_size}},
      .remove = {{.method = Method::delete_,
                  .path = one,
                  .summary = "Throw an upload away (tus 1.0)",
                  .auth = Auth::user,
                  .rate = {120, per_minute}}},
      .override_method = {{.method = Method::post,
                           .path = one,
                           .summary = "For clients without PATCH: X-HTTP-Method-Override (tus 1.0)",
                           .auth = Auth::user,
                           .rate = kPieces,
                           .max_body = max_size}}};
}

// Thread-safe. What it is given outlives it.
class Tus {
 public:
  Tus(TusUploads& uploads, TusRoutes routes) : uploads_(uploads), routes_(routes) {}

  Task<Response> options();
  Task<Response> create(Caller caller, TusCreate request);
  Task<Response> head(Caller caller, TusRequest request);
  Task<Response> append(Caller caller, TusRequest request);
  Task<Response> remove(Caller caller, TusRequest request);
  Task<Response> override_method(Caller caller, TusRequest request);

  // Failures below its address are told as in FlatFormat, with what tus wants on every answer.
  void mount(Api& api);

 private:
  // What has come of a body, and why no more.
  struct Received {
    std::uint64_t offset = 0;
    bool mismatch = false;  // with the checksum: nothing of it counts
    std::exception_ptr failure;
  };
  Task<Received> receive(Caller caller, TusUpload upload, ByteSource& body, std::string checksum);
  Task<bool> add(Caller caller, std::string id, Received& received, std::vector<TusPiece>& pieces);

  TusUploads& uploads_;
  TusRoutes routes_;
};

// ---- of the header fields --------------------------------------------------------------------------

// "key dmFsdWU=,other". Nothing for what is none: a key twice, or with a space; a value that is not base64 or not
// UTF-8.
std::optional<TusMetadata> parse_tus_metadata(std::string_view written);

}  // namespace odeon::http
