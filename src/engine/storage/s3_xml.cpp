#include "engine/storage/s3_xml.hpp"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "base/text.hpp"

namespace odeon::storage {
namespace {

// The root element if it is of that name.
pugi::xml_node root_of(pugi::xml_document& parsed, std::string_view document, const char* name) {
  if (!parsed.load_buffer(document.data(), document.size(), pugi::parse_default, pugi::encoding_utf8)) return {};
  return parsed.child(name);
}

std::optional<Stored> stored_in(const pugi::xml_node& entry, bool encoded) {
  Stored stored;
  const std::string_view key = entry.child_value("Key"), size = entry.child_value("Size");
  const auto decoded = encoded ? text::percent_decode(key, true) : std::optional<std::string>(key);
  const auto modified = parse_iso8601(entry.child_value("LastModified"));
  const auto [end, fault] = std::from_chars(size.data(), size.data() + size.size(), stored.size);
  stored.etag = s3_etag(entry.child_value("ETag"));
  if (!decoded || decoded->empty() || !modified || stored.etag.empty() || fault != std::errc() ||
      end != size.data() + size.size())
    return std::nullopt;
  stored.key = *decoded;
  stored.modified = *modified;
  return stored;
}

}  // namespace

std::string s3_error_code(std::string_view document) {
  pugi::xml_document parsed;
  return root_of(parsed, document, "Error").child_value("Code");
}

std::optional<std::string> s3_upload_id(std::string_view document) {
  pugi::xml_document parsed;
  std::string id = root_of(parsed, document, "InitiateMultipartUploadResult").child_value("UploadId");
  if (id.empty()) return std::nullopt;
  return id;
}

std::string s3_completed(std::string_view document) {
  pugi::xml_document parsed;
  return s3_etag(root_of(parsed, document, "CompleteMultipartUploadResult").child_value("ETag"));
}

std::string s3_completion(const std::vector<std::string>& etags) {
  std::string out = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < etags.size(); ++i)
    out += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1, text::escape_html(etags[i]));
  return out + "</CompleteMultipartUpload>";
}

std::optional<S3Listing> s3_listing(std::string_view document) {
  pugi::xml_document parsed;
  const auto root = root_of(parsed, document, "ListBucketResult");
  const std::string_view truncated = root.child_value("IsTruncated");
  if (!root || (truncated != "true" && truncated != "false")) return std::nullopt;
  S3Listing listing{.truncated = truncated == "true"};
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  for (const auto& entry : root.children("Contents")) {
    auto stored = stored_in(entry, encoded);
    if (!stored) return std::nullopt;
    listing.objects.push_back(std::move(*stored));
  }
  // A page after an empty one could not be asked for.
  if (listing.truncated && listing.objects.empty()) return std::nullopt;
  return listing;
}

std::string s3_etag(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  const auto fits = [](char c) { return c > ' ' && c <= '~' && c != '"'; };
  if (tag.empty() || tag.size() > 200 || !std::ranges::all_of(tag, fits)) return {};
  return fmt::format("\"{}\"", tag);
}

}  // namespace odeon::storage
