// SQL of the pictures of stories.
#pragma once

#include "products/stories/tale_store.hpp"

namespace odeon::stories {

enum class DrawStatus { pending, generating, completed, failed };
BOOST_DESCRIBE_ENUM(DrawStatus, pending, generating, completed, failed)

struct IllustrationRow {
  std::string id;
  std::string story_id;
  std::string user_id;
  std::optional<std::string> image_key;
  std::string prompt;
  SceneTold scene;
  bool is_timed = false;  // comes when it was asked for, else where its scene is told
  std::optional<std::string> model;
  std::optional<std::string> generation_id;
  std::optional<std::string> previous_generation_id;  // the picture that it was made to match
  double starts_at = 0;                               // seconds into the narration
  std::optional<double> seconds;                      // that it is looked at
  std::int64_t display_order = 0;
  DrawStatus status = DrawStatus::pending;
  std::optional<std::string> error;
  std::int64_t retry_count = 0;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(IllustrationRow, (),
                      (id, story_id, user_id, image_key, prompt, scene, is_timed, model, generation_id,
                       previous_generation_id, starts_at, seconds, display_order, status, error, retry_count,
                       created_at, updated_at))

// When a picture is looked at.
struct Showing {
  std::string id;
  double starts_at = 0;
  double seconds = 0;
};

namespace store {

Task<void> add_each(Executor& executor, std::vector<IllustrationRow> rows);
// One that is drawn already, at its place in the order.
Task<void> add_between(Executor& executor, IllustrationRow row);
// In order of display.
Task<std::vector<IllustrationRow>> illustrations(Executor& executor, std::string story_id);
Task<std::optional<IllustrationRow>> illustration(Executor& executor, std::string user_id, std::string id);
// Its scene and its time are known.
Task<void> plan(Executor& executor, IllustrationRow picture);
// One more attempt at it begins.
Task<void> mark_drawing(Executor& executor, std::string id, Instant now);
// False if it is gone.
Task<bool> mark_drawn(Executor& executor, IllustrationRow drawn, Instant now);
Task<void> mark_undrawn(Executor& executor, std::string id, std::string error, Instant now);
// Those of them that are not drawn yet.
Task<void> mark_rest_undrawn(Executor& executor, std::vector<std::string> ids, std::string error, Instant now);
Task<void> show_at(Executor& executor, std::vector<Showing> showings);
// Its object, and with those of a story all of them, are let go of.
Task<bool> remove_illustration(Executor& executor, IllustrationRow row);
Task<void> remove_illustrations(Executor& executor, std::string story_id);

}  // namespace store
}  // namespace odeon::stories
