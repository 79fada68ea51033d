// What an operator can set, read once at start. Defaults need nothing; see docs/configuration.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/keyring.hpp"
#include "base/log.hpp"
#include "engine/ai/providers/aws_credentials.hpp"
#include "engine/billing/app_store.hpp"
#include "engine/billing/google_play.hpp"
#include "engine/billing/polar.hpp"
#include "engine/billing/stripe.hpp"
#include "engine/identity/id_tokens.hpp"
#include "engine/identity/oauth.hpp"
#include "engine/jobs/weight.hpp"
#include "engine/notify/letter.hpp"

namespace odeon::server {

enum class Role { all, api, worker };
BOOST_DESCRIBE_ENUM(Role, all, api, worker)

// A provider of models that is set up: it has a key, or an address of one's own.
struct ProviderSettings {
  std::string base_url;  // without a trailing slash
  std::string key;       // may be empty for servers of one's own
};

// Google's models in the cloud, as a service account.
struct VertexSettings {
  identity::ServiceAccount account;
  std::string project, location;
  std::string base_url;
};

// Google's speech in the cloud, both ways: by a service account, or by a key.
struct GoogleSettings {
  std::optional<identity::ServiceAccount> account;
  std::string key;
  std::string speech_base_url, transcription_base_url;
};

struct BedrockSettings {
  ai::AwsKeys keys;
  std::string base_url;
};

// A bucket; without one, objects are files in the data folder.
struct S3Settings {
  std::string endpoint, bucket, region;
  std::string access_key, secret_key;
  std::string public_endpoint;
  bool path_style = false;
};

// Where spans are sent (OTLP over HTTP), under OpenTelemetry's own names.
struct TraceSettings {
  std::string endpoint;  // without a trailing slash; empty: nowhere
  std::vector<std::pair<std::string, std::string>> headers;
  std::string service;
  double ratio = 1;  // of the traces that begin here
};

struct ListenAddress {
  std::string address;  // of an interface
  std::uint16_t port = 0;
};

struct Settings {
  bool production = false;   // APP_ENV
  std::string data;          // folder of the embedded parts
  std::string database_url;  // PostgreSQL; empty: SQLite
  std::int64_t database_connections = 10;
  std::chrono::days audit_kept{730};
  std::string redis_url;  // empty: memory
  S3Settings s3;
  std::vector<SealingKey> keys;  // that seal secrets, the first; empty: of the data folder
  jobs::ByWeight<std::int64_t> jobs_at_once{16, 4};
  std::chrono::seconds job_lease{30};  // after which a dead node's jobs are another's
  std::string address;
  std::uint16_t port = 8080;
  std::optional<ListenAddress> metrics;  // a listener of their own
  std::string certificate_file, key_file;
  std::string plans_file;  // empty: the plans that Odeon comes with
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> allowed_origins;
  std::vector<std::string> products;  // names; empty: all
  Role role = Role::all;
  Log::Level log_level = Log::Level::info;

  std::vector<std::string> briefings_feeds;
  std::vector<std::string> briefings_hosts;
  std::string briefings_opening_ad, briefings_closing_ad;  // audio files
  std::string briefings_voice;

  std::string briefings_quotes;  // file or address of prices

  std::map<std::string, std::vector<std::string>, std::less<>> hosts;  // of the other products, by name
  bool stories_require_verification = false;                           // of the mail address, to sign in
  std::int64_t podcasts_early_bytes = 0;  // of scratch files of what is heard while it arrives
  bool chat_learns_later = false;         // memory, from what people say: in batches, for half the price

  std::size_t password_memory = 19 << 20;         // bytes
  std::string supabase_url, supabase_jwt_secret;  // of a project elsewhere; empty: our own people only
  std::vector<identity::OAuthProvider> oauth;
  std::vector<identity::IdIssuer> id_issuers;

  std::string expo_base_url;  // empty: push messages are files in the data folder
  std::string expo_access_token;
  bool webhooks_allow_private = false;  // whether people's endpoints may be in our own network

  TraceSettings traces;
  std::string smtp_url;  // or Resend; without either, mails are files in the data folder
  std::string resend_key, resend_base_url;
  notify::Mailbox mail_from;
  std::string digest_to;  // the operators' address; empty: no digest is sent
  std::string app_url;    // where people reach this server, and come back to from a payment; empty: pages of ours
  billing::StripeOptions stripe;  // no secret key: no Stripe
  billing::PolarOptions polar;    // no access token: no Polar
  std::optional<billing::AppStoreOptions> app_store;
  std::optional<billing::GooglePlayOptions> google_play;
  std::string fx_base_url;  // of the rates of exchange

  std::string models;                                              // a models.toml; empty: the one Odeon comes with
  std::map<std::string, ProviderSettings, std::less<>> providers;  // by name: "openai"
  std::map<std::string, std::string, std::less<>> speech_models;   // by provider
  // Asked first where nobody asks for a certain one; of all but text, empty: the catalogue's first.
  std::string text_model, embedding_model, transcription_model, image_model;
  std::optional<VertexSettings> vertex;
  std::optional<GoogleSettings> google;
  std::optional<BedrockSettings> bedrock;
  std::string finlight_key, finlight_url;

  // Whether plans can be bought without money.
  bool has_sandbox() const { return !production && stripe.secret_key.empty() && polar.access_token.empty(); }
  // Where links in mails lead.
  std::string link_base() const { return app_url.empty() ? fmt::format("http://localhost:{}", port) : app_url; }
  // Whether /metrics is among the endpoints for everybody: in development, unless it has a listener.
  bool shows_metrics() const { return !metrics && !production; }
};

// Throws Error{invalid} whose message lists every fault with its key and line.
Settings read_settings(Config& config);

}  // namespace odeon::server
