// A ZIP file of entries that are stored as they are (PKWARE APPNOTE 6.3), without any extra field, as EPUB wants its
// first entry. For media, which do not shrink; below 4 GB.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace odeon::stories {

class StoredZip {
 public:
  explicit StoredZip(Instant made_at);

  // `name` is a path of ASCII that has not been used yet.
  void add(std::string_view name, std::string_view bytes);
  // The whole file. Once.
  std::string take();

 private:
  std::uint32_t stamp_;  // date and time, as MS-DOS had them
  std::uint16_t count_ = 0;
  std::string file_, directory_;
};

}  // namespace odeon::stories
