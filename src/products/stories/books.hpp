// A story to keep: as a book that reads itself aloud.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/epub.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

struct BookRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(BookRequest, (), (storyId))

inline constexpr Endpoint<BookRequest, http::Content> read_epub{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/epub",
     .summary = "A story as EPUB 3, with its pictures and its sound",
     .description = "With media overlays where the story is narrated as it stands.",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Books {
 public:
  Books(database::Database& database, storage::Storage& storage, ThreadPool& pool)
      : database_(database), storage_(storage), pool_(pool) {}

  Task<http::Content> epub(http::Caller caller, BookRequest request);

  void mount(http::Api& api);

 private:
  Task<Book> bound(TaleRow tale);

  database::Database& database_;
  storage::Storage& storage_;
  ThreadPool& pool_;
};

}  // namespace odeon::stories
