// SQL of files that people upload.
#pragma once

#include "engine/database/database.hpp"

namespace odeon::stories {

enum class FileCategory { avatar, illustration, audio, pictogram };
BOOST_DESCRIBE_ENUM(FileCategory, avatar, illustration, audio, pictogram)

struct FileRow {
  std::string id;
  std::string user_id;
  std::string file_name;
  std::int64_t file_size = 0;
  std::string mime_type;
  std::string upload_key;   // until it is confirmed
  std::string storage_key;  // from then on
  FileCategory category = FileCategory::avatar;
  // Whose it became: a hero, a story, an event, which has its object from then on.
  std::optional<std::string> entity_id;
  std::optional<Instant> confirmed_at;
  // Of what is not confirmed, and of what became something's, so that it can be confirmed again until then. Nothing can
  // be uploaded by then.
  std::optional<Instant> expires_at;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(FileRow, (),
                      (id, user_id, file_name, file_size, mime_type, upload_key, storage_key, category, entity_id,
                       confirmed_at, expires_at, created_at))

namespace store {

Task<void> add(database::Executor& executor, FileRow row);
Task<std::optional<FileRow>> file(database::Executor& executor, std::string user_id, std::string id);
// How many of a person wait to be confirmed.
Task<std::int64_t> unconfirmed_files(database::Executor& executor, std::string user_id);
// False if it was confirmed before, or is gone.
Task<bool> confirm_file(database::Executor& executor, FileRow row, Instant now);
Task<std::vector<FileRow>> expired_files(database::Executor& executor, Instant now, std::int64_t limit);
// Those that became nothing else's, in order of id, after the one with the id `after`.
Task<std::vector<FileRow>> files_of(database::Executor& executor, std::string user_id, std::string after,
                                    std::int64_t limit);
Task<bool> remove_file(database::Executor& executor, std::string id);

}  // namespace store
}  // namespace odeon::stories
