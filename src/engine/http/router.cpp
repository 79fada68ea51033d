#include "engine/http/router.hpp"

#include <stdexcept>

#include "engine/http/cookies.hpp"
#include "engine/http/multipart.hpp"

namespace odeon::http {
namespace {

// What a form may hold beside the file that fills its endpoint's limit: heads of parts and short fields.
constexpr std::uint64_t kFormOverhead = 64 * 1024;

constexpr std::size_t kLeastMemory = 1024;  // for the fields of a short body

void set_rate_headers(Response& response, const RateVerdict& verdict) {
  response.headers.set("RateLimit-Limit", std::to_string(verdict.limit));
  response.headers.set("RateLimit-Remaining", std::to_string(verdict.remaining));
  response.headers.set("RateLimit-Reset", std::to_string(verdict.reset.count()));
}

Response failure(const Error& error, const Format& format, const FormatContext& context) {
  Response response;
  response.status = format.status(error.fault);
  response.headers.add("Content-Type", "application/json");
  if (error.retry_after) response.headers.add("Retry-After", std::to_string(error.retry_after->count()));
  if (error.fault == Fault::unauthenticated) response.headers.add("WWW-Authenticate", "Bearer");
  response.body = format.failure(error, context);
  return response;
}

Error internal_error() {
  return Error(Fault::internal, "INTERNAL_ERROR",
               "Something went wrong on our side. Try again; if it stays, "
               "report the request id.");
}

json::object read_body(const Request& request, std::string_view body, json::bj::storage_ptr memory) {
  const auto type = request.headers.get("Content-Type");
  const auto media = text::trim(type.substr(0, type.find(';')));
  if (!media.empty() && !text::equals_ignoring_case(media, "application/json") &&
      !text::to_lower(media).ends_with("+json"))
    throw Error(Fault::unsupported_type, "UNSUPPORTED_TYPE", "Send the body as application/json.");
  auto document = json::parse(body, std::move(memory));
  if (!document.is_object()) throw Error(Fault::invalid, "INVALID_JSON", "The body must be a JSON object.");
  return std::move(document.get_object());
}

}  // namespace

Router::Router(Services services, Log& log) : services_(services), log_(log) {}

Api& Router::add(std::unique_ptr<Api> api, std::vector<std::string> hosts) {
  for (auto& host : hosts) hosts_.emplace(std::move(host), api.get());
  apis_.push_back(std::move(api));
  const auto products = std::span(apis_).subspan(1);
  auto is_product = [](const auto& one) { return one->is_product(); };
  const auto first = std::ranges::find_if(products, is_product);
  only_product_ = std::ranges::count_if(products, is_product) == 1 ? first->get() : nullptr;
  return *apis_.back();
}

// The server's own endpoints, what stands beside the products, then a product by host, by prefix, and the only product
// at the root.
Router::Target Router::find(const Request& request) const {
  Target target{.api = apis_.front().get()};
  target.match = target.api->match(request.method, request.path);
  if (target.match.route != nullptr) return target;
  auto attempt = [&](Api* api, std::string_view path, std::string base) {
    auto match = api->match(request.method, path);
    target.api = api;
    target.base = std::move(base);
    target.match = std::move(match);
    return target.match.route != nullptr || !target.match.allowed.empty();
  };
  auto by_prefix = [&](Api* api) {
    std::string_view path = request.path;
    path.remove_prefix(1);
    if (!path.starts_with(api->name())) return false;
    path.remove_prefix(api->name().size());
    if (!path.empty() && path.front() != '/') return false;
    attempt(api, path.empty() ? "/" : path, "/" + api->name());
    return true;
  };
  for (std::size_t i = 1; i < apis_.size(); ++i)
    if (!apis_[i]->is_product() && by_prefix(apis_[i].get())) return target;
  const auto label = std::string_view(request.host).substr(0, request.host.find('.'));
  const auto known = hosts_.find(request.host);
  for (std::size_t i = 1; i < apis_.size(); ++i) {
    Api* api = apis_[i].get();
    if ((known != hosts_.end() && known->second == api) || (label == api->name() && label != request.host)) {
      attempt(api, request.path, "");
      return target;
    }
  }
  for (std::size_t i = 1; i < apis_.size(); ++i)
    if (by_prefix(apis_[i].get())) return target;
  if (only_product_ != nullptr && target.match.allowed.empty()) attempt(only_product_, request.path, "");
  return target;
}

Task<Response> Router::handle(Request& request) {
  Target target = find(request);
  const Format& format = target.api->format_at(std::string_view(request.path).substr(target.base.size()));
  const FormatContext context{services_.clock.now(), request.id};
  Call call{.request = request,
            .caller = {.address = request.remote, .request_id = request.id, .trace = request.trace},
            .path = std::move(target.match.parameters),
            .format = format,
            .context = context};
  if (request.method == Method::post) call.caller.idempotency_key = request.headers.get("Idempotency-Key");
  call.caller.accept = request.headers.get("Accept");
  call.caller.base_url.append(request.scheme).append("://").append(request.headers.get("Host")).append(target.base);
  RateVerdict verdict;
  call.caller.rate = &verdict;
  std::optional<Error> error;
  Response response;
  try {
    response = co_await answer(target, call, verdict);
  } catch (const Error& thrown) {
    error = thrown;
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) throw;  // the client went away
    error = internal_error().with_detail(thrown.what());
  } catch (const std::exception& thrown) {
    error = internal_error().with_detail(thrown.what());
  }
  if (error) {
    if (status_of(error->fault) >= 500) report(*error, *target.api, request);
    response = failure(*error, format, context);
    if (error->fault == Fault::method_not_allowed) response.headers.add("Allow", target.match.allowed);
  }
  if (verdict.limit > 0) set_rate_headers(response, verdict);
  format.add_headers(response.headers, context, verdict);
  co_return response;
}

Task<Response> Router::answer(const Target& target, Call& call, RateVerdict& verdict) {
  const auto* route = target.match.route;
  if (route == nullptr) {
    if (target.match.allowed.empty()) throw Error(Fault::not_found, "NOT_FOUND", "There is nothing at this address.");
    throw Error(Fault::method_not_allowed, "METHOD_NOT_ALLOWED", "This address takes " + target.match.allowed + ".");
  }
  const EndpointInfo& info = route->operation.info;
  Caller& caller = call.caller;
  call.info = &info;
  call.watch_upload = &route->watch_upload;
  call.request.route = info.path;
  if (info.auth != Auth::none) {
    co_await services_.authenticator.identify(call.request, target.api->name(), caller);
    if (info.auth == Auth::user && caller.anonymous())
      throw Error(Fault::unauthenticated, "UNAUTHENTICATED", "Sign in first.");
    call.request.user = caller.user_id;
  }
  if (info.rate.limit > 0) {
    constexpr std::size_t kUsualKey = 128;
    std::string key;
    key.reserve(kUsualKey);
    key.append(target.api->name()).append(name_of(info.method)).append(info.path).append("|");
    key += caller.anonymous() ? caller.address : caller.user_id;
    verdict = co_await services_.limiter.take(std::move(key), info.rate);
    if (!verdict.allowed)
      throw Error(Fault::rate_limited, "RATE_LIMITED", "Too many requests. Try again later.")
          .with_retry_after(verdict.retry_after);
  }
  co_return co_await route->invoke(call, services_);
}

void Router::report(const Error& error, const Api& api, const Request& request) {
  // A dependency that is away is told by /health and metrics; what is our own fault is an error.
  const auto level = error.fault == Fault::unavailable ? Log::Level::warning : Log::Level::error;
  log_.write(level, "request.failed",
             {{"request_id", request.id},
              {"product", api.name()},
              {"route", request.route},
              {"code", error.code},
              {"detail", error.detail.empty() ? error.message : error.detail}});
}

namespace {

void read_cookie(const Call& call, json::object& fields) {
  const auto name = call.info->cookie;
  if (name.empty()) return;
  fields.erase(name);
  const auto value = cookie(call.request.headers, name);
  if (!value) return;
  const Method method = call.info->method;
  if (method != Method::get && method != Method::head) require_double_submit(call.request.headers);
  fields.emplace(name, *value);
}

Input read_query(Call& call) {
  Input input{.memory = {}, .fields = {}, .source = json::Source::text, .uploads = {}};
  for (const auto& [name, value] : call.request.query) {
    auto& field = input.fields[name];
    if (field.is_null()) {
      field = value;
    } else {
      if (!field.is_array()) field = json::array{field};
      field.get_array().emplace_back(value);
    }
  }
  read_cookie(call, input.fields);
  return input;
}

}  // namespace

std::vector<unsigned> statuses_of(const EndpointInfo& info) {
  std::vector<unsigned> statuses;
  for (const unsigned status : info.statuses)
    if (status != 0) statuses.push_back(status);
  return statuses;
}

void check_status(const EndpointInfo& info, unsigned status) {
  if (std::ranges::find(info.statuses, status) == info.statuses.end())
    throw std::logic_error(fmt::format("{} is not declared to answer {}", info.path, status));
}

Input open_body(Call& call) {
  call.request.allow_slow_body();
  call.request.allow_large_body(call.info->max_body);
  return read_query(call);
}

Task<Input> read_input(Call& call, Services& services, std::vector<std::string_view> uploads, bool needs_upload) {
  Request& request = call.request;
  if (takes_query(call.info->method)) co_return read_query(call);
  if (needs_upload || (!uploads.empty() && multipart_boundary(request.headers.get("Content-Type")))) {
    Input form;
    request.allow_slow_body();
    request.allow_large_body(call.info->max_body + kFormOverhead);
    co_await read_form(call, services, std::move(uploads), form);
    co_return form;
  }
  const auto most = uploads.empty() ? call.info->max_body : EndpointInfo().max_body;
  request.allow_large_body(most);
  const std::string body = co_await read_all(*request.body, most);
  auto memory = std::make_unique<json::bj::monotonic_resource>(kLeastMemory + body.size());
  json::object fields = body.empty() ? json::object() : read_body(request, body, memory.get());
  Input input{.memory = std::move(memory), .fields = std::move(fields), .uploads = {}};
  for (const auto name : uploads) input.fields.erase(name);  // nobody names a stored object
  if (const auto name = call.info->query; !name.empty()) {
    input.fields.erase(name);
    if (const auto value = request.query_value(name)) input.fields.emplace(name, *value);
  }
  read_cookie(call, input.fields);
  co_return input;
}

void hand_over(Input& input) {
  for (auto& part : input.uploads)
    if (const auto watcher = std::move(part.watcher)) watcher->accepted(part.upload);
}

Task<void> read_raw(Call& call, std::vector<std::string_view> names, std::string& body, Headers& headers) {
  for (const auto& [name, value] : call.request.headers)
    if (std::ranges::any_of(names, [&](auto wanted) { return text::equals_ignoring_case(wanted, name); }))
      headers.add(name, value);
  call.request.allow_large_body(call.info->max_body);
  body = co_await read_all(*call.request.body, call.info->max_body);
}

}  // namespace odeon::http
