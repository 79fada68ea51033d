// What people make stories of beside what is built in: "first day at the pool". Enhanced by a model, and with a
// pictogram if they want one.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/stories/event_store.hpp"
#include "products/stories/heroes.hpp"
#include "products/stories/pace.hpp"
#include "products/stories/told_jobs.hpp"
#include "products/stories/words/compose.hpp"

namespace odeon::stories {

struct NewEvent {
  Text<1, 100> title;
  Text<1, 1000> description;
  std::optional<Text<1, 2000>> promptSeed;  // what a story begins from; else the description
  std::optional<List<Text<1, 40>, 0, 10>> keywords;
  std::optional<Text<1, 40>> category;
  std::optional<Text<1, 20>> ageRange;  // "4-8"
  std::optional<Tone> tone;
  std::optional<Language> language;  // of what is written here
  std::optional<Text<1, 16>> pictogramEmoji;
  std::optional<bool> isFavorite;
};
BOOST_DESCRIBE_STRUCT(NewEvent, (),
                      (title, description, promptSeed, keywords, category, ageRange, tone, language, pictogramEmoji,
                       isFavorite))

// What is left out stays as it is.
struct EventChange {
  std::string id;
  std::optional<Text<1, 100>> title;
  std::optional<Text<1, 1000>> description;
  std::optional<Text<1, 2000>> promptSeed;
  std::optional<List<Text<1, 40>, 0, 10>> keywords;
  std::optional<Text<1, 40>> category;
  std::optional<Text<1, 20>> ageRange;
  std::optional<Tone> tone;
  std::optional<Language> language;
  std::optional<Text<1, 16>> pictogramEmoji;
  std::optional<bool> isFavorite;
};
BOOST_DESCRIBE_STRUCT(EventChange, (),
                      (id, title, description, promptSeed, keywords, category, ageRange, tone, language, pictogramEmoji,
                       isFavorite))

struct CustomEvent {
  std::string id;
  std::string title, description, promptSeed;
  std::vector<std::string> keywords;
  std::string category;
  Nullable<std::string> ageRange;
  std::string tone;
  Language language = Language::en;
  Nullable<std::string> pictogramUrl, pictogramEmoji;
  std::int64_t usageCount = 0;
  Nullable<Instant> lastUsedAt;
  bool isFavorite = false;
  bool aiEnhanced = false;  // by a model
  Nullable<std::string> originalPrompt;
  Nullable<std::string> model;           // what enhanced it last: "odeon-offline" without a model
  Nullable<std::string> pictogramModel;  // what drew it: "odeon-offline/storybook" without; null if it was brought
  Instant createdAt, updatedAt;
};
BOOST_DESCRIBE_STRUCT(CustomEvent, (),
                      (id, title, description, promptSeed, keywords, category, ageRange, tone, language, pictogramUrl,
                       pictogramEmoji, usageCount, lastUsedAt, isFavorite, aiEnhanced, originalPrompt, model,
                       pictogramModel, createdAt, updatedAt))

struct EventReply {
  CustomEvent event;
};
BOOST_DESCRIBE_STRUCT(EventReply, (), (event))
struct EventWorkReply {
  CustomEvent event;
  JobTold job;
};
BOOST_DESCRIBE_STRUCT(EventWorkReply, (), (event, job))
struct EventRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(EventRequest, (), (id))
struct ListEvents {
  Text<0, 40> category;
  std::optional<bool> isFavorite;
  Clamped<1, 100> limit = 50;
  Clamped<0, 1'000'000> offset = 0;
  std::optional<EventsBy> sortBy;
  std::optional<SortOrder> sortOrder;
};
BOOST_DESCRIBE_STRUCT(ListEvents, (), (category, isFavorite, limit, offset, sortBy, sortOrder))
struct EventList {
  std::vector<CustomEvent> events;
  Pagination pagination;
};
BOOST_DESCRIBE_STRUCT(EventList, (), (events, pagination))

inline constexpr Endpoint<ListEvents, EventList> list_events{{.method = Method::get,
                                                              .path = "/api/custom-events",
                                                              .summary = "Your own events",
                                                              .auth = Auth::user,
                                                              .rate = {100, http::per_minute}}};
inline constexpr Endpoint<NewEvent, http::Created<EventReply>> create_event{{.method = Method::post,
                                                                             .path = "/api/custom-events",
                                                                             .summary = "Create an event",
                                                                             .auth = Auth::user,
                                                                             .rate = {20, http::per_minute}}};
inline constexpr Endpoint<EventRequest, EventReply> get_event{{.method = Method::get,
                                                               .path = "/api/custom-events/{id}",
                                                               .summary = "An event of yours",
                                                               .auth = Auth::user,
                                                               .rate = {100, http::per_minute}}};
inline constexpr Endpoint<EventChange, EventReply> change_event{{.method = Method::patch,
                                                                 .path = "/api/custom-events/{id}",
                                                                 .summary = "Change an event",
                                                                 .auth = Auth::user,
                                                                 .rate = {20, http::per_minute}}};
inline constexpr Endpoint<EventRequest, Success> delete_event{{.method = Method::delete_,
                                                               .path = "/api/custom-events/{id}",
                                                               .summary = "Delete an event; its stories stay",
                                                               .auth = Auth::user,
                                                               .rate = {20, http::per_minute}}};
inline constexpr Endpoint<EventRequest, WithHeaders<EventWorkReply>> enhance_event{
    {.method = Method::post,
     .path = "/api/custom-events/{id}/enhance",
     .summary = "Let a model make more of an event",
     .description = "Description, prompt and keywords become richer; the prompt that there was is kept as "
                    "`originalPrompt`. 200 once it is done, 202 while the job goes on. 20 an hour.",
     .auth = Auth::user,
     .rate = {100, http::per_minute},
     .statuses = {200, 202}}};
inline constexpr Endpoint<EventRequest, WithHeaders<EventWorkReply>> draw_event{
    {.method = Method::post,
     .path = "/api/custom-events/{id}/pictogram",
     .summary = "Draw a pictogram of an event",
     .description = "200 once it is done, 202 while the job goes on. 10 an hour.",
     .auth = Auth::user,
     .rate = {100, http::per_minute},
     .statuses = {200, 202}}};

// Throws Error{not_found} for what is not theirs.
Task<EventRow> own_event(Executor& executor, std::string user_id, std::string id);

// Thread-safe; what it is given outlives it.
class CustomEvents {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    Pace& pace;
    const Media& media;
    Log& log;
    const Clock& clock;
  };
  explicit CustomEvents(Rooms rooms) : rooms_(rooms) {}

  Task<EventList> list(http::Caller caller, ListEvents request);
  Task<http::Created<EventReply>> create(http::Caller caller, NewEvent request);
  Task<EventReply> read(http::Caller caller, EventRequest request);
  Task<EventReply> change(http::Caller caller, EventChange request);
  Task<Success> remove(http::Caller caller, EventRequest request);
  Task<WithHeaders<EventWorkReply>> enhance(http::Caller caller, EventRequest request);
  Task<WithHeaders<EventWorkReply>> draw(http::Caller caller, EventRequest request);

  CustomEvent shown(const EventRow& row, std::string_view base_url) const;

  void mount(http::Api& api);

 private:
  // Waits a while for what is queued.
  Task<WithHeaders<EventWorkReply>> worked(http::Caller caller, std::string id, std::string job_id);

  Rooms rooms_;
};

}  // namespace odeon::stories
