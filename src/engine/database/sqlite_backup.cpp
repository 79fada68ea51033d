#include "engine/database/sqlite_backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/database/sqlite_connection.hpp"
#include "engine/database/sqlite_errors.hpp"

namespace odeon::database {
namespace {

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

// Whether the file is as long as its header says (sqlite.org/fileformat2.html, 1.3): of a page that lost its last
// bytes the integrity check may see nothing.
bool is_whole(const std::string& path) {
  std::array<unsigned char, 32> head{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(head.data()), head.size())) return false;
  const std::uint64_t size = head[16] << 8 | head[17];
  std::uint64_t pages = 0;
  for (int i = 28; i < 32; ++i) pages = pages << 8 | head[i];
  std::error_code fault;
  return std::filesystem::file_size(path, fault) == pages * (size == 1 ? 65536 : size) && !fault;
}

}  // namespace

void copy_sqlite(const std::string& path, const std::string& to) {
  // One statement is one snapshot; the log behind it grows meanwhile, and writers go on.
  sqlite::Connection(path, sqlite::Connection::Mode::read).script("VACUUM INTO " + sql_text(to));
  const int file = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) throw sqlite::unavailable("fsync of a copy");
}

void check_sqlite(const std::string& path) {
  detail::VectorSink<std::string> said;
  try {
    const Values none[1];
    sqlite::Connection(path, sqlite::Connection::Mode::read).run("PRAGMA integrity_check(10)", none, &said);
  } catch (const std::exception&) {
    said.rows.assign(1, describe(std::current_exception()));
  }
  if (said.rows.size() == 1 && said.rows[0] == "ok" && is_whole(path)) return;
  throw Error(Fault::invalid, "DATABASE_BROKEN", "The database is broken: " + text::join(said.rows, "; "));
}

}  // namespace odeon::database
