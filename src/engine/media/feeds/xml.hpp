// XML 1.0 as a feed needs it, well-formed whatever is put in: what is no UTF-8 is replaced, characters that XML has
// none for (§2.2) are left out, and everything else is escaped where it must be.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odeon::feeds {

class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  XmlWriter();

  // Names are the program's own.
  void open(std::string_view name, Attributes attributes = {});
  void close();
  void element(std::string_view name, std::string_view text, Attributes attributes = {});
  void empty(std::string_view name, Attributes attributes);
  // Once everything is closed.
  std::string take() { return std::move(out_); }

 private:
  void start(std::string_view name, Attributes attributes);
  void escape(std::string_view text);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace odeon::feeds
