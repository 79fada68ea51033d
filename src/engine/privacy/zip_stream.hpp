// A ZIP file that is made while it is sent (PKWARE APPNOTE, as libarchive writes it): nothing of it is held but
// what the socket has not taken yet. Sizes beyond 4 GB are no limit (ZIP64).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "engine/http/message.hpp"

namespace odeon::privacy {

class ZipStream {
 public:
  ZipStream(http::BodyWriter& to, ThreadPool& pool, Instant made_at);
  ~ZipStream();  // without `finish` the file is cut, which readers notice
  ZipStream(const ZipStream&) = delete;
  ZipStream& operator=(const ZipStream&) = delete;

  // Compressed. `path` is a name that has not been used yet.
  Task<void> add(std::string path, std::string text);
  // As it is: media do not shrink.
  Task<void> add(std::string path, std::shared_ptr<ReadableObject> object);
  Task<void> finish();

 private:
  struct State;
  Task<void> flush();

  http::BodyWriter& to_;
  ThreadPool& pool_;
  std::unique_ptr<State> state_;
};

}  // namespace odeon::privacy
