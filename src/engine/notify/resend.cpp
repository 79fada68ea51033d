#include "engine/notify/resend.hpp"

#include "base/error.hpp"
#include "engine/http/retry_after.hpp"

namespace odeon::notify {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024, kMaxName = 60;
constexpr std::chrono::seconds kLongestPause{3600};

struct Email {
  std::string from;
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::string html;
  std::map<std::string, std::string> headers;
};
BOOST_DESCRIBE_STRUCT(Email, (), (from, to, subject, text, html, headers))

// As in a header field, which Resend writes: "Ann \"A\" Example" <ann@example.org>.
std::string written(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address;
  std::string quoted;
  for (const char c : mailbox.name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("\"{}\" <{}>", quoted, mailbox.address);
}

std::string body_of(Letter letter) {
  Email email{written(letter.from),   {written(letter.to)},   std::move(letter.subject),
              std::move(letter.text), std::move(letter.html), {{"Auto-Submitted", "auto-generated"}}};
  if (!letter.unsubscribe_url.empty()) email.headers["List-Unsubscribe"] = '<' + letter.unsubscribe_url + '>';
  if (letter.unsubscribe_url.starts_with("https:"))
    email.headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click";
  return json::write(email);
}

// {"name": "validation_error", "message": …}: the message may hold an address, the name is a word.
std::string name_of(const std::string& body) {
  try {
    const json::value document = json::parse(body);
    const auto* object = document.if_object();
    const auto* name = object != nullptr ? object->if_contains("name") : nullptr;
    if (name == nullptr || !name->is_string() || name->get_string().size() > kMaxName) return "";
    std::string word(name->get_string());
    const bool plain = std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return plain ? word : "";
  } catch (const Error&) {
    return "";  // a page of something that stands before the service
  }
}

std::chrono::seconds pause_of(std::string_view retry_after, Instant now) {
  constexpr std::chrono::seconds shortest{1};
  return std::clamp(http::read_retry_after(retry_after, now).value_or(shortest), shortest, kLongestPause);
}

}  // namespace

Task<void> Resend::send(Letter letter) {
  check(letter);
  http::ClientRequest request{.method = http::Method::post, .url = options_.base_url + "/emails"};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Authorization", "Bearer " + options_.key);
  request.headers.add("User-Agent", "odeon");  // Resend answers 403 without one
  request.headers.add("Idempotency-Key", letter.id);
  request.body = body_of(std::move(letter));
  co_await with_timeout(options_.time, exchange(std::move(request)));
}

Task<void> Resend::exchange(http::ClientRequest request) {
  auto response = co_await client_.send(std::move(request));
  const std::string body = co_await read_all(*response.body, kMaxAnswer);
  if (response.status >= 200 && response.status < 300) co_return;
  const std::string name = name_of(body), detail = fmt::format("Resend {} {}", response.status, name);
  if (response.status == 429)
    throw Error(Fault::rate_limited, "MAIL_BUSY", "The mail service asked for a pause.")
        .with_retry_after(pause_of(response.headers.get("Retry-After"), clock_.now()))
        .with_detail(detail);
  // The same letter is under way: an attempt before this one was not waited for.
  if (response.status >= 500 || name == "concurrent_idempotent_requests")
    throw Error(Fault::unavailable, "MAIL_AWAY", "The mail service has a fault at the moment.").with_detail(detail);
  throw Error(Fault::invalid, "MAIL_REFUSED", fmt::format("The mail service refused the mail ({}).", response.status))
      .with_detail(detail);
}

}  // namespace odeon::notify
