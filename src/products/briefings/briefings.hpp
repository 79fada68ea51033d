// Briefings: market news becomes a spoken MP3, for a mobile app. This file is the public API.
//
// An *edition* is the general briefing that everybody shares: a new one every four hours.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/http/endpoint.hpp"
#include "engine/http/format.hpp"

namespace odeon::briefings {

using http::Auth;
using http::Endpoint;
using http::Method;

enum class Status { queued, processing, ready, failed };
BOOST_DESCRIBE_ENUM(Status, queued, processing, ready, failed)

// Where an announcement lies in the file, in seconds.
struct AdMarker {
  double position = 0;
  double duration = 0;
};
BOOST_DESCRIBE_STRUCT(AdMarker, (), (position, duration))

// A news source and what became of it in one briefing.
struct Source {
  std::string name;
  std::string address;
  bool used = false;
  std::optional<std::string> reason;  // why not
  std::int64_t articles = 0;          // read from it
};
BOOST_DESCRIBE_STRUCT(Source, (), (name, address, used, reason, articles))

struct Chapter {
  std::string title;
  double start = 0;
};
BOOST_DESCRIBE_STRUCT(Chapter, (), (title, start))

// Why a briefing failed, in the words of the app.
struct Failure {
  std::string code;
  std::string message;
  std::int64_t retry_after = 0;  // seconds
  std::string fallback_action;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (code, message, retry_after, fallback_action))

struct Edition {
  std::string id;
  std::string title;
  std::string audio_url;
  double duration = 0;  // seconds
  Instant generated_at;
  Instant next_update_at;
  std::vector<AdMarker> ad_markers;
  std::optional<std::string> upgrade_url;  // for a listener whose plan has one edition a day
};
BOOST_DESCRIBE_STRUCT(Edition, (),
                      (id, title, audio_url, duration, generated_at, next_update_at, ad_markers, upgrade_url))

struct EditionInHistory {
  std::string id;
  std::string title;
  double duration = 0;
  Instant generated_at;
  std::string audio_url;
};
BOOST_DESCRIBE_STRUCT(EditionInHistory, (), (id, title, duration, generated_at, audio_url))

struct History {
  std::vector<EditionInHistory> briefings;
  bool has_more = false;
};
BOOST_DESCRIBE_STRUCT(History, (), (briefings, has_more))

struct HistoryRequest {
  Clamped<1, 42> limit = 7;  // a week of editions at the most
  Clamped<0, 1000> offset = 0;
};
BOOST_DESCRIBE_STRUCT(HistoryRequest, (), (limit, offset))

struct BriefingRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(BriefingRequest, (), (id))

// The poll: where a briefing stands, and once ready all that is needed to play it.
struct Briefing {
  std::string id;
  Status status = Status::queued;
  int percent = 0;
  std::string stage;
  std::string message;
  std::optional<std::string> job_id;
  std::optional<std::int64_t> queue_position;
  std::optional<double> estimated_seconds;
  std::optional<std::string> title;
  std::optional<std::string> audio_url;
  std::optional<double> duration;
  std::optional<std::string> transcript;
  std::optional<std::string> captions_url;
  std::optional<std::vector<Source>> sources;
  std::optional<std::vector<AdMarker>> ad_markers;
  std::optional<std::vector<Chapter>> chapters;
  std::optional<std::string> script_model;  // "odeon-offline" when no model wrote it
  std::optional<std::string> speech_model;
  std::optional<double> loudness;   // LUFS
  std::optional<double> true_peak;  // dBTP
  std::optional<Instant> generated_at;
  std::optional<Failure> error;
};
BOOST_DESCRIBE_STRUCT(Briefing, (),
                      (id, status, percent, stage, message, job_id, queue_position, estimated_seconds, title, audio_url,
                       duration, transcript, captions_url, sources, ad_markers, chapters, script_model, speech_model,
                       loudness, true_peak, generated_at, error))

struct Quick {
  std::string audio_url;
  double duration = 0;
};
BOOST_DESCRIBE_STRUCT(Quick, (), (audio_url, duration))

// What it takes to keep a briefing on the device.
struct Download {
  std::string audio_url;  // signed, for 24 hours
  Instant expires_at;
  std::int64_t file_size = 0;  // bytes
  std::string checksum;        // MD5, hexadecimal
};
BOOST_DESCRIBE_STRUCT(Download, (), (audio_url, expires_at, file_size, checksum))

struct AudioRequest {
  std::string file_id;
  std::optional<std::string> expires, signature;  // of an address that was signed
};
BOOST_DESCRIBE_STRUCT(AudioRequest, (), (file_id, expires, signature))

// What the progress WebSocket says, once at each change.
struct ProgressMessage {
  Status status = Status::queued;
  int percent = 0;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(ProgressMessage, (), (status, percent, message))

struct Features {
  bool audio_generation = true;
  bool push_notifications = true;
};
BOOST_DESCRIBE_STRUCT(Features, (), (audio_generation, push_notifications))

struct MobileHealth {
  std::string api;
  std::string kokoro;    // healthy, unavailable or not_configured
  std::string news_api;  // the feeds: healthy, degraded, unavailable or not_configured
  std::string min_app_version;
  Features features;
};
BOOST_DESCRIBE_STRUCT(MobileHealth, (), (api, kokoro, news_api, min_app_version, features))

// As plans and tokens name it.
inline constexpr std::string_view kProduct = "briefings";

// What no API key opens.
inline constexpr auto kPersonsOwn = std::to_array<std::string_view>(
    {"/api/keys", "/api/webhook-endpoints", "/api/feed", "/api/push-tokens", "/api/subscription/create-checkout",
     "/api/subscription/checkout", "/api/subscription/manage", "/api/subscription/validate-iap", "/api/user/account",
     "/api/user/export"});

inline constexpr http::Rate kReading{120, http::per_minute};

inline constexpr Endpoint<http::Nothing, Edition> latest_edition{
    {.method = Method::get,
     .path = "/api/briefings/general/latest",
     .summary = "The newest general briefing",
     .description = "503 with retry_after before the first one exists.",
     .auth = Auth::optional,
     .rate = kReading}};
inline constexpr Endpoint<http::Nothing, Briefing> current_edition{
    {.method = Method::get,
     .path = "/api/briefings/general/current",
     .summary = "The general briefing that is being made, or was made last",
     .description = "Its id is what to watch while it is being made.",
     .rate = {600, http::per_minute}}};
inline constexpr Endpoint<HistoryRequest, History> edition_history{
    {.method = Method::get,
     .path = "/api/briefings/general/history",
     .summary = "General briefings of the last seven days, newest first",
     .rate = kReading}};
inline constexpr Endpoint<BriefingRequest, Briefing> get_briefing{
    {.method = Method::get,
     .path = "/api/briefings/{id}",
     .summary = "Where a briefing stands; once ready, all that is needed to play it",
     .auth = Auth::optional,
     .rate = {600, http::per_minute}}};
inline constexpr Endpoint<BriefingRequest, Quick> quick_briefing{{.method = Method::get,
                                                                  .path = "/api/briefings/{id}/quick",
                                                                  .summary = "Just what playback needs",
                                                                  .auth = Auth::optional,
                                                                  .rate = kReading}};
inline constexpr Endpoint<BriefingRequest, Download> download_briefing{
    {.method = Method::get,
     .path = "/api/briefings/{id}/download",
     .summary = "What it takes to keep a briefing on the device",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<BriefingRequest, http::Content> briefing_captions{
    {.method = Method::get,
     .path = "/api/briefings/{id}/captions.vtt",
     .summary = "The transcript as WebVTT, a cue for each sentence",
     .auth = Auth::optional,
     .rate = kReading}};
inline constexpr Endpoint<AudioRequest, http::File> briefing_audio{{.method = Method::get,
                                                                    .path = "/api/audio/{file_id}",
                                                                    .summary = "The MP3, with ranges",
                                                                    .rate = {1200, http::per_minute}}};
inline constexpr Endpoint<BriefingRequest, http::Socket> watch_briefing{
    {.method = Method::get,
     .path = "/ws/briefings/{id}",
     .summary = "Progress as it happens",
     .description = "Messages {status, percent, message}; closes with 1000 after ready or failed.",
     .auth = Auth::optional}};
inline constexpr Endpoint<http::Nothing, MobileHealth> mobile_health{
    {.method = Method::get, .path = "/api/health/mobile", .summary = "What the app can count on"}};

// {"success", "data", "error", "metadata": {"version", "timestamp"}}, as the app expects.
class EnvelopeFormat final : public http::Format {
 public:
  void open(std::string& out, const http::FormatContext& context) const override;
  void close(std::string& out, const http::FormatContext& context) const override;
  std::string failure(const Error& error, const http::FormatContext& context) const override;
  json::object success_schema(json::object data) const override;
  json::object failure_schema() const override;
};

}  // namespace odeon::briefings
