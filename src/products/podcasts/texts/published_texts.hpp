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
     .description = "WebVTT, SubRip or JSON, as the file's name ends; open to every page (CORS).",
     .rate = kOpenToAll}};
inline constexpr Endpoint<PublishedTextRequest, http::Content> episode_chapters{
    {.method = Method::get,
     .path = "/chapters/{id}/{file}",
     .summary = "The chapters of a published episode",
     .description = "JSON chapters 1.2.0 of Podcasting 2.0; open to every page (CORS).",
     .rate = kOpenToAll}};

// Thread-safe; what it is given outlives it.
class PublishedTexts {
 public:
  // Not the pool of recordings: nobody who reads along waits for the work on somebody's.
  PublishedTexts(database::Database& database, ThreadPool& pool) : database_(database), pool_(pool) {}

  Task<http::Content> transcript(PublishedTextRequest request);
  Task<http::Content> chapters(PublishedTextRequest request);
  void mount(http::Api& api);

 private:
  database::Database& database_;
  ThreadPool& pool_;
};

}  // namespace odeon::podcasts
