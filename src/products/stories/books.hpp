// A story to keep: as a book that reads itself aloud, and as one to print.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/media/books/print.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/bookbinding.hpp"

namespace odeon::stories {

struct BookRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(BookRequest, (), (storyId))
struct PrintRequest {
  std::string storyId;
  std::optional<books::Paper> paper;  // A4 if it is not said
};
BOOST_DESCRIBE_STRUCT(PrintRequest, (), (storyId, paper))

inline constexpr Endpoint<BookRequest, http::Content> read_epub{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/epub",
     .summary = "A story as EPUB 3, with its pictures and its sound",
     .description = "With media overlays where the story is narrated as it stands.",
     .auth = Auth::user,
     .rate = {20, http::per_minute},
     .media_type = "application/epub+zip"}};
inline constexpr Endpoint<PrintRequest, http::Content> read_pdf{
    {.method = Method::get,
     .path = "/api/stories/{storyId}/pdf",
     .summary = "A story as PDF to print, with its pictures",
     .description = "On A4 unless `paper` says otherwise; `square` is 21 cm wide and high.",
     .auth = Auth::user,
     .rate = {20, http::per_minute},
     .media_type = "application/pdf"}};

// Thread-safe; what it is given outlives it.
class Books {
 public:
  // Books are made on `pool`.
  Books(database::Database& database, storage::Storage& storage, ThreadPool& pool)
      : database_(database), storage_(storage), pool_(pool) {}

  Task<http::Content> epub(http::Caller caller, BookRequest request);
  Task<http::Content> pdf(http::Caller caller, PrintRequest request);

  void mount(http::Api& api);

 private:
  using Writer = std::function<void(const books::Book&, const books::Sink&)>;

  // Its pictures; those that a book has no room for are left out.
  Task<BookParts> pictures_of(TaleRow tale);
  Task<std::optional<books::Picture>> picture(std::optional<std::string> key, std::string shows);
  Task<std::string> written(books::Book book, Writer write);

  database::Database& database_;
  storage::Storage& storage_;
  ThreadPool& pool_;
};

}  // namespace odeon::stories
