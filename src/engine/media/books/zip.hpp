// A ZIP file that is made front to back (PKWARE APPNOTE 6.3), as OCF wants it: a first file can be stored with nothing
// but its name in its header. libarchive adds times and owners to every header, and libzip and minizip go back to
// headers they have written, which a stream does not allow; what is held in memory needs neither, so this is short.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/media/books/book.hpp"

namespace odeon::books {

// Files have no times (1980 begins, as far as ZIP can tell), so the same files give the same bytes. Up to 65 535 files
// and 4 GB.
class Zip {
 public:
  explicit Zip(const Sink& to) : to_(to) {}
  Zip(const Zip&) = delete;
  Zip& operator=(const Zip&) = delete;

  // As it is: for what does not shrink. `name` is a path in ASCII that has not been used yet.
  void store(std::string_view name, std::string_view bytes) { add(name, bytes, bytes, 0); }
  void deflate(std::string_view name, std::string_view bytes);
  // Without it the file is cut, which readers notice.
  void finish();

 private:
  void add(std::string_view name, std::string_view bytes, std::string_view packed, std::uint16_t method);
  void write(std::string_view bytes);

  const Sink& to_;
  std::uint64_t written_ = 0;
  std::string directory_;
  std::uint16_t files_ = 0;
};

}  // namespace odeon::books
