// The server's own endpoints: health, metrics, documentation, signed files.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/http/router.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/storage/files.hpp"
#include "server/process_metrics.hpp"
#include "server/seldom.hpp"
#include "server/spending.hpp"

namespace odeon::server {

struct Dependency {
  std::string name;
  std::string status;  // healthy or unavailable
};
BOOST_DESCRIBE_STRUCT(Dependency, (), (name, status))

struct ModelStatus {
  std::string model;
  std::string status;  // healthy or resting (it failed too often)
};
BOOST_DESCRIBE_STRUCT(ModelStatus, (), (model, status))

struct Health {
  std::string status;  // healthy, degraded or unavailable
  std::vector<Dependency> dependencies;
  std::vector<ModelStatus> models;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, dependencies, models))

struct ProductLink {
  std::string name;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(ProductLink, (), (name, title))

struct Products {
  std::vector<ProductLink> products;
};
BOOST_DESCRIBE_STRUCT(Products, (), (products))

struct OpenApiRequest {
  std::optional<std::string> product;
};
BOOST_DESCRIBE_STRUCT(OpenApiRequest, (), (product))

struct SignedFile {
  std::string key;
  std::string expires;
  std::string signature;
};
BOOST_DESCRIBE_STRUCT(SignedFile, (), (key, expires, signature))
struct SignedUpload : http::Streamed {
  std::string key;
  std::string expires;
  std::string signature;
};
BOOST_DESCRIBE_STRUCT(SignedUpload, (), (key, expires, signature))

class System {
 public:
  System(database::Database& database, coordination::Coordination& coordination, storage::Storage& storage,
         const storage::FileSigner& signer, ai::Gateway& gateway, jobs::Queue& queue, CostGauges& costs,
         Metrics& metrics, const Clock& clock, const http::Router& router);

  // 200 while requests can be served, 503 when not; names each dependency.
  Task<http::WithHeaders<Health>> health();
  // Every series; those that are counted when somebody looks, or were within some minutes, are NaN while they cannot
  // be.
  Task<http::Content> metrics();
  Task<http::Content> docs();
  Task<http::Content> docs_style();
  Task<http::Content> docs_script();
  Task<Products> products();
  Task<http::Content> openapi(OpenApiRequest request);
  Task<http::File> file(SignedFile request);
  Task<http::NoContent> upload(SignedUpload request);

  void mount(http::Api& api, bool with_metrics);

 private:
  database::Database& database_;
  coordination::Coordination& coordination_;
  storage::Storage& storage_;
  const storage::FileSigner& signer_;
  ai::Gateway& gateway_;
  jobs::Queue& queue_;
  CostGauges& costs_;
  Metrics& metrics_;
  const Clock& clock_;
  ProcessMetrics process_;
  const http::Router& router_;
  Seldom keys_due_{std::chrono::minutes(10), std::chrono::minutes(1)};  // it reads all keys
};

}  // namespace odeon::server
