// Pictures and sound of stories, and their addresses, which read them without further credentials for a day or two and
// stay the same for a day, so that apps can keep what they have read.
#pragma once

#include "engine/http/router.hpp"
#include "engine/storage/files.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/stories.hpp"

namespace odeon::stories {

struct MediaRequest {
  std::string name;
  std::string expires, signature;
};
BOOST_DESCRIBE_STRUCT(MediaRequest, (), (name, expires, signature))

inline constexpr Endpoint<MediaRequest, http::File> read_media{{.method = Method::get,
                                                                .path = "/media/{name...}",
                                                                .summary = "A picture or sound, by the address told",
                                                                .rate = {600, http::per_minute}}};

// "stories/avatars/0f3c….png", under a name that nobody can guess.
std::string new_media_key(std::string_view folder, std::string_view extension);

// Thread-safe; what it is given outlives it.
class Media {
 public:
  Media(storage::Storage& storage, const storage::FileSigner& signer, const Clock& clock)
      : storage_(storage), signer_(signer), clock_(clock) {}

  // Below `base_url` of the product. It holds for so many days, today (UTC) included.
  std::string url(std::string_view base_url, std::string_view key, std::chrono::days held = std::chrono::days(2)) const;
  Nullable<std::string> url_or_null(std::string_view base_url, const std::optional<std::string>& key) const;
  Task<http::File> read(MediaRequest request);

  void mount(http::Api& api);

 private:
  storage::Storage& storage_;
  const storage::FileSigner& signer_;
  const Clock& clock_;
};

}  // namespace odeon::stories
