// Which endpoint answers: APIs by prefix, by host or at the root, endpoints by method and path.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/openapi.hpp"
#include "engine/http/services.hpp"

namespace odeon::http {

// One request on its way through an endpoint.
struct Call {
  Request& request;
  Caller caller;
  std::vector<std::pair<std::string_view, std::string>> path;  // parameters, decoded
  const Format& format;
  FormatContext context;
  const EndpointInfo* info = nullptr;  // once a route was found, as is the next
  const WatchUpload* watch_upload = nullptr;
};

// A mounted endpoint with its types erased. `invoke` may throw; the router answers in the format.
struct Route {
  Operation operation;
  std::function<Task<Response>(Call&, Services&)> invoke;
  WatchUpload watch_upload = {};  // empty: nobody watches files on their way
};

// The endpoints of one product (or of the server itself) with its format. Mounted at start, then
// read-only.
class Api {
 public:
  // `name` is the prefix and the first label of the host: "briefings".
  Api(std::string name, std::string title, std::unique_ptr<Format> format);
  ~Api();

  const std::string& name() const { return name_; }
  // An API at a longer path ("auth/v1") is no product: it answers there under every host, and what is the only
  // product stays so beside it.
  bool is_product() const { return !name_.contains('/'); }
  const std::string& title() const { return title_; }
  const Format& format() const { return *format_; }
  // What stands at `path` and below it is answered in another format: an API within the API that somebody else has
  // drawn up. Of several that fit, the longest.
  void format_below(std::string path, std::unique_ptr<Format> format);
  const Format& format_at(std::string_view path) const;
  void add(Route route);  // throws std::logic_error if method and path are taken
  json::object openapi(std::string_view base_path) const;

  struct Match {
    const Route* route = nullptr;  // null: 404, or 405 when `allowed` is not empty
    std::vector<std::pair<std::string_view, std::string>> parameters;
    std::string allowed;
  };
  Match match(Method method, std::string_view path) const;

 private:
  struct Node;
  std::string name_, title_;
  std::unique_ptr<Format> format_;
  std::map<std::string, std::unique_ptr<Format>> formats_below_;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
};

class Router {
 public:
  Router(Services services, Log& log);

  // `hosts` beside "<name>.localhost" and "<name>.<any host>". The first Api is the server's own: it
  // answers at the root, before others.
  Api& add(std::unique_ptr<Api> api, std::vector<std::string> hosts = {});
  const std::vector<std::unique_ptr<Api>>& apis() const { return apis_; }

  // Never throws: every failure is an answer in the format of the address that it happened at.
  Task<Response> handle(Request& request);

 private:
  struct Target {
    Api* api = nullptr;
    Api::Match match;
    std::string base;  // prefix that was taken from the path
  };
  Target find(const Request& request) const;
  Task<Response> answer(const Target& target, Call& call, RateVerdict& verdict);
  void report(const Error& error, const Api& api, const Request& request);

  Services services_;
  Log& log_;
  std::vector<std::unique_ptr<Api>> apis_;
  Api* only_product_ = nullptr;
  std::map<std::string, Api*, std::less<>> hosts_;
};

// ---- for binding.hpp -------------------------------------------------------------------------------

// A file of a form that was stored.
struct StoredPart {
  Upload upload;
  std::unique_ptr<UploadWatcher> watcher;  // may be null
};

// The input of a call as JSON members: query, body or form, by the endpoint's kind.
struct Input {
  std::unique_ptr<json::bj::monotonic_resource> memory;  // of the fields, where they come from a body
  json::object fields;
  json::Source source = json::Source::body;
  std::vector<StoredPart> uploads;
};
// `uploads`: the names of files in a form; empty for what is no form. Where none of them is needed, JSON is taken too.
Task<Input> read_input(Call& call, Services& services, std::vector<std::string_view> uploads, bool needs_upload);
// What was read is right, and the handler's from now on.
void hand_over(Input& input);
// The input of an endpoint that reads the body itself: the query. From here on the body may take its time, and be as
// large as the endpoint says.
Input open_body(Call& call);
// Those that a WithHeaders result may have.
std::vector<unsigned> statuses_of(const EndpointInfo& info);
// Throws std::logic_error for a status that the declaration does not have.
void check_status(const EndpointInfo& info, unsigned status);
// The body as it came, and those of its header fields that are named.
Task<void> read_raw(Call& call, std::vector<std::string_view> names, std::string& body, Headers& headers);

}  // namespace odeon::http
