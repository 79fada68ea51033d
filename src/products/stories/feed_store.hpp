// SQL of what people's private feeds tell.
#pragma once

#include "products/stories/tale_store.hpp"

namespace odeon::stories {

// What a feed tells of a story that has a sound.
struct HeardTale {
  std::string id;
  std::string title;
  std::string content;
  std::string audio_key;
  double audio_seconds = 0;
  std::int64_t audio_bytes = 0;
  std::optional<std::string> picture_key;  // its first
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(HeardTale, (),
                      (id, title, content, audio_key, audio_seconds, audio_bytes, picture_key, created_at, updated_at))

namespace store {

// The newest first.
Task<std::vector<HeardTale>> heard_tales(Executor& executor, std::string user_id, std::int64_t limit);

}  // namespace store
}  // namespace odeon::stories
