// Artwork as its owner brings it and as the world sees it.
#pragma once

#include "products/podcasts/episodes.hpp"

namespace odeon::podcasts {

struct ArtworkForm {
  std::string id;  // of the podcast or episode
  http::Upload artwork;
  std::optional<bool> crop;  // what is not square is cut to a square
};
BOOST_DESCRIBE_STRUCT(ArtworkForm, (), (id, artwork, crop))

struct ArtworkShown {
  std::string artwork_url;  // with ?size=100, 300 or 600 a JPEG of that side
  std::string media_type;
  std::int64_t side = 0;   // pixels
  std::int64_t bytes = 0;  // that are kept, the smaller ones included
};
BOOST_DESCRIBE_STRUCT(ArtworkShown, (), (artwork_url, media_type, side, bytes))

struct ArtworkRequest {
  std::string file;  // <id>.jpg or <id>.png
  std::optional<std::int64_t> size;
};
BOOST_DESCRIBE_STRUCT(ArtworkRequest, (), (file, size))

inline constexpr std::string_view kArtworkDescription =
    "A form with `artwork`: a PNG, JPEG or WebP to 20 MB, told by its content; square, 1400 pixels or more, RGB, not "
    "animated. With `crop` what is not square is cut to its most telling square. It is kept as a JPEG or PNG of at "
    "most 3000 pixels with nothing in it but the picture, takes the place of any other `artwork_url`, and counts "
    "against the plan's storage. 400 names what is wrong with it at `artwork`.";

inline constexpr Endpoint<ArtworkForm, Created<ArtworkShown>> upload_podcast_artwork{
    {.method = Method::post,
     .path = "/api/podcasts/{id}/artwork",
     .summary = "Upload the artwork of a podcast",
     .description = kArtworkDescription,
     .auth = Auth::user,
     .rate = kChanging,
     .max_body = kLargestArtwork}};
inline constexpr Endpoint<ArtworkForm, Created<ArtworkShown>> upload_episode_artwork{
    {.method = Method::post,
     .path = "/api/episodes/{id}/artwork",
     .summary = "Upload the artwork of an episode",
     .description = kArtworkDescription,
     .auth = Auth::user,
     .rate = kChanging,
     .max_body = kLargestArtwork}};
inline constexpr Endpoint<PodcastRequest, http::NoContent> delete_podcast_artwork{
    {.method = Method::delete_,
     .path = "/api/podcasts/{id}/artwork",
     .summary = "A podcast has no artwork any more",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<EpisodeRequest, http::NoContent> delete_episode_artwork{
    {.method = Method::delete_,
     .path = "/api/episodes/{id}/artwork",
     .summary = "An episode has no artwork of its own any more",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<ArtworkRequest, http::File> read_artwork{
    {.method = Method::get,
     .path = "/artwork/{file}",
     .summary = "A picture, in full or with `size` (100, 300, 600) as a small JPEG",
     .description = "An address stands for the same bytes for ever.",
     .rate = kOpenToAll}};

// Thread-safe; what it is given outlives it.
class ArtworkApi {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    Artwork& artwork;
    const Clock& clock;
  };
  explicit ArtworkApi(Rooms rooms) : rooms_(rooms) {}

  Task<Created<ArtworkShown>> upload_for_podcast(http::Caller caller, ArtworkForm form);
  Task<Created<ArtworkShown>> upload_for_episode(http::Caller caller, ArtworkForm form);
  Task<http::NoContent> delete_of_podcast(http::Caller caller, PodcastRequest request);
  Task<http::NoContent> delete_of_episode(http::Caller caller, EpisodeRequest request);
  Task<http::File> read(ArtworkRequest request);

  void mount(http::Api& api);

 private:
  enum class Subject { podcast, episode };
  Task<Created<ArtworkShown>> upload(http::Caller caller, Subject subject, ArtworkForm form);
  Task<ArtworkRow> make(std::string user_id, Subject subject, ArtworkForm form);
  Task<void> keep(ArtworkRow row, Subject subject, std::string id, TraceContext trace);
  Task<http::NoContent> remove(http::Caller caller, Subject subject, std::string id);
  Task<void> set(Transaction& tx, std::string user_id, Subject subject, std::string id, std::optional<std::string> url);

  Rooms rooms_;
};

}  // namespace odeon::podcasts
