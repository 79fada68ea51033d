// Podcasts themselves: begun, changed, listed, deleted with all that is in them. How many one may have is the plan's.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/podcasts/artwork/artwork.hpp"
#include "products/podcasts/intake/intakes.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {

// Texts that are empty are none.
struct NewPodcast {
  Text<1, 255> title;
  std::optional<Text<0, 4000>> description;
  std::optional<Text<0, 255>> author;
  std::optional<Text<0, 100>> category;  // of Apple's list, to be found in directories: "Technology"
  std::optional<Text<0, 10>> language;   // "en", "pt-BR"
  std::optional<Text<0, 2000>> artwork_url, website_url;
  std::optional<Text<0, 254>> owner_email;  // stands in the feed, for directories to write to
  std::optional<ShowType> type;             // serial: to be heard from the first on
  std::optional<bool> is_explicit;
  std::optional<bool> is_locked;  // whether others may import the feed: true, unless said otherwise
};
BOOST_DESCRIBE_STRUCT(NewPodcast, (),
                      (title, description, author, category, language, artwork_url, website_url, owner_email, type,
                       is_explicit, is_locked))

// What is left out stays as it is.
struct ChangePodcast {
  std::string id;
  std::optional<Text<1, 255>> title;
  std::optional<Text<0, 4000>> description;
  std::optional<Text<0, 255>> author;
  std::optional<Text<0, 100>> category;
  std::optional<Text<0, 10>> language;
  std::optional<Text<0, 2000>> artwork_url, website_url;
  std::optional<Text<0, 254>> owner_email;
  std::optional<ShowType> type;
  std::optional<bool> is_explicit;
  std::optional<bool> is_locked;
  std::optional<ShowStatus> status;
};
BOOST_DESCRIBE_STRUCT(ChangePodcast, (),
                      (id, title, description, author, category, language, artwork_url, website_url, owner_email, type,
                       is_explicit, is_locked, status))

struct Podcast {
  std::string id;
  std::string user_id;
  std::string title;
  Nullable<std::string> description, author, category;
  std::string language;
  Nullable<std::string> artwork_url, website_url, owner_email;
  std::string rss_url;
  std::string guid;  // podcast:guid
  ShowType type = ShowType::episodic;
  bool is_explicit = false;
  bool is_locked = true;
  ShowStatus status = ShowStatus::draft;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(Podcast, (),
                      (id, user_id, title, description, author, category, language, artwork_url, website_url,
                       owner_email, rss_url, guid, type, is_explicit, is_locked, status, created_at, updated_at))

struct PodcastRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(PodcastRequest, (), (id))
struct ListPodcasts {
  Clamped<1, 100> limit = 50;
  Text<0, 64> cursor;
};
BOOST_DESCRIBE_STRUCT(ListPodcasts, (), (limit, cursor))
struct PodcastList {
  std::vector<Podcast> podcasts;
  Nullable<std::string> next_cursor;  // null at the end
};
BOOST_DESCRIBE_STRUCT(PodcastList, (), (podcasts, next_cursor))

inline constexpr http::Rate kReading{240, http::per_minute}, kChanging{60, http::per_minute};
// Of what the world reads and hears: behind one address there may be a directory that reads all podcasts, or a cache.
inline constexpr http::Rate kOpenToAll{6000, http::per_minute};

inline constexpr Endpoint<ListPodcasts, PodcastList> list_podcasts{{.method = Method::get,
                                                                    .path = "/api/podcasts",
                                                                    .summary = "Your podcasts, the newest first",
                                                                    .auth = Auth::user,
                                                                    .rate = kReading}};
inline constexpr Endpoint<NewPodcast, Created<Podcast>> create_podcast{
    {.method = Method::post,
     .path = "/api/podcasts",
     .summary = "Begin a podcast",
     .description = "403 PODCAST_LIMIT_REACHED for who has as many as their plan allows.",
     .auth = Auth::user,
     .rate = {30, http::per_minute}}};
inline constexpr Endpoint<PodcastRequest, Podcast> read_podcast{{.method = Method::get,
                                                                 .path = "/api/podcasts/{id}",
                                                                 .summary = "A podcast of yours",
                                                                 .auth = Auth::user,
                                                                 .rate = kReading}};
inline constexpr Endpoint<ChangePodcast, Podcast> change_podcast{
    {.method = Method::put,
     .path = "/api/podcasts/{id}",
     .summary = "Change a podcast",
     .description = "What is left out stays as it is; an empty text is none. `archived` is a podcast that is complete.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<PodcastRequest, http::NoContent> delete_podcast{
    {.method = Method::delete_,
     .path = "/api/podcasts/{id}",
     .summary = "Delete a podcast with all its episodes and their sound",
     .auth = Auth::user,
     .rate = kChanging}};

// Thread-safe; what it is given outlives it.
class Shows {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Allowances& allowances;
    Audio& audio;
    Artwork& artwork;
    Intakes& intakes;
    const Clock& clock;
  };
  explicit Shows(Rooms rooms) : rooms_(rooms) {}

  Task<PodcastList> list(http::Caller caller, ListPodcasts request);
  Task<Created<Podcast>> create(http::Caller caller, NewPodcast request);
  Task<Podcast> read(http::Caller caller, PodcastRequest request);
  Task<Podcast> change(http::Caller caller, ChangePodcast request);
  Task<http::NoContent> remove(http::Caller caller, PodcastRequest request);

  void mount(http::Api& api);

  // One more of its owner's, at an address of its own; `guid` is the one that it has in the world already. Throws
  // Error{forbidden, "PODCAST_LIMIT_REACHED"}.
  Task<void> begin(Transaction& tx, ShowRow& row, std::string base_url, std::optional<std::string> guid);

 private:
  Task<void> add(Transaction& tx, ShowRow& row, std::string base_url, std::optional<std::string> guid);

  Rooms rooms_;
};

// The feed's address below that of the product.
std::string feed_url(std::string_view base_url, std::string_view slug);
// Throws Error{not_found} for what is not theirs.
Task<ShowRow> own_show(Executor& executor, std::string user_id, std::string id);
// Throws Error{invalid} for what cannot be the cursor of a list.
void check_cursor(std::string_view cursor);

}  // namespace odeon::podcasts
