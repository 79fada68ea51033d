// Backup and restore of the embedded parts: DATA/odeon.db, DATA/keyring and DATA/objects.
//
// A backup is a folder:
//   odeon.db       the database as it was at one moment
//   keyring        the keys by which its secrets are sealed, if they are in the data folder
//   objects/…      every object that the database may speak of then
//   backup.json    Backup, written last: a folder without it is half a backup, and refused
//
// A backup without the keys could not be read, so they are in it. Who wants the two apart sets ODEON_KEYS.
//
// Objects never change once they are there, so only the database needs a moment. Objects are copied before and
// after it: what is deleted meanwhile is in the first round, what is new is in the second.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace odeon::server {

struct BackupFile {
  std::string path;  // below the backup's folder
  std::uint64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(BackupFile, (), (path, bytes))

struct Backup {
  int version = 1;
  std::string made_at;  // ISO 8601
  std::vector<BackupFile> files;

  std::uint64_t bytes() const;
};
BOOST_DESCRIBE_STRUCT(Backup, (), (version, made_at, files))

// Copies the data folder into the new or empty folder `to`, while servers run. Throws Error.
Backup back_up(const std::string& data, const std::string& to);

enum class Replace { no, yes };

// Puts the backup `from` into the data folder. What is there is refused, or with Replace::yes moved into
// DATA/replaced-TIME. The backup is checked first, then the copy; until both are found whole nothing is touched.
// Throws Error: a server runs there, something is there, the backup is not whole.
Backup restore(const std::string& data, const std::string& from, Replace replace);

}  // namespace odeon::server
