#include "server/open.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/redis.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/identity/accounts.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/media/feeds/private_feed_store.hpp"
#include "engine/notify/expo.hpp"
#include "engine/notify/folder.hpp"
#include "engine/notify/outbox.hpp"
#include "engine/notify/push.hpp"
#include "engine/notify/resend.hpp"
#include "engine/notify/smtp.hpp"
#include "engine/privacy/erasure.hpp"
#include "products/briefings/store.hpp"
#include "products/chat/store.hpp"
#include "products/podcasts/show_store.hpp"
#include "products/stories/stories.hpp"

namespace odeon::server {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql;
}

namespace {

std::vector<database::Migration> all_migrations() {
  std::vector<database::Migration> all{{"server", 1, embedded::schema_sql}};
  for (auto& room : {jobs::migrations(), identity::migrations(), billing::migrations(), notify::migrations(),
                     privacy::migrations(), feeds::migrations(), briefings::migrations(), stories::migrations(),
                     chat::migrations(), podcasts::migrations()})
    all.insert(all.end(), room.begin(), room.end());
  all.push_back({"server", 2, embedded::schema_2_sql});
  return all;
}

}  // namespace

std::string data_path(const Settings& settings, std::string_view name) {
  std::error_code fault;
  std::filesystem::create_directories(settings.data, fault);
  if (fault)
    throw Error(Fault::invalid, "DATA_FOLDER",
                fmt::format("The data folder {} cannot be made: {}.", settings.data, fault.message()));
  return (std::filesystem::path(settings.data) / name).string();
}

std::unique_ptr<database::Database> open_database(const Settings& settings, const Clock& clock, Log& log) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  auto database =
      settings.database_url.empty()
          ? database::open_sqlite({.path = data_path(settings, "odeon.db"), .readers = cores})
          : database::open_postgres(
                {.url = settings.database_url, .connections = static_cast<std::size_t>(settings.database_connections)});
  const int applied = run_task(database::migrate(*database, all_migrations(), clock));
  if (applied > 0) log.info("database.migrated", {{"steps", applied}});
  return database;
}

std::unique_ptr<coordination::Coordination> open_coordination(const Settings& settings, const Clock& clock) {
  if (settings.redis_url.empty()) return coordination::open_memory({}, clock);
  return coordination::open_redis({.url = settings.redis_url}, clock);
}

std::unique_ptr<storage::Storage> open_storage(const Settings& settings, storage::S3Transport& transport,
                                               ThreadPool& pool, const storage::FileSigner& signer,
                                               const Clock& clock) {
  const S3Settings& s3 = settings.s3;
  if (s3.bucket.empty()) return storage::open_files(data_path(settings, "objects"), pool, signer, clock);
  return storage::open_s3({.endpoint = s3.endpoint,
                           .region = s3.region,
                           .bucket = s3.bucket,
                           .access_key = s3.access_key,
                           .secret_key = s3.secret_key,
                           .path_style = s3.path_style,
                           .public_endpoint = s3.public_endpoint},
                          transport, clock);
}

std::unique_ptr<notify::Carrier> open_carrier(const Settings& settings, http::Client& client, ThreadPool& pool,
                                              const Clock& clock) {
  if (settings.expo_base_url.empty())
    return std::make_unique<notify::PushFolder>(data_path(settings, "push"), pool, clock);
  const notify::ExpoOptions options{.base_url = settings.expo_base_url, .access_token = settings.expo_access_token};
  return std::make_unique<notify::Expo>(client, clock, options);
}

std::unique_ptr<notify::Postman> open_postman(const Settings& settings, http::Client& client, ThreadPool& mailers,
                                              ThreadPool& files, const Clock& clock, Log& log) {
  if (!settings.smtp_url.empty())
    return std::make_unique<notify::Smtp>(mailers, notify::parse_smtp_url(settings.smtp_url));
  if (settings.resend_key.empty()) return std::make_unique<notify::Outbox>(data_path(settings, "outbox"), files, log);
  const notify::ResendOptions options{.base_url = settings.resend_base_url, .key = settings.resend_key};
  return std::make_unique<notify::Resend>(client, clock, options);
}

billing::Plans read_plans(const Settings& settings) {
  if (settings.plans_file.empty()) return billing::Plans::standard();
  std::ifstream file(settings.plans_file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Fault::invalid, "PLANS", settings.plans_file + " cannot be read.");
  return billing::Plans::replaced(text, settings.plans_file);
}

}  // namespace odeon::server
