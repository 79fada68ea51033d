#include "server/system.hpp"

#include <charconv>

#include "engine/database/postgres_wait.hpp"
#include "engine/http/binding.hpp"
#include "engine/identity/unused_keys.hpp"

namespace odeon::server {

namespace embedded {
extern const std::string_view docs_html, docs_css, docs_js;
}

namespace {

using http::Endpoint;
using http::Method;
using http::Nothing;

constexpr Endpoint<Nothing, http::WithHeaders<Health>> get_health{
    {.method = Method::get,
     .path = "/health",
     .summary = "The state of every dependency",
     .description = "503 where one is away that nothing can be done without.",
     .statuses = {200, 503}}};
constexpr Endpoint<Nothing, http::Content> get_metrics{
    {.method = Method::get, .path = "/metrics", .summary = "Prometheus metrics"}};
constexpr Endpoint<Nothing, http::Content> get_root{
    {.method = Method::get, .path = "/", .summary = "This documentation"}};
constexpr Endpoint<Nothing, http::Content> get_docs{
    {.method = Method::get, .path = "/docs", .summary = "This documentation"}};
constexpr Endpoint<Nothing, http::Content> get_docs_style{
    {.method = Method::get, .path = "/docs/docs.css", .summary = "Its style"}};
constexpr Endpoint<Nothing, http::Content> get_docs_script{
    {.method = Method::get, .path = "/docs/docs.js", .summary = "Its script"}};
constexpr Endpoint<Nothing, Products> get_products{
    {.method = Method::get, .path = "/docs/products.json", .summary = "The APIs that have documents"}};
constexpr Endpoint<OpenApiRequest, http::Content> get_openapi{
    {.method = Method::get, .path = "/openapi.json", .summary = "The OpenAPI document of an API"}};
constexpr Endpoint<SignedFile, http::File> get_file{
    {.method = Method::get, .path = "/files/{key...}", .summary = "A stored object, by a signed address"}};

constexpr Endpoint<SignedUpload, http::NoContent> put_file{
    {.method = Method::put,
     .path = "/files/{key...}",
     .summary = "Store one object, by a signed address",
     .description = "Of just the size (Content-Length) and type (Content-Type) that the address is for.",
     .max_body = storage::PutOptions().max_bytes}};

constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::days kUnused{90};

// Of a header field; nothing for what is no number.
std::optional<std::uint64_t> declared_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
  return !text.empty() && fault == std::errc() && end == text.data() + text.size() ? std::optional(size) : std::nullopt;
}

Task<Dependency> check(std::string name, Task<void> ping) {
  const auto outcome = co_await settle(with_timeout(kPatience, std::move(ping)));
  co_return Dependency{std::move(name), outcome ? "healthy" : "unavailable"};
}

http::Content page(std::string type, std::string_view body) {
  http::Content content{.type = std::move(type), .body = std::string(body)};
  content.headers.add("Content-Security-Policy",
                      "default-src 'self'; media-src 'self' http: https:; frame-ancestors 'none'");
  content.headers.add("Cache-Control", "no-cache");
  return content;
}

}  // namespace

System::System(database::Database& database, coordination::Coordination& coordination, storage::Storage& storage,
               const storage::FileSigner& signer, ai::Gateway& gateway, jobs::Queue& queue, CostGauges& costs,
               Metrics& metrics, const Clock& clock, const http::Router& router)
    : database_(database),
      coordination_(coordination),
      storage_(storage),
      signer_(signer),
      gateway_(gateway),
      queue_(queue),
      costs_(costs),
      metrics_(metrics),
      clock_(clock),
      process_(metrics),
      router_(router) {}

void System::mount(http::Api& api, bool with_metrics) {
  http::mount(api, get_health, &System::health, *this);
  if (with_metrics) http::mount(api, get_metrics, &System::metrics, *this);
  http::mount(api, get_root, &System::docs, *this);
  http::mount(api, get_docs, &System::docs, *this);
  http::mount(api, get_docs_style, &System::docs_style, *this);
  http::mount(api, get_docs_script, &System::docs_script, *this);
  http::mount(api, get_products, &System::products, *this);
  http::mount(api, get_openapi, &System::openapi, *this);
  http::mount(api, get_file, &System::file, *this);
  http::mount(api, put_file, &System::upload, *this);
}

Task<http::WithHeaders<Health>> System::health() {
  std::vector<Task<Dependency>> checks;
  checks.push_back(check("database", database_.ping()));
  checks.push_back(check("storage", storage_.ping()));
  checks.push_back(check("coordination", coordination_.ping()));
  http::WithHeaders<Health> reply;
  Health& health = reply.value;
  health.dependencies = co_await all_of(std::move(checks));
  for (const auto& model : gateway_.health())
    health.models.push_back({model.model, model.available ? "healthy" : "resting"});
  auto is_away = [](const Dependency& dependency) { return dependency.status != "healthy"; };
  auto rests = [](const ModelStatus& model) { return model.status != "healthy"; };
  // Without coordination each node counts for itself and requests are served: a node must not be taken away for it.
  auto is_missed = [&](const Dependency& dependency) {
    return is_away(dependency) && dependency.name != "coordination";
  };
  const bool is_worse = std::ranges::any_of(health.dependencies, is_away) || std::ranges::any_of(health.models, rests);
  health.status = std::ranges::any_of(health.dependencies, is_missed) ? "unavailable"
                  : is_worse                                          ? "degraded"
                                                                      : "healthy";
  reply.status = health.status == "unavailable" ? 503 : 200;
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<http::Content> System::metrics() {
  const auto depth = co_await settle(with_timeout(kPatience, queue_.depth()));
  for (const auto weight : jobs::kWeights)
    metrics_
        .gauge("odeon_jobs_ready", "Jobs of all nodes that are ready and wait for a worker.",
               {{"weight", std::string(json::enum_name(weight))}})
        .set(depth ? static_cast<double>((*depth)[weight]) : std::numeric_limits<double>::quiet_NaN());
  if (const Instant now = clock_.now(); keys_due_.begin(now)) {
    const auto unused = co_await settle(with_timeout(kPatience, identity::unused_keys(database_, now - kUnused, now)));
    if (!unused) keys_due_.failed(now);
    metrics_.gauge("odeon_api_keys_unused", "API keys of people, of all nodes, that nobody has used for 90 days.")
        .set(unused ? static_cast<double>(*unused) : std::numeric_limits<double>::quiet_NaN());
  }
  metrics_.gauge("odeon_database_wait_seconds", "How long the oldest statement has been waiting for a free connection.")
      .set(std::chrono::duration<double>(database::wait_for_connection(database_)).count());
  co_await costs_.refresh();
  process_.refresh();
  co_return http::Content{.type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_.text()};
}

Task<http::Content> System::docs() {
  co_return page("text/html; charset=utf-8", embedded::docs_html);
}
Task<http::Content> System::docs_style() {
  co_return page("text/css; charset=utf-8", embedded::docs_css);
}
Task<http::Content> System::docs_script() {
  co_return page("text/javascript; charset=utf-8", embedded::docs_js);
}

Task<Products> System::products() {
  Products products;
  for (const auto& api : router_.apis()) products.products.push_back({api->name(), api->title()});
  co_return products;
}

Task<http::Content> System::openapi(OpenApiRequest request) {
  const auto& apis = router_.apis();
  const std::string wanted = request.product.value_or(apis.back()->name());
  const auto found = std::ranges::find(apis, wanted, [](const auto& api) { return api->name(); });
  if (found == apis.end()) throw Error(Fault::not_found, "NO_SUCH_PRODUCT", "There is no API of that name.");
  const std::string base = wanted.empty() ? "" : "/" + wanted;
  co_return http::Content{.type = "application/json", .body = json::write((*found)->openapi(base))};
}

Task<http::File> System::file(SignedFile request) {
  signer_.check_read(request.key, request.expires, request.signature);
  auto object = co_await storage_.get(request.key);
  if (!object) throw Error(Fault::not_found, "FILE_NOT_FOUND", "This file is no longer kept.");
  co_return http::File{.object = std::move(object)};
}

Task<http::NoContent> System::upload(SignedUpload request) {
  const auto size = declared_size(request.headers->get("Content-Length"));
  const std::string type(request.headers->get("Content-Type"));
  if (!size || !signer_.allows_upload(request.key, *size, type, request.expires, request.signature))
    throw Error(Fault::forbidden, "UPLOAD_NOT_ALLOWED",
                "This address is for another file, or no longer valid. Ask for a new one.");
  const auto stored = co_await storage_.put(request.key, *request.body, {.content_type = type, .max_bytes = *size});
  if (stored.size == *size) co_return http::NoContent{};
  co_await storage_.remove(request.key);
  throw Error(Fault::invalid, "UPLOAD_INCOMPLETE", "The file ended before its end. Please send it again.");
}

}  // namespace odeon::server
