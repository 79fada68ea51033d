#include "engine/notify/expo.hpp"

#include "base/error.hpp"
#include "engine/http/retry_after.hpp"

namespace odeon::notify {
namespace {

constexpr std::size_t kMaxAnswer = 1024 * 1024, kMaxToken = 200;
constexpr std::chrono::seconds kLongestPause{3600};
// Devices of one request must be of one Expo project; whose they are cannot be told from the tokens.
constexpr std::string_view kMixedProjects = "PUSH_TOO_MANY_EXPERIENCE_IDS";

struct Message {
  std::string to;
  std::string title;
  std::string body;
  json::object data;
  std::string sound = "default";
};
BOOST_DESCRIBE_STRUCT(Message, (), (to, title, body, data, sound))

struct Ids {
  std::vector<std::string> ids;
};
BOOST_DESCRIBE_STRUCT(Ids, (), (ids))

std::string text_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// A ticket, or a receipt: {"status": "ok"} or {"status": "error", "message", "details": {"error"}}.
Ticket ticket_of(const json::value& item) {
  const auto* object = item.if_object();
  if (object == nullptr) return {Outcome::refused, "", "an answer that is no object"};
  if (text_at(*object, "status") == "ok") return {Outcome::accepted, text_at(*object, "id"), ""};
  const auto* details = object->if_contains("details");
  std::string reason = details != nullptr && details->is_object() ? text_at(details->get_object(), "error") : "";
  if (reason == "DeviceNotRegistered") return {Outcome::gone, "", std::move(reason)};
  if (reason == "MessageRateExceeded" || reason == "ExpoError" || reason == "ProviderError")
    return {Outcome::later, "", std::move(reason)};
  return {Outcome::refused, "", reason.empty() ? "no reason was given" : std::move(reason)};
}

// The code of the first fault of a whole request.
std::string code_of(const json::value& document) {
  const auto* object = document.if_object();
  const auto* errors = object != nullptr ? object->if_contains("errors") : nullptr;
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return "";
  const auto* first = errors->get_array().front().if_object();
  return first != nullptr ? text_at(*first, "code") : "";
}

Error nonsense(std::string detail) {
  return Error(Fault::upstream, "PUSH_ANSWER", "The push service gave an answer that cannot be read.")
      .with_detail(std::move(detail));
}

std::string message_for(const PushMessage& message, std::span<const std::string> tokens) {
  std::vector<Message> all;
  for (const auto& token : tokens) all.push_back({token, message.title, message.body, message.data});
  return json::write(all);
}

std::vector<Ticket> tickets_of(const json::value& data, std::size_t expected) {
  const auto* list = data.if_array();
  if (list == nullptr || list->size() != expected) throw nonsense("not one ticket for each message");
  std::vector<Ticket> tickets;
  for (const auto& item : *list) tickets.push_back(ticket_of(item));
  return tickets;
}

std::chrono::seconds pause_of(std::string_view retry_after, Instant now) {
  constexpr std::chrono::seconds shortest{1};
  return std::clamp(http::read_retry_after(retry_after, now).value_or(shortest), shortest, kLongestPause);
}

}  // namespace

bool is_expo_token(std::string_view token) {
  if (token.size() > kMaxToken || !token.ends_with(']')) return false;
  token.remove_suffix(1);
  const auto open = token.find('[');
  if (open == std::string_view::npos) return false;
  const auto kind = token.substr(0, open), inside = token.substr(open + 1);
  auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  };
  return (kind == "ExponentPushToken" || kind == "ExpoPushToken") && !inside.empty() &&
         std::ranges::all_of(inside, is_plain);
}

Expo::Expo(http::Client& client, const Clock& clock, ExpoOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

Task<std::vector<Ticket>> Expo::send(PushMessage message, std::vector<std::string> tokens) {
  auto answer = co_await post("/--/api/v2/push/send", message_for(message, tokens));
  if (tokens.size() == 1 || code_of(answer.document) != kMixedProjects)
    co_return tickets_of(data_of(std::move(answer)), tokens.size());
  std::vector<Ticket> tickets;
  for (const auto& token : tokens) {
    // One by one, and a failure is its device's alone: the others' tickets must not be lost.
    auto outcome = co_await settle(post("/--/api/v2/push/send", message_for(message, std::span(&token, 1))));
    try {
      if (!outcome) std::rethrow_exception(outcome.error());
      tickets.push_back(tickets_of(data_of(std::move(*outcome)), 1).front());
    } catch (const Error& error) {
      tickets.push_back({error.may_pass() ? Outcome::later : Outcome::refused, "", error.code});
    }
  }
  co_return tickets;
}

Task<std::map<std::string, Ticket>> Expo::receipts(std::vector<std::string> ids) {
  const json::value data = data_of(co_await post("/--/api/v2/push/getReceipts", json::write(Ids{std::move(ids)})));
  const auto* found = data.if_object();
  if (found == nullptr) throw nonsense("receipts are no object");
  std::map<std::string, Ticket> receipts;
  for (const auto& [id, receipt] : *found) receipts.emplace(id, ticket_of(receipt));
  co_return receipts;
}

Task<http::JsonAnswer> Expo::post(std::string path, std::string body) {
  http::ClientRequest request{.method = http::Method::post, .url = options_.base_url + path, .body = std::move(body)};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Accept", "application/json");
  if (!options_.access_token.empty()) request.headers.add("Authorization", "Bearer " + options_.access_token);
  co_return co_await http::call_json(client_, std::move(request), kMaxAnswer, options_.time);
}

// What a good answer holds under "data".
json::value Expo::data_of(http::JsonAnswer answer) const {
  const std::string detail = fmt::format("status {} {}", answer.status, code_of(answer.document));
  if (answer.status == 429)
    throw Error(Fault::rate_limited, "PUSH_BUSY", "The push service asked for a pause.")
        .with_retry_after(pause_of(answer.retry_after, clock_.now()))
        .with_detail(detail);
  if (answer.status >= 500)
    throw Error(Fault::unavailable, "PUSH_AWAY", "The push service has a fault at the moment.").with_detail(detail);
  if (answer.status >= 400)
    throw Error(Fault::invalid, "PUSH_REFUSED", "The push service refused the request: " + detail).with_detail(detail);
  auto* object = answer.document.if_object();
  auto* data = answer.status == 200 && object != nullptr ? object->if_contains("data") : nullptr;
  if (data == nullptr) throw nonsense(detail);
  return std::move(*data);
}

}  // namespace odeon::notify
