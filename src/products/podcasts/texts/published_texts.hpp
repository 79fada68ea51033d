// Transcripts and chapters of published episodes, as the feed names them and players fetch them from any page. Their
// addresses change with what is there; an older one is answered with what there is now.
#pragma once

#include "products/podcasts/episodes.hpp"

namespace odeon::podcasts {

struct PublishedTextRequest {
  std::string id;    // of the episode
  std::string file;  // <revision>.vtt, .srt or .json
};
BOOST_DESCRIBE_STRUCT(PublishedTextRequest, (), (id, file))

inline constexpr Endpoint<PublishedTextRequest, http::Content> episode_transcript{
    {.method = Method::get,
     .path = "/transcripts/{id}/{file}",
     .summary = "What is said in a published episode",
     .description = "WebVTT, SubRip or JSON, as the file's name ends; open to every page (CORS)."}};
inline constexpr Endpoint<PublishedTextRequest, http::Content> episode_chapters{
    {.method = Method::get,
     .path = "/chapters/{id}/{file}",
     .summary = "The chapters of a published episode",
     .description = "JSON chapters 1.2.0 of Podcasting 2.0; open to every page (CORS)."}};

// Thread-safe; what it is given outlives it.
class PublishedTexts {
 public:
  PublishedTexts(database::Database& database, ThreadPool& heavy) : database_(database), heavy_(heavy) {}

  Task<http::Content> transcript(PublishedTextRequest request);
  Task<http::Content> chapters(PublishedTextRequest request);
  void mount(http::Api& api);

 private:
  database::Database& database_;
  ThreadPool& heavy_;
};

}  // namespace odeon::podcasts
