// multipart/form-data (RFC 7578) read as a stream: a part is handed on while it arrives and never held
// whole, unless it is a short field of text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "engine/http/router.hpp"

namespace odeon::http {

// The boundary of a multipart/form-data Content-Type, 1–70 characters; nothing if it is another type.
std::optional<std::string> multipart_boundary(std::string_view content_type);

struct PartHead {
  std::string name;
  std::optional<std::string> file_name;  // the last path segment of what was sent
  std::string content_type;
};

// Reads part after part from `source`. Throws Error{invalid} for a body that breaks the format or ends
// early, and Error{too_large} for a part header above 8 KB.
class MultipartReader {
 public:
  MultipartReader(ByteSource& source, std::string boundary);
  ~MultipartReader();
  // Skips what is left of the current part. Nothing after the last part.
  Task<std::optional<PartHead>> next();
  // The content of the current part.
  ByteSource& content();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads a form into `input`: text parts become members (those named "days[]" a list, `days`); files that are named in
// `uploads` are stored and become Upload objects, one of each name, others are passed over. When it fails, what it
// stored is discarded.
Task<void> read_form(Call& call, Services& services, std::vector<std::string_view> uploads, Input& input);

}  // namespace odeon::http
