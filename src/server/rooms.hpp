// Every service of a running server, in the order in which they stand on each other.
#pragma once

#include <memory>
#include <optional>

#include "engine/ai/gateway.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/http/client.hpp"
#include "engine/http/router.hpp"
#include "engine/http/server.hpp"
#include "engine/jobs/endpoints.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/jobs.hpp"
#include "server/adapters.hpp"
#include "server/house.hpp"
#include "server/system.hpp"

namespace odeon::server {

// The briefings product, joined.
struct Briefings {
  Briefings(House::Rooms& rooms);
  briefings::Store store;
  briefings::Newsroom newsroom;
  briefings::Quotes quotes;
  briefings::Finlight finlight;
  briefings::Producer producer;
  briefings::Editions editions;
  briefings::EditionJobs jobs;
};

struct House::Rooms {
  explicit Rooms(Settings settings);

  Settings settings;
  Log log;
  Metrics metrics;
  SystemClock clock;
  ThreadPool files;  // waits for disks
  ThreadPool heavy;  // keeps cores busy: speech, codecs
  Loops loops;

  std::unique_ptr<database::Database> database;
  std::unique_ptr<coordination::Coordination> coordination;
  storage::FileSigner signer;
  std::unique_ptr<storage::Storage> storage;
  jobs::Queue queue;
  http::Client client;
  MetricsMeter meter;
  ai::Gateway gateway;

  AnonymousOnly authenticator;
  CoordinatedLimiter limiter;
  StoredUploads uploads;
  http::Router router;

  std::optional<Briefings> briefings;
  System system;
  jobs::Endpoints job_endpoints;
  std::optional<jobs::Worker> worker;
  std::optional<http::Server> server;
};

}  // namespace odeon::server
