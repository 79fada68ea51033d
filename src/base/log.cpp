#include "base/log.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json.hpp"

namespace odeon {
namespace {

// A line is JSON whatever bytes come from outside.
template <class T>
void append(std::string& line, const T& value) {
  if constexpr (std::same_as<T, std::string_view>)
    json::append_quoted(line, text::is_utf8(value) ? value : std::string_view(text::to_valid_utf8(value)));
  else
    json::append(line, value);
}

}  // namespace

struct Log::Sink {
  std::shared_ptr<spdlog::async_logger> logger;
  // Goes first: it writes out what is queued and joins its thread, and the logger is there until then.
  std::shared_ptr<spdlog::details::thread_pool> pool = std::make_shared<spdlog::details::thread_pool>(8192, 1);

  Sink() {
    logger = std::make_shared<spdlog::async_logger>("odeon", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool,
                                                    spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::info);
  }
};

Log::Log(Level level) : level_(level) {
  if (level != Level::off) sink_ = std::make_unique<Sink>();
}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, Fields fields) {
  if (!sink_ || level < level_) return;
  constexpr std::string_view names[] = {"debug", "info", "warning", "error", "off"};
  std::string line = "{\"time\":";
  json::append_quoted(line, to_iso8601(SystemClock().now()));
  line += ",\"level\":\"";
  line += names[static_cast<std::size_t>(level)];
  line += "\",\"event\":";
  json::append_quoted(line, event);
  for (const auto& field : fields) {
    line += ',';
    json::append_quoted(line, field.key);
    line += ':';
    std::visit([&](const auto& value) { append(line, value); }, field.value);
  }
  line += '}';
  sink_->logger->info(line);
}

}  // namespace odeon
