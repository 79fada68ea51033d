#include "products/stories/media.hpp"

#include "base/crypto.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/faults.hpp"

namespace odeon::stories {
namespace {

constexpr std::string_view kMediaFolder = "stories/";
constexpr std::size_t kUnguessable = 16;  // bytes

}  // namespace

std::string new_media_key(std::string_view folder, std::string_view extension) {
  return fmt::format("{}{}/{}.{}", kMediaFolder, folder, crypto::to_hex(crypto::random_bytes(kUnguessable)), extension);
}

void Media::mount(http::Api& api) {
  http::mount(api, read_media, &Media::read, *this);
}

std::string Media::url(std::string_view base_url, std::string_view key, std::chrono::days held) const {
  const Instant now = clock_.now();
  const Instant end = std::chrono::floor<std::chrono::days>(now) + held;
  return fmt::format("{}/media/{}?{}", base_url, key.substr(kMediaFolder.size()),
                     signer_.read_query(key, std::chrono::ceil<std::chrono::seconds>(end - now)));
}

Nullable<std::string> Media::url_or_null(std::string_view base_url, const std::optional<std::string>& key) const {
  return key ? Nullable<std::string>(url(base_url, *key)) : Nullable<std::string>();
}

Task<http::File> Media::read(MediaRequest request) {
  const std::string key = std::string(kMediaFolder) + request.name;
  signer_.check_read(key, request.expires, request.signature);
  auto object = co_await storage_.get(key);
  if (!object) throw no_such_file();
  co_return http::File{.object = std::move(object), .cache_control = "private, max-age=86400", .download_name = ""};
}

}  // namespace odeon::stories
