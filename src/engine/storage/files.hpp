// The filesystem driver: objects under a folder, written beside and renamed into place, fsynced.
// Signed addresses carry an HMAC-SHA256 over what they allow; `FileSigner` checks them for the
// endpoints that serve and accept files.
#pragma once

#include <memory>
#include <string>

#include "base/task.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::storage {

class FileSigner {
 public:
  // `secret` is at least 32 bytes.
  FileSigner(std::string secret, const Clock& clock);

  // "/files/…?expires=…&signature=…"
  std::string read_target(std::string_view key, std::chrono::seconds lifetime) const;
  // "expires=…&signature=…", for an address of one's own.
  std::string read_query(std::string_view key, std::chrono::seconds lifetime) const;
  bool allows_read(std::string_view key, std::string_view expires, std::string_view signature) const;
  // Throws Error{forbidden, "ADDRESS_EXPIRED"} where it does not.
  void check_read(std::string_view key, std::string_view expires, std::string_view signature) const;
  std::string upload_target(std::string_view key, std::uint64_t size, std::string_view content_type,
                            Instant expires_at) const;
  bool allows_upload(std::string_view key, std::uint64_t size, std::string_view content_type, std::string_view expires,
                     std::string_view signature) const;

 private:
  std::string sign(std::string_view what) const;
  std::string secret_;
  const Clock& clock_;
};

// `folder` is created. File work runs on `pool`. Left-overs of writes that a crash cut off are removed.
std::unique_ptr<Storage> open_files(std::string folder, ThreadPool& pool, const FileSigner& signer, const Clock& clock);

}  // namespace odeon::storage
