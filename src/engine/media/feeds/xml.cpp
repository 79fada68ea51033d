#include "engine/media/feeds/xml.hpp"

#include "base/text.hpp"

namespace odeon::feeds {
namespace {

// U+FFFE and U+FFFF are code points, and no characters.
bool is_noncharacter(std::string_view rest) {
  return rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF");
}

}  // namespace

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::escape(std::string_view text) {
  const std::string valid = text::to_valid_utf8(text);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    if (c == '&') {
      out_ += "&amp;";
    } else if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else if (c == '"') {
      out_ += "&quot;";
    } else if (c == '\r') {
      out_ += "&#13;";
    } else if (is_noncharacter(std::string_view(valid).substr(i))) {
      i += 2;
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      out_ += c;
    }
  }
}

void XmlWriter::start(std::string_view name, Attributes attributes) {
  out_.append(2 * open_.size(), ' ');
  out_.append("<").append(name);
  for (const auto& [key, value] : attributes) {
    out_.append(" ").append(key).append("=\"");
    escape(value);
    out_ += '"';
  }
}

void XmlWriter::open(std::string_view name, Attributes attributes) {
  start(name, attributes);
  out_ += ">\n";
  open_.emplace_back(name);
}

void XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  out_.append(2 * open_.size(), ' ');
  out_.append("</").append(name).append(">\n");
}

void XmlWriter::element(std::string_view name, std::string_view text, Attributes attributes) {
  start(name, attributes);
  out_ += '>';
  escape(text);
  out_.append("</").append(name).append(">\n");
}

void XmlWriter::empty(std::string_view name, Attributes attributes) {
  start(name, attributes);
  out_ += "/>\n";
}

}  // namespace odeon::feeds
