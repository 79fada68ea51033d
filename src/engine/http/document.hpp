// A text that was made once, served as any stored object is: with its ETag, ranges and conditions; and in gzip.
#pragma once

#include <cstring>
#include <mutex>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "engine/http/compress.hpp"

namespace odeon::http {

// Thread-safe.
class Document final : public ReadableObject {
 public:
  Document(std::string content_type, std::string text, Instant modified)
      : content_type_(std::move(content_type)),
        text_(std::move(text)),
        etag_('"' + crypto::sha256_hex(text_).substr(0, 32) + '"'),
        modified_(modified) {}

  std::uint64_t size() const override { return text_.size(); }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset >= text_.size()) co_return 0;
    const auto count = std::min<std::size_t>(into.size(), text_.size() - offset);
    std::memcpy(into.data(), text_.data() + offset, count);
    co_return count;
  }
  std::string content_type() const override { return content_type_; }
  std::string etag() const override { return etag_; }
  Instant modified() const override { return modified_; }

  // Whether it is worth sending it in gzip.
  bool packs() const { return text_.size() >= kMinCompressed && is_compressible_type(content_type_); }
  // Itself in gzip: other bytes, so another tag. Made when it is first asked for, and kept.
  std::shared_ptr<ReadableObject> packed() const {
    std::call_once(packing_, [this] { packed_ = std::make_shared<Document>(content_type_, gzip(text_), modified_); });
    return packed_;
  }

 private:
  std::string content_type_, text_, etag_;
  Instant modified_;
  mutable std::once_flag packing_;
  mutable std::shared_ptr<ReadableObject> packed_;
};

}  // namespace odeon::http
