#include "products/stories/stored_zip.hpp"

#include <zlib.h>

namespace odeon::stories {
namespace {

template <class Number>
void append_little(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out += static_cast<char>(number >> (8 * i) & 0xFF);
}

std::uint32_t dos_stamp(Instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(when - day));
  const auto year = static_cast<std::uint32_t>(std::max(1980, static_cast<int>(date.year())) - 1980);
  return year << 25 | static_cast<unsigned>(date.month()) << 21 | static_cast<unsigned>(date.day()) << 16 |
         static_cast<std::uint32_t>(time.hours().count()) << 11 |
         static_cast<std::uint32_t>(time.minutes().count()) << 5 |
         static_cast<std::uint32_t>(time.seconds().count() / 2);
}

constexpr std::uint16_t kVersionNeeded = 10, kNoFlags = 0, kAsItIs = 0;

}  // namespace

StoredZip::StoredZip(Instant made_at) : stamp_(dos_stamp(made_at)) {}

void StoredZip::add(std::string_view name, std::string_view bytes) {
  const auto offset = static_cast<std::uint32_t>(file_.size());
  std::string common;  // to both headers
  append_little(common, kVersionNeeded);
  append_little(common, kNoFlags);
  append_little(common, kAsItIs);
  append_little(common, stamp_);
  append_little(common,
                static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  append_little(common, static_cast<std::uint32_t>(bytes.size()));
  append_little(common, static_cast<std::uint32_t>(bytes.size()));
  append_little(common, static_cast<std::uint16_t>(name.size()));
  append_little(common, std::uint16_t{0});  // extra fields

  append_little(file_, std::uint32_t{0x04034b50});
  file_.append(common).append(name).append(bytes);

  append_little(directory_, std::uint32_t{0x02014b50});
  append_little(directory_, kVersionNeeded);  // made by
  directory_ += common;
  append_little(directory_, std::uint16_t{0});  // comment
  append_little(directory_, std::uint16_t{0});  // disk
  append_little(directory_, std::uint16_t{0});  // attributes
  append_little(directory_, std::uint32_t{0});
  append_little(directory_, offset);
  directory_ += name;
  ++count_;
}

std::string StoredZip::take() {
  const auto at = static_cast<std::uint32_t>(file_.size());
  file_ += directory_;
  append_little(file_, std::uint32_t{0x06054b50});
  append_little(file_, std::uint32_t{0});  // disks
  append_little(file_, count_);
  append_little(file_, count_);
  append_little(file_, static_cast<std::uint32_t>(directory_.size()));
  append_little(file_, at);
  append_little(file_, std::uint16_t{0});  // comment
  return std::move(file_);
}

}  // namespace odeon::stories
