// gzip for answers (RFC 1952, RFC 9110 §12.5.3).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/message.hpp"

namespace odeon::http {

inline constexpr std::size_t kMinCompressed = 1024;

// Whether a client that sent this Accept-Encoding takes gzip: named, or by "*", with a weight above 0.
bool takes_gzip(std::string_view accept_encoding);

// Whether what is of this Content-Type gets smaller: text and JSON.
bool is_compressible_type(std::string_view content_type);
// Whether the body of this answer is worth compressing: text or JSON above 1 KB, whole, not encoded yet.
bool is_compressible(const Response& response, std::size_t size);

// Compresses one body after the other, keeping its quarter megabyte of working memory. Not thread-safe.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  void begin(std::string& out);
  void add(std::string_view piece);
  void end();

 private:
  struct State;
  void run(std::string_view piece, int flush);
  std::unique_ptr<State> state_;
};

// One text by itself.
std::string gzip(std::string_view text);

}  // namespace odeon::http
