// Every service of a running server, in the order in which they stand on each other.
#pragma once

#include <memory>
#include <optional>

#include "engine/ai/gateway.hpp"
#include "engine/ai/routing.hpp"
#include "engine/billing/allowances.hpp"
#include "engine/billing/api_access.hpp"
#include "engine/billing/costs.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/billing/overage.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/personal_data.hpp"
#include "engine/billing/plan_rates.hpp"
#include "engine/billing/polar.hpp"
#include "engine/billing/sandbox_pages.hpp"
#include "engine/billing/stripe.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/http/client.hpp"
#include "engine/http/otlp.hpp"
#include "engine/http/router.hpp"
#include "engine/http/server.hpp"
#include "engine/identity/identity.hpp"
#include "engine/identity/personal_data.hpp"
#include "engine/identity/sealed_keys.hpp"
#include "engine/identity/supabase.hpp"
#include "engine/jobs/endpoints.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/notify/mail.hpp"
#include "engine/notify/personal_data.hpp"
#include "engine/notify/push.hpp"
#include "engine/notify/sealed_secrets.hpp"
#include "engine/privacy/endpoints.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/account.hpp"
#include "products/briefings/alerts.hpp"
#include "products/briefings/analytics.hpp"
#include "products/briefings/devices.hpp"
#include "products/briefings/in_app.hpp"
#include "products/briefings/jobs.hpp"
#include "products/briefings/payment.hpp"
#include "products/briefings/personal.hpp"
#include "products/briefings/personal_data.hpp"
#include "products/briefings/portfolio.hpp"
#include "products/briefings/private_feed.hpp"
#include "products/briefings/schedules.hpp"
#include "products/briefings/webhooks.hpp"
#include "server/adapters.hpp"
#include "server/digest.hpp"
#include "server/house.hpp"
#include "server/models.hpp"
#include "server/products.hpp"
#include "server/s3_transport.hpp"
#include "server/secrets.hpp"
#include "server/spending.hpp"
#include "server/system.hpp"

namespace odeon::server {

// Who comes, joined.
struct People {
  People(House::Rooms& rooms);
  identity::Passwords passwords;
  identity::AccessTokens access;
  identity::Sessions sessions;
  identity::Accounts accounts;
  identity::ApiKeys keys;
  identity::OutsideTokens outside;
  identity::OAuth oauth;
  identity::IdTokens id_tokens;
  identity::SessionCookies cookies;
  identity::Identity identity;
  identity::Proofs proofs;
  identity::SupabaseApi supabase;
};

// What is kept sealed, joined.
struct Sealed {
  Sealed(House::Rooms& rooms);
  SharedSecrets secrets;
  identity::SealedKeys signing_keys;
  notify::SealedSecrets webhooks;
  std::vector<SealedData*> all{&secrets, &signing_keys, &webhooks};
};

// Who takes money, joined: Polar and Stripe where their keys are set, else the sandbox, but never in production.
// Polar comes first: what both sell is its.
struct Till {
  Till(House::Rooms& rooms);
  billing::Payments payments;
  billing::Frankfurter rates;
  billing::Currencies currencies;
  std::optional<billing::Polar> polar;
  std::optional<billing::Stripe> stripe;
  std::optional<billing::AppStore> app_store;
  identity::RemoteKeys google_keys;
  std::optional<billing::GooglePlay> google_play;
  std::optional<billing::Sandbox> sandbox;
  std::optional<billing::SandboxPages> pages;
};

// The briefings product, joined.
struct Briefings {
  Briefings(House::Rooms& rooms);
  briefings::Store store;
  briefings::Newsroom newsroom;
  briefings::Quotes quotes;
  briefings::Finlight finlight;
  briefings::Producer producer;
  briefings::Playback playback;
  briefings::Editions editions;
  briefings::VoiceChoice voices;
  briefings::Account account;
  briefings::Payment payment;
  briefings::InApp in_app;
  briefings::Portfolios portfolios;
  briefings::Personal personal;
  briefings::Schedules schedules;
  briefings::PrivateFeed private_feed;
  billing::ApiAccess keys;
  notify::WebhookDesk webhooks;
  briefings::ReadyWebhooks ready_webhooks;
  briefings::Analytics analytics;
  briefings::Alerts alerts;
  briefings::Devices devices;
  briefings::BriefingJobs jobs;
  briefings::BriefingsData data;
};

// What people may ask about themselves, joined.
struct Privacy {
  Privacy(House::Rooms& rooms);
  stories::StoriesData stories;
  chat::ChatData chat;
  podcasts::PodcastsData podcasts;
  identity::IdentityData identity;
  billing::BillingData billing;
  notify::NotifyData notify;
  privacy::Audit audit;
  privacy::Consents consents;
  privacy::Exports exports;
  privacy::MonthlyExports monthly;
  privacy::Erasures erasures;
  privacy::Endpoints briefings;
};

struct House::Rooms {
  explicit Rooms(Settings settings);

  Settings settings;
  Log log;
  Metrics metrics;
  Spans spans;
  SystemClock clock;
  ThreadPool files;    // waits for disks
  ThreadPool heavy;    // keeps cores busy: speech, codecs; gets what the loops leave, as does
  ThreadPool mailers;  // each of its threads has one mail in its hands
  ThreadPool hashing;  // passwords: whoever signs in does not queue behind somebody's speech
  Loops loops;

  KeyRing ring;
  std::unique_ptr<database::Database> database;
  std::unique_ptr<coordination::Coordination> coordination;
  http::Client client;
  HttpForS3 s3;
  storage::FileSigner signer;
  std::unique_ptr<storage::Storage> storage;
  jobs::Queue queue;
  billing::Plans plans;
  billing::Subscriptions subscriptions;
  billing::Allowances allowances;
  billing::Leases leases;
  billing::Ledger ledger;
  billing::Postings postings;
  billing::Costs costs;
  Till till;
  billing::Overages overages;
  std::unique_ptr<notify::Carrier> carrier;
  notify::Push push;
  std::unique_ptr<notify::Postman> postman;
  notify::Mail mail;
  Digest digest;
  notify::Webhooks webhooks;
  LedgerMeter meter;
  CostGauges cost_gauges;
  SpendBudgets budgets;
  CoordinatedCache cache;
  Dialects dialects;
  ai::Gateway gateway;
  ai::Routing routing;

  People people;
  billing::KeyAccess access;
  billing::PlanRates plan_rates;
  CoordinatedLimiter limiter;
  StoredUploads uploads;
  Sealed sealed;
  http::Router router;

  std::optional<Briefings> briefings;
  std::optional<Privacy> privacy;
  std::optional<Stories> stories;
  std::optional<Chat> chat;
  std::optional<Podcasts> podcasts;
  std::optional<Studio> studio;
  System system;
  jobs::Endpoints job_endpoints;
  std::optional<http::OtlpExporter> traces;
  std::optional<jobs::Worker> worker;
  std::optional<http::Server> server;
  std::optional<http::Server> metrics_server;
};

}  // namespace odeon::server
