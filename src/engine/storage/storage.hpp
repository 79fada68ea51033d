// Objects by key: audio, pictures, uploads. A filesystem folder or an S3 bucket behind one contract.
//
// Keys are paths of safe segments ("briefings/editions/0193….mp3"): 1 to 512 bytes of [A-Za-z0-9._-]
// in segments of at most 200 bytes divided by '/', no segment '.' or '..'; other keys throw
// Error{invalid}. One object's key may be another's folder ("a" and "a/b"). Objects are immutable once
// readers hold them: a `put` to the same key replaces the object, never its bytes.
// Failures are Errors: Fault::unavailable for a full or dead disk or service. All methods thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace odeon::storage {

struct Stored {
  std::string key;
  std::uint64_t size = 0;
  std::string content_type;
  std::string etag;  // strong, with quotes: the SHA-256 of the bytes (S3: what the service gives)
  std::string md5;   // hexadecimal, where known
  Instant modified;
};

struct PutOptions {
  // At most 255 printable ASCII characters; else Error{invalid}.
  std::string content_type = "application/octet-stream";
  std::uint64_t max_bytes = 5ULL << 30;  // beyond: Error{too_large}, and nothing is kept
};

struct Page {
  std::vector<Stored> objects;  // ascending by key
  std::string next;             // cursor for the next page; empty at the end
};

// A grant to upload one object directly: to be used as told, before it expires.
struct UploadGrant {
  std::string method;  // PUT
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  // to be sent as they are
  Instant expires_at;
};

class Storage {
 public:
  virtual ~Storage() = default;

  // Streams in; the object appears whole and durable when this returns, or not at all.
  virtual Task<Stored> put(std::string key, ByteSource& from, PutOptions options) = 0;
  // Nothing if there is no such object. The object stays readable while it is held, whatever happens to
  // its key meanwhile (S3: as long as the service keeps it).
  virtual Task<std::shared_ptr<ReadableObject>> get(std::string key) = 0;
  virtual Task<std::optional<Stored>> stat(std::string key) = 0;
  // Removing what is not there is no failure.
  virtual Task<void> remove(std::string key) = 0;
  // Objects whose key starts with `prefix`, after `cursor` (empty: from the first), at most `limit` (1 to
  // 1000, others are moved there).
  virtual Task<Page> list(std::string prefix, std::string cursor, std::size_t limit) = 0;

  // A URL that reads the object without further credentials until it expires. For the filesystem it is
  // a path of this server ("/files/…?expires=…&signature=…") to be put behind the public address.
  virtual std::string sign_read(std::string_view key, std::chrono::seconds lifetime) = 0;
  // Allows one upload of exactly `size` bytes of `content_type` to `key`.
  virtual UploadGrant sign_upload(std::string_view key, std::uint64_t size, std::string content_type,
                                  std::chrono::seconds lifetime) = 0;
  // Throws Error{unavailable} when objects cannot be read and written: for /health.
  virtual Task<void> ping() = 0;
};

// Throws Error{invalid} for a key that breaks the rules above.
void check_key(std::string_view key);
bool is_key(std::string_view key);
void check_content_type(std::string_view content_type);

Task<Stored> put(Storage& storage, std::string key, std::string bytes, PutOptions options);

}  // namespace odeon::storage
