// SQL of what is made for people: pictures and films.
#pragma once

#include "products/chat/files/attachment_store.hpp"

namespace odeon::chat {

enum class CreationKind { image, video };
BOOST_DESCRIBE_ENUM(CreationKind, image, video)
enum class CreationStatus { queued, running, ready, failed, cancelled };
BOOST_DESCRIBE_ENUM(CreationStatus, queued, running, ready, failed, cancelled)

// What was asked for, beside the prompt.
struct Wish {
  std::int64_t width = 0, height = 0, count = 1, seconds = 0;
  std::string model;                 // empty: any
  std::optional<std::string> image;  // an attachment to begin with
};
BOOST_DESCRIBE_STRUCT(Wish, (), (width, height, count, seconds, model, image))

struct FileMade {
  std::string name;  // the last part of its key: "1.png"
  std::string media_type;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(FileMade, (), (name, media_type, bytes))

// What a model made. Also stored beside its files, under kMadeName: what is paid for is not asked for again.
struct Made {
  std::vector<FileMade> files;
  std::string model;
  std::int64_t cost = 0;  // nano-dollars
};
BOOST_DESCRIBE_STRUCT(Made, (), (files, model, cost))

struct CreationRow {
  std::string id;
  std::string user_id;
  std::optional<std::string> conversation_id;
  CreationKind kind = CreationKind::image;
  std::string prompt;
  Wish wish;
  std::string tier;
  std::optional<std::string> request_key;
  std::string job_id;
  CreationStatus status = CreationStatus::queued;
  std::vector<FileMade> files;
  std::string model;
  std::int64_t cost = 0;
  std::string error_code, error;
  Instant created_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(CreationRow, (),
                      (id, user_id, conversation_id, kind, prompt, wish, tier, request_key, job_id, status, files,
                       model, cost, error_code, error, created_at, ended_at))

inline constexpr const char* kMadeName = "made.json";
// "chat/creations/ID/": where its files are.
std::string creation_folder(std::string_view id);

namespace store {

// False if the request was known: then nothing is added.
Task<bool> add(Transaction& tx, CreationRow row);
Task<std::optional<CreationRow>> creation(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<CreationRow>> creation(Executor& executor, std::string id);
Task<std::optional<CreationRow>> creation_of_request(Executor& executor, std::string user_id, std::string request_key);
// The newest first, from before the one with the id `before` (empty: from the newest); of one conversation, if that is
// not empty.
Task<std::vector<CreationRow>> creations(Executor& executor, std::string user_id, CreationKind kind,
                                         std::string conversation_id, std::string before, std::int64_t limit);
// Each tells whether it was still to be made.
Task<bool> mark_running(Executor& executor, std::string id);
Task<bool> mark_ready(Executor& executor, std::string id, Made made, Instant now);
Task<bool> mark_ended(Executor& executor, std::string id, CreationStatus status, std::string code, std::string message,
                      Instant now);
// Nobody has it any more; its objects are still to go. False if there is none.
Task<bool> let_go_creation(Executor& executor, std::string user_id, std::string id);
// The same for those outside of conversations, once they are as old as their owner lets conversations become, by
// default `usual_days`. Tells how many.
Task<std::int64_t> let_go_aged_creations(Executor& executor, Instant now, std::int64_t usual_days);
Task<std::vector<std::string>> let_go_creations(Executor& executor, std::int64_t limit);
Task<void> remove_creation(Executor& executor, std::string id);
// All of a person's, those that nobody has any more included.
Task<std::vector<std::string>> creation_ids_of(Executor& executor, std::string user_id);

}  // namespace store
}  // namespace odeon::chat
