// SQL of libraries that people bring along.
#pragma once

#include "products/stories/hero_store.hpp"
#include "products/stories/import/skipped.hpp"

namespace odeon::stories {

enum class ImportState { reading, finished, failed };
BOOST_DESCRIBE_ENUM(ImportState, reading, finished, failed)

struct ImportRow {
  std::string id;
  std::string user_id;
  std::string upload_key;  // until it has ended
  std::string job_id;
  ImportState state = ImportState::reading;
  std::vector<Skipped> skipped;
  std::optional<std::string> error;
  Instant created_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(ImportRow, (), (id, user_id, upload_key, job_id, state, skipped, error, created_at, ended_at))

// What something was called where it came from.
struct Imported {
  std::string user_id;
  std::string kind;  // hero, customEvent, story, file
  std::string source_id;
  std::string entity_id;
  std::string import_id;
};
struct ImportedCount {
  std::string kind;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(ImportedCount, (), (kind, count))

namespace store {

Task<void> add(Executor& executor, ImportRow row);
Task<std::optional<ImportRow>> import_of(Executor& executor, std::string id);
Task<std::optional<ImportRow>> import_of(Executor& executor, std::string user_id, std::string id);
// False if it had ended before. The ZIP is let go of.
Task<bool> end_import(Executor& executor, ImportRow row, Instant now);
// The entity that it became.
Task<std::optional<std::string>> imported_as(Executor& executor, Imported what);
// Instead of whatever it became before.
Task<void> note_imported(Executor& executor, Imported what);
Task<std::vector<ImportedCount>> imported_with(Executor& executor, std::string import_id);
// In order of id, after the one with the id `after`.
Task<std::vector<ImportRow>> imports_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit);
Task<std::vector<std::string>> import_objects_of(Executor& executor, std::string user_id);
// Returns how many rows went.
Task<std::int64_t> forget_imports(Executor& executor, std::string user_id);

}  // namespace store
}  // namespace odeon::stories
