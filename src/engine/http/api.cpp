#include <stdexcept>

#include "engine/http/router.hpp"

namespace odeon::http {

// One segment of the paths: exact names first, then a parameter, then the rest.
struct Api::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> exact;
  std::unique_ptr<Node> parameter;
  std::map<Method, const Route*> routes;  // of the path that ends here
  std::map<Method, const Route*> rest;    // of "{name...}" from here
};

namespace {

const Route* by_method(const std::map<Method, const Route*>& routes, Method method) {
  auto found = routes.find(method);
  if (found == routes.end() && method == Method::head) found = routes.find(Method::get);
  return found == routes.end() ? nullptr : found->second;
}

std::string methods_of(const std::map<Method, const Route*>& routes) {
  std::string out;
  for (const auto& [method, route] : routes) {
    if (!out.empty()) out += ", ";
    out += name_of(method);
    if (method == Method::get) out += ", HEAD";
  }
  return out;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

}  // namespace

Api::Api(std::string name, std::string title, std::unique_ptr<Format> format)
    : name_(std::move(name)), title_(std::move(title)), format_(std::move(format)), root_(std::make_unique<Node>()) {}
Api::~Api() = default;

void Api::format_below(std::string path, std::unique_ptr<Format> format) {
  formats_below_[std::move(path)] = std::move(format);
}

// A longer one sorts behind what it begins with.
const Format& Api::format_at(std::string_view path) const {
  for (auto below = formats_below_.rbegin(); below != formats_below_.rend(); ++below)
    if (path.starts_with(below->first) && (path.size() == below->first.size() || path[below->first.size()] == '/'))
      return *below->second;
  return *format_;
}

void Api::add(Route route) {
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  const EndpointInfo& info = routes_.back()->operation.info;
  Node* at = root_.get();
  auto* slot = &at->routes;
  for (auto segment : text::split(info.path.substr(1), '/')) {
    if (segment.empty()) continue;
    if (segment.ends_with("...}")) {
      slot = &at->rest;
      break;
    }
    auto& next = is_parameter(segment) ? at->parameter : at->exact[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    at = next.get();
    slot = &at->routes;
  }
  if (!slot->emplace(info.method, routes_.back().get()).second)
    throw std::logic_error(fmt::format("two endpoints at {} {}", name_of(info.method), info.path));
}

Api::Match Api::match(Method method, std::string_view path) const {
  Match match;
  const Node* at = root_.get();
  const Node* rest_at = nullptr;
  std::string_view rest;
  std::vector<std::string_view> values;
  path.remove_prefix(1);
  for (;;) {
    if (!at->rest.empty() && !path.empty()) {
      rest_at = at;
      rest = path;
    }
    if (path.empty()) break;
    const auto segment = path.substr(0, path.find('/'));
    const bool last = segment.size() == path.size();
    if (auto exact = at->exact.find(segment); exact != at->exact.end()) {
      at = exact->second.get();
    } else if (at->parameter && !segment.empty()) {
      at = at->parameter.get();
      values.push_back(segment);
    } else {
      at = nullptr;
      break;
    }
    path.remove_prefix(last ? path.size() : segment.size() + 1);
  }
  const auto* routes = at != nullptr && !at->routes.empty() ? &at->routes : nullptr;
  if (routes == nullptr && rest_at != nullptr) {
    routes = &rest_at->rest;
    values.push_back(rest);
  }
  if (routes == nullptr) return match;
  match.route = by_method(*routes, method);
  if (match.route == nullptr) {
    match.allowed = methods_of(*routes);
    return match;
  }
  std::string_view names = match.route->operation.info.path;
  for (auto value : values) match.parameters.emplace_back(next_path_name(names), std::string(value));
  return match;
}

json::object Api::openapi(std::string_view base_path) const {
  std::vector<Operation> operations;
  for (const auto& route : routes_) {
    const Format& format = format_at(route->operation.info.path);
    operations.push_back(route->operation);
    if (&format != format_.get()) operations.back().format = &format;
  }
  return openapi_document(title_, base_path, operations, *format_);
}

}  // namespace odeon::http
