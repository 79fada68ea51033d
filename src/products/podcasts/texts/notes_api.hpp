// Show notes, as the owner of an episode asks for them. What is written then is told by the episode itself.
#pragma once

#include "products/podcasts/texts/notes_work.hpp"
#include "products/podcasts/texts/transcripts.hpp"

namespace odeon::podcasts {

inline constexpr Endpoint<EpisodeRequest, http::Accepted<TextWork>> write_show_notes{
    {.method = Method::post,
     .path = "/api/episodes/{id}/show-notes",
     .summary = "Write the show notes of an episode",
     .description =
         "Summary, chapters, key points, quotes, links and names, from its transcript; they take the place of "
         "those before. 402 `upgrade_required` where the plan has none; 409 TRANSCRIPT_MISSING without a "
         "transcript.",
     .auth = Auth::user,
     .rate = {20, http::per_hour}}};

// Thread-safe; what it is given outlives it.
class NotesApi {
 public:
  struct Rooms {
    database::Database& database;
    billing::Subscriptions& subscriptions;
    NotesWork& notes;
    const Clock& clock;
  };
  explicit NotesApi(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<TextWork>> write(http::Caller caller, EpisodeRequest request);
  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::podcasts
