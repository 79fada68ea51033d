#include "engine/ai/providers/multipart_form.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kRandomBytes = 16;

std::string quoted(std::string_view name) {
  std::string safe = text::replace_all(std::string(name), "\"", "%22");
  safe = text::replace_all(text::replace_all(std::move(safe), "\r", "%0D"), "\n", "%0A");
  return '"' + safe + '"';
}

}  // namespace

MultipartForm::MultipartForm() : MultipartForm(crypto::to_hex(crypto::random_bytes(kRandomBytes))) {}

void MultipartForm::begin(std::string_view name) {
  body_.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=").append(quoted(name));
}

void MultipartForm::field(std::string_view name, std::string_view value) {
  begin(name);
  body_.append("\r\n\r\n").append(value).append("\r\n");
}

void MultipartForm::file(std::string_view name, std::string_view file_name, std::string_view media_type,
                         std::string_view bytes) {
  begin(name);
  body_.append("; filename=").append(quoted(file_name)).append("\r\nContent-Type: ").append(media_type);
  body_.append("\r\n\r\n").append(bytes).append("\r\n");
}

std::string MultipartForm::finish() && {
  return std::move(body_.append("--").append(boundary_).append("--\r\n"));
}

}  // namespace odeon::ai
