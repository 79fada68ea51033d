// Writes multipart/form-data (RFC 7578), for providers that take files that way. Held in memory.
#pragma once

#include <string>
#include <string_view>

namespace odeon::ai {

class MultipartForm {
 public:
  // By chance: no content can hold it but by malice of who knows it ahead.
  MultipartForm();
  explicit MultipartForm(std::string boundary) : boundary_(std::move(boundary)) {}
  void field(std::string_view name, std::string_view value);
  // What could end the names' quotes or lines is percent-encoded, as browsers do.
  void file(std::string_view name, std::string_view file_name, std::string_view media_type, std::string_view bytes);
  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  std::string finish() &&;

 private:
  void begin(std::string_view name);

  std::string boundary_;
  std::string body_;
};

}  // namespace odeon::ai
