// What people take along, and how they go: the copy that apps read, and the end of the account. All that is kept of
// them, media included, is the engine's ZIP (privacy/exports.hpp), here at an address of its own.
#pragma once

#include "engine/privacy/endpoints.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/payment.hpp"
#include "products/stories/people.hpp"
#include "products/stories/tales.hpp"

namespace odeon::stories {

struct HeroCopy : Hero {
  std::vector<Story> stories;  // in place of their mentions
};
BOOST_DESCRIBE_STRUCT(HeroCopy, (Hero), (stories))

struct UserCopy : Profile {
  std::vector<HeroCopy> heroes;
  std::vector<Story> storiesWithoutHero;  // whose heroes were deleted
  std::vector<CustomEvent> customEvents;
  std::vector<OperationUsage> usageMetrics;  // of all time
};
BOOST_DESCRIBE_STRUCT(UserCopy, (Profile), (heroes, storiesWithoutHero, customEvents, usageMetrics))

struct Farewell : privacy::Receipt {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(Farewell, (privacy::Receipt), (success))

inline constexpr Endpoint<Nothing, WithHeaders<UserCopy>> export_user{
    {.method = Method::get,
     .path = "/api/user/export",
     .summary = "You, your heroes with their stories, your events and your usage, as JSON to save",
     .auth = Auth::user,
     .rate = {10, http::per_hour}}};
inline constexpr Endpoint<privacy::Extent, http::Download> export_all{
    {.method = Method::get,
     .path = "/api/user/archive",
     .summary = "Everything that is kept of you, as a ZIP of JSON and media",
     .description = "`product` limits it to one product: this one.",
     .auth = Auth::user,
     .rate = {10, http::per_hour},
     .media_type = "application/zip"}};
inline constexpr Endpoint<privacy::Leave, Farewell> delete_account{
    {.method = Method::delete_,
     .path = "/api/user/account",
     .summary = "Have everything erased that is kept of you",
     .description = "The account ends at once, in all products; with `product` only what this one keeps. With "
                    "`wait_days` it is erased that much later, and until then only we can give it back. The answer is "
                    "a receipt (`GET /api/user/erasures/{id}`), which is sent by mail once all is gone.",
     .auth = Auth::user,
     .rate = {10, http::per_hour}}};

// Thread-safe; what it is given outlives it.
class Leaving {
 public:
  struct Rooms {
    database::Database& database;
    privacy::Endpoints& privacy;
    People& people;
    const Heroes& heroes;
    const CustomEvents& events;
    const Tales& tales;
    Payment& payment;
    const Clock& clock;
  };
  explicit Leaving(Rooms rooms) : rooms_(rooms) {}

  Task<WithHeaders<UserCopy>> copy(http::Caller caller);
  Task<Farewell> leave(http::Caller caller, privacy::Leave leave);

  void mount(http::Api& api);

 private:
  Task<void> add_stories(UserCopy& copy, http::Caller caller);

  Rooms rooms_;
};

}  // namespace odeon::stories
