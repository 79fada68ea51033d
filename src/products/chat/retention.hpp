// How long conversations are kept: as long as their owner wants, counted from when something was last said in them; the
// same for pictures and films outside of them, counted from when they were asked for; and the jobs that delete those
// whose time is over, and what of files is left over.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/router.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/store_settings.hpp"

namespace odeon::chat {

inline constexpr std::int64_t kUsualRetentionDays = 90, kLongestRetentionDays = 3650;

struct SettingsReply {
  std::int64_t retention_days = kUsualRetentionDays;
  bool retention_is_default = true;
};
BOOST_DESCRIBE_STRUCT(SettingsReply, (), (retention_days, retention_is_default))

struct ChangeSettings {
  // Left out, it stays; null is the usual time. No client sends what stands here before one is read.
  static constexpr const char* kUnchanged = "\x01";
  json::value retention_days = kUnchanged;
};
BOOST_DESCRIBE_STRUCT(ChangeSettings, (), (retention_days))

inline constexpr Endpoint<Nothing, SettingsReply> read_settings{{.method = Method::get,
                                                                 .path = "/api/user/settings",
                                                                 .summary = "What you have chosen",
                                                                 .auth = Auth::user,
                                                                 .rate = {120, http::per_minute}}};
inline constexpr Endpoint<ChangeSettings, SettingsReply> change_settings{
    {.method = Method::patch,
     .path = "/api/user/settings",
     .summary = "Choose how long your conversations are kept",
     .description = "`retention_days` is 1 to 3650 days after the last message, or null for the usual 90. Pictures and "
                    "films that belong to no conversation go as long after they were asked for. What is too old goes "
                    "within a day.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};

struct DeleteAged {
  static constexpr std::string_view kind = "chat.delete_aged";
};
BOOST_DESCRIBE_STRUCT(DeleteAged, (), ())

struct SweepLeftovers {
  static constexpr std::string_view kind = "chat.sweep_leftovers";
};
BOOST_DESCRIBE_STRUCT(SweepLeftovers, (), ())

class Retention {
 public:
  Retention(database::Database& database, storage::Storage& storage, billing::Allowances& allowances,
            const Clock& clock)
      : database_(database), storage_(storage), allowances_(allowances), clock_(clock) {}

  Task<SettingsReply> settings(http::Caller caller);
  Task<SettingsReply> change(http::Caller caller, ChangeSettings request);

  // Also gives back what a server that died left of the month's limits, or counts it where a model had answered.
  // Returns how many conversations, pictures and films went.
  Task<std::int64_t> tidy();

  void mount(http::Api& api);
  void install(jobs::Worker& worker);

 private:
  Task<void> settle_left_over();

  database::Database& database_;
  storage::Storage& storage_;
  billing::Allowances& allowances_;
  const Clock& clock_;
};

}  // namespace odeon::chat
