// A story's words and sentences with the times at which they are read, for apps that show them as they are heard.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/stories/media.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

struct ReadAlongRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(ReadAlongRequest, (), (storyId))

struct TimedPart {
  std::int64_t offset = 0, length = 0;  // code points of `content`
  double start = 0, end = 0;            // seconds into the narration
};
BOOST_DESCRIBE_STRUCT(TimedPart, (), (offset, length, start, end))
struct ReadAlongReply {
  std::string storyId;
  std::string content;
  Language language = Language::en;
  Nullable<std::string> audioUrl;
  double duration = 0;     // seconds
  bool estimated = false;  // the story is not narrated as it stands: by its words alone
  std::vector<TimedPart> sentences, words;
};
BOOST_DESCRIBE_STRUCT(ReadAlongReply, (), (storyId, content, language, audioUrl, duration, estimated, sentences, words))

inline constexpr Endpoint<ReadAlongRequest, ReadAlongReply> read_along_story{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/read-along",
     .summary = "When each sentence and word of a story is read",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class ReadingAlong {
 public:
  ReadingAlong(database::Database& database, const Media& media) : database_(database), media_(media) {}

  Task<ReadAlongReply> read(http::Caller caller, ReadAlongRequest request);

  void mount(http::Api& api);

 private:
  database::Database& database_;
  const Media& media_;
};

}  // namespace odeon::stories
