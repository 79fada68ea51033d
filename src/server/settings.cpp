#include "server/settings.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <thread>

#include "base/json.hpp"
#include "engine/notify/smtp.hpp"
#include "server/read_settings.hpp"

namespace odeon::server {

std::string upper(std::string name) {
  name = text::to_upper(name);
  for (char& c : name)
    if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) c = '_';
  return name;
}

std::string web_address(Config& config, std::string_view key, const std::string& variable, std::string fallback) {
  std::string url = config.text(key, variable, std::move(fallback));
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    config.reject(key, variable, "must start with http:// or https://");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

namespace {

template <class E>
E choice(Config& config, std::string_view key, const std::string& variable, E fallback) {
  const auto text = config.optional_text(key, variable);
  if (!text) return fallback;
  if (auto value = json::enum_value<E>(*text)) return *value;
  config.reject(key, variable, "must be one of: " + json::enum_choices<E>());
  return fallback;
}

enum class Environment { development, production, test };
BOOST_DESCRIBE_ENUM(Environment, development, production, test)
enum class LogLevel { debug, info, warning, error, off };
BOOST_DESCRIBE_ENUM(LogLevel, debug, info, warning, error, off)

std::string address(Config& config, std::string_view key, const std::string& variable,
                    std::initializer_list<std::string_view> schemes) {
  std::string url = config.text(key, variable, "");
  if (!url.empty() && std::ranges::none_of(schemes, [&](auto scheme) { return url.starts_with(scheme); }))
    config.reject(key, variable, "must start with " + text::join({schemes.begin(), schemes.end()}, " or "));
  return url;
}

// "127.0.0.1:9464" or "[::1]:9464".
std::optional<ListenAddress> listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon), digits = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(std::string(host), failure);
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failure || address.is_v6() != bracketed || fault != std::errc() || end != digits.data() + digits.size())
    return std::nullopt;
  return ListenAddress{std::string(host), port};
}

void read_server(Config& config, Settings& settings) {
  settings.production = choice(config, "environment", "APP_ENV", Environment::development) == Environment::production;
  settings.data = config.text("data", "ODEON_DATA", "data");
  settings.address = config.text("server.address", "ODEON_ADDRESS", "0.0.0.0");
  settings.port = static_cast<std::uint16_t>(config.integer("server.port", "ODEON_PORT", 8080, 0, 65535));
  const std::string metrics = config.text("metrics.address", "ODEON_METRICS_ADDRESS", "");
  settings.metrics = listen_address(metrics);
  if (!settings.metrics && !metrics.empty())
    config.reject("metrics.address", "ODEON_METRICS_ADDRESS", "must be address:port, like 127.0.0.1:9464");
  settings.certificate_file = config.text("server.certificate", "ODEON_CERTIFICATE", "");
  settings.key_file = config.text("server.key", "ODEON_KEY", "");
  if (settings.certificate_file.empty() != settings.key_file.empty())
    config.reject("server.certificate", "ODEON_CERTIFICATE", "a certificate and its key are set together");
  settings.trusted_proxies = config.list("server.trusted_proxies", "TRUSTED_PROXIES", {});
  settings.allowed_origins = config.list("server.allowed_origins", "ALLOWED_ORIGINS", {});
  auto& [light, heavy] = settings.jobs_at_once;
  light = config.integer("jobs.at_once", "ODEON_JOBS_AT_ONCE", light, 1, 1000);
  // One for each core; where there are few, some more: those that ask a provider wait most of the time.
  heavy = std::max<std::int64_t>(heavy, std::thread::hardware_concurrency());
  heavy = config.integer("jobs.heavy_at_once", "ODEON_HEAVY_JOBS_AT_ONCE", heavy, 1, 1000);
  settings.job_lease =
      std::chrono::seconds(config.integer("jobs.lease_seconds", "ODEON_JOB_LEASE_SECONDS", 30, 2, 3600));
  settings.plans_file = config.text("plans", "ODEON_PLANS", "");
  settings.products = config.list("products", "ODEON_PRODUCTS", {});
  settings.role = choice(config, "role", "ODEON_ROLE", Role::all);
  settings.log_level = static_cast<Log::Level>(choice(config, "log.level", "ODEON_LOG_LEVEL", LogLevel::info));
  settings.database_url = address(config, "database.url", "DATABASE_URL", {"postgres://", "postgresql://"});
  settings.database_connections = config.integer("database.connections", "ODEON_DATABASE_CONNECTIONS", 10, 2, 1000);
  settings.redis_url = address(config, "redis.url", "REDIS_URL", {"redis://", "rediss://"});
}

void read_s3(Config& config, Settings& settings) {
  auto& s3 = settings.s3;
  s3.bucket = config.text("s3.bucket", "S3_BUCKET", "");
  s3.region = config.text("s3.region", "S3_REGION", "us-east-1");
  s3.endpoint = web_address(config, "s3.endpoint", "S3_ENDPOINT", "");
  s3.public_endpoint = web_address(config, "s3.public_endpoint", "S3_PUBLIC_ENDPOINT", "");
  s3.path_style = config.flag("s3.path_style", "S3_PATH_STYLE", false);
  s3.access_key = config.text("s3.access_key", "AWS_ACCESS_KEY_ID", "");
  s3.secret_key = config.text("s3.secret_key", "AWS_SECRET_ACCESS_KEY", "");
  if (s3.bucket.empty()) {
    if (!s3.endpoint.empty()) config.reject("s3.bucket", "S3_BUCKET", "must name a bucket when S3_ENDPOINT is set");
    return;
  }
  if (s3.endpoint.empty()) s3.endpoint = fmt::format("https://s3.{}.amazonaws.com", s3.region);
  if (s3.access_key.empty() || s3.secret_key.empty())
    config.reject("s3.access_key", "AWS_ACCESS_KEY_ID", "a bucket needs an access key and its secret");
}

// "key=value,key=value", values percent-encoded. Their faults are told without them: they are secrets.
void read_traces(Config& config, Settings& settings) {
  auto& traces = settings.traces;
  traces.endpoint = web_address(config, "traces.endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT", "");
  traces.service = config.text("traces.service", "OTEL_SERVICE_NAME", "odeon");
  traces.ratio = config.number("traces.ratio", "OTEL_TRACES_SAMPLER_ARG", 1, 0, 1);
  for (const auto& pair : config.list("traces.headers", "OTEL_EXPORTER_OTLP_HEADERS", {})) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name(text::trim(std::string_view(pair).substr(0, equals)));
    const auto value =
        text::percent_decode(text::trim(std::string_view(pair).substr(std::min(equals + 1, pair.size()))));
    const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
    const auto in_value = [](char c) { return c == '\t' || (c >= ' ' && c != '\x7f'); };
    if (equals < pair.size() && !name.empty() && value && std::ranges::all_of(name, in_name) &&
        std::ranges::all_of(*value, in_value))
      traces.headers.emplace_back(name, *value);
    else
      config.reject("traces.headers", "OTEL_EXPORTER_OTLP_HEADERS",
                    "must be pairs like name=value, with commas between");
  }
}

// Their fault is told without them.
void read_secrets(Config& config, Settings& settings) {
  try {
    settings.keys = parse_sealing_keys(config.list("keys", "ODEON_KEYS", {}));
  } catch (const Error& fault) {
    config.reject("keys", "ODEON_KEYS", fault.message);
  }
  settings.audit_kept = std::chrono::days(config.integer("privacy.audit_days", "ODEON_AUDIT_DAYS", 730, 1, 36'500));
}

void read_notify(Config& config, Settings& settings) {
  settings.expo_base_url =
      web_address(config, "push.expo_base_url", "EXPO_BASE_URL", settings.production ? "https://exp.host" : "");
  settings.expo_access_token = config.text("push.expo_access_token", "EXPO_ACCESS_TOKEN", "");
  settings.webhooks_allow_private = config.flag("webhooks.allow_private", "WEBHOOKS_ALLOW_PRIVATE", false);
}

// "Odeon <hello@example.com>", or the address alone.
std::optional<notify::Mailbox> mailbox(std::string_view text) {
  notify::Mailbox box{.address = std::string(text::trim(text))};
  if (const auto open = text.find('<'); open != std::string_view::npos) {
    if (!text.ends_with('>')) return std::nullopt;
    box = {std::string(text::trim(text.substr(0, open))), std::string(text.substr(open + 1, text.size() - open - 2))};
  }
  if (!notify::is_mail_address(box.address)) return std::nullopt;
  return box;
}

void read_mail(Config& config, Settings& settings) {
  settings.smtp_url = config.text("mail.smtp_url", "SMTP_URL", "");
  settings.resend_key = config.text("mail.resend_key", "RESEND_API_KEY", "");
  settings.resend_base_url = web_address(config, "mail.resend_base_url", "RESEND_BASE_URL", "https://api.resend.com");
  try {
    if (!settings.smtp_url.empty()) notify::parse_smtp_url(settings.smtp_url);
  } catch (const Error& error) {
    config.reject("mail.smtp_url", "SMTP_URL", error.message);
  }
  const auto from = mailbox(config.text("mail.from", "MAIL_FROM", "Odeon <odeon@localhost>"));
  if (from)
    settings.mail_from = *from;
  else
    config.reject("mail.from", "MAIL_FROM", "must be an address, or a name and an address: Odeon <hello@example.com>");
  settings.digest_to = config.text("mail.digest_to", "DIGEST_TO", "");
  if (!settings.digest_to.empty() && !notify::is_mail_address(settings.digest_to))
    config.reject("mail.digest_to", "DIGEST_TO", "must be a mail address");
  const bool sends = !settings.smtp_url.empty() || !settings.resend_key.empty();
  if (sends && settings.mail_from.address.ends_with("@localhost"))
    config.reject("mail.from", "MAIL_FROM", "must be set to an address of yours when mail is sent");
}

void read_briefings(Config& config, Settings& settings) {
  settings.briefings_feeds = config.list("briefings.feeds", "BRIEFINGS_FEEDS", {});
  settings.briefings_hosts = config.list("briefings.hosts", "BRIEFINGS_HOSTS", {});
  settings.briefings_opening_ad = config.text("briefings.opening_ad", "BRIEFINGS_OPENING_AD", "");
  settings.briefings_closing_ad = config.text("briefings.closing_ad", "BRIEFINGS_CLOSING_AD", "");
  settings.briefings_quotes = config.text("briefings.quotes", "BRIEFINGS_QUOTES", "");
  settings.finlight_key = config.text("briefings.finlight_key", "FINLIGHT_API_KEY", "");
  settings.finlight_url = web_address(config, "briefings.finlight_url", "FINLIGHT_BASE_URL", "https://api.finlight.me");
  settings.briefings_voice = config.text("briefings.voice", "BRIEFINGS_VOICE", "");
}

void read_products(Config& config, Settings& settings) {
  for (const auto* product : {"stories", "chat", "podcasts", "studio"})
    settings.hosts[product] =
        config.list(fmt::format("{}.hosts", product), upper(fmt::format("{}_HOSTS", product)), {});
  const bool sends_mail = !settings.smtp_url.empty() || !settings.resend_key.empty();
  settings.stories_require_verification =
      config.flag("stories.require_verification", "STORIES_REQUIRE_VERIFICATION", sends_mail);
  settings.podcasts_early_bytes =
      config.integer("podcasts.early_megabytes", "PODCASTS_EARLY_MEGABYTES", 4096, 0, 1'000'000) << 20;
  settings.chat_learns_later = config.flag("chat.learns_later", "CHAT_LEARNS_LATER", false);
}

}  // namespace

Settings read_settings(Config& config) {
  Settings settings;
  read_server(config, settings);
  read_s3(config, settings);
  read_traces(config, settings);
  read_people(config, settings);
  read_secrets(config, settings);
  read_notify(config, settings);
  read_mail(config, settings);
  read_payment(config, settings);
  read_models(config, settings);
  read_briefings(config, settings);
  read_products(config, settings);
  const auto faults = config.faults();
  if (!faults.empty())
    throw Error(Fault::invalid, "CONFIG", "The configuration is not usable:\n  " + text::join(faults, "\n  "));
  return settings;
}

}  // namespace odeon::server
