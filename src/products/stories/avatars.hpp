// Portraits of heroes, and the visual profile from which every other picture of them is made.
#pragma once

#include "engine/billing/ledger.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/worker.hpp"
#include "products/stories/authoring.hpp"
#include "products/stories/heroes.hpp"
#include "products/stories/pace.hpp"
#include "products/stories/painter.hpp"
#include "products/stories/told_jobs.hpp"

namespace odeon::stories {

struct DrawAvatar {
  static constexpr std::string_view kind = "stories.avatar";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string hero_id;
  std::string user_id;
  std::string tier;
  std::string custom_prompt;  // empty: from what is known of the hero
};
BOOST_DESCRIBE_STRUCT(DrawAvatar, (), (hero_id, user_id, tier, custom_prompt))

struct AvatarRequest {
  std::string heroId;
  std::optional<Text<0, 1000>> customPrompt;
};
BOOST_DESCRIBE_STRUCT(AvatarRequest, (), (heroId, customPrompt))
struct AvatarReply {
  Hero hero;
  JobTold job;
};
BOOST_DESCRIBE_STRUCT(AvatarReply, (), (hero, job))

inline constexpr Endpoint<AvatarRequest, WithHeaders<AvatarReply>> draw_avatar_of_hero{
    {.method = Method::post,
     .path = "/api/heroes/{heroId}/avatar",
     .summary = "Have a portrait of a hero drawn",
     .description =
         "200 with the hero once it is drawn; 202 while the job goes on. The visual profile is made with it. "
         "5 an hour.",
     .auth = Auth::user,
     .rate = {100, http::per_minute},
     .statuses = {200, 202}}};

// Thread-safe; what it is given outlives it.
class Avatars {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    billing::Ledger& ledger;
    Pace& pace;
    const Heroes& heroes;
    Authoring& authoring;
    Painter& painter;
    ThreadPool& pool;
    Log& log;
    const Clock& clock;
  };
  explicit Avatars(Rooms rooms) : rooms_(rooms) {}

  Task<WithHeaders<AvatarReply>> ask(http::Caller caller, AvatarRequest request);

  void mount(http::Api& api);
  void install(jobs::Worker& worker);

 private:
  Task<void> draw(DrawAvatar job, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::stories
