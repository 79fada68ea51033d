// What the settings choose between: embedded drivers, or servers that many nodes share.
#pragma once

#include <memory>

#include "base/log.hpp"
#include "engine/billing/plans.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/http/client.hpp"
#include "engine/notify/carrier.hpp"
#include "engine/notify/postman.hpp"
#include "engine/storage/files.hpp"
#include "engine/storage/s3.hpp"
#include "server/settings.hpp"

namespace odeon::server {

// PostgreSQL where DATABASE_URL says so, else SQLite in the data folder. Brought up to date; throws Error that
// says what is wrong.
std::unique_ptr<database::Database> open_database(const Settings& settings, const Clock& clock, Log& log);
// Redis where REDIS_URL says so, else memory.
std::unique_ptr<coordination::Coordination> open_coordination(const Settings& settings, const Clock& clock);
// A bucket where S3_BUCKET names one, else files in the data folder.
std::unique_ptr<storage::Storage> open_storage(const Settings& settings, storage::S3Transport& transport,
                                               ThreadPool& pool, const storage::FileSigner& signer, const Clock& clock);
// Expo where EXPO_BASE_URL says so (and in production), else files in the data folder.
std::unique_ptr<notify::Carrier> open_carrier(const Settings& settings, http::Client& client, ThreadPool& pool,
                                              const Clock& clock);
// SMTP, on `mailers`, or Resend, or the folder DATA/outbox.
std::unique_ptr<notify::Postman> open_postman(const Settings& settings, http::Client& client, ThreadPool& mailers,
                                              ThreadPool& files, const Clock& clock, Log& log);
billing::Plans read_plans(const Settings& settings);
// The path of `name` in the data folder, which is made if need be.
std::string data_path(const Settings& settings, std::string_view name);

}  // namespace odeon::server
