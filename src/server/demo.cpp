#include "server/demo.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/http/client.hpp"
#include "products/briefings/briefings.hpp"
#include "server/house.hpp"

namespace odeon::server {
namespace {

constexpr std::chrono::milliseconds kPollEvery{40};
// Then, as a machine is slow: a client may ask 120 times a minute.
constexpr int kQuickPolls = 50;
constexpr std::chrono::seconds kLaterEvery{1};
constexpr std::chrono::minutes kDemoPatience{5};
constexpr std::size_t kMaxReply = 64 * 1024 * 1024;

// The API as a client sees it.
class App {
 public:
  App(http::Client& client, std::string base) : client_(client), base_(std::move(base)) {}

  Task<std::string> get(std::string path) {
    auto response = co_await client_.send({.url = path.starts_with("http") ? path : base_ + path});
    auto body = co_await read_all(*response.body, kMaxReply);
    if (response.status != 200)
      throw Error(Fault::upstream, "DEMO", fmt::format("{} answered {}: {}", path, response.status, body));
    co_return body;
  }

  // Polls until the briefing is ready, saying each new stage.
  Task<std::string> wait_for(std::string id) {
    std::string stage;
    for (int polls = 0;; ++polls) {
      auto body = co_await get("/api/briefings/" + id);
      const auto briefing = briefing_in(body);
      if (briefing.stage != stage && !briefing.message.empty())
        fmt::print("  {:>3} %  {}\n", briefing.percent, briefing.message);
      std::fflush(stdout);
      stage = briefing.stage;
      if (briefing.status == briefings::Status::ready) co_return body;
      if (briefing.status == briefings::Status::failed)
        throw Error(Fault::upstream, "DEMO", "No briefing could be made: " + briefing.message);
      co_await sleep_on_loop(polls < kQuickPolls ? kPollEvery : kLaterEvery);
    }
  }

  static briefings::Briefing briefing_in(const std::string& body) {
    briefings::Briefing briefing;
    json::Faults faults;
    json::read(briefing, json::parse(body).at("data"), "", json::Source::body, faults);
    faults.raise();
    return briefing;
  }

 private:
  http::Client& client_;
  std::string base_;
};

struct Results {
  std::string poll, latest, captions, mp3;
};

Task<Results> fetch(http::Client& client, std::string base, std::string id) {
  App app(client, std::move(base));
  Results results;
  results.poll = co_await app.wait_for(id);
  results.latest = co_await app.get("/api/briefings/general/latest");
  const auto briefing = App::briefing_in(results.poll);
  results.captions = co_await app.get(*briefing.captions_url);
  results.mp3 = co_await app.get(*briefing.audio_url);
  co_return results;
}

void save(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) throw Error(Fault::unavailable, "DEMO", path.string() + " cannot be written.");
}

std::string clock_time(double seconds) {
  return fmt::format("{}:{:04.1f}", static_cast<int>(seconds) / 60, seconds - static_cast<int>(seconds) / 60 * 60);
}

void print_summary(const briefings::Briefing& briefing, const Results& results, const std::string& out,
                   double seconds) {
  fmt::print("\n  {}\n", *briefing.title);
  fmt::print("  duration   {} ({:.2f} s)\n", clock_time(*briefing.duration), *briefing.duration);
  fmt::print("  loudness   {:.1f} LUFS, true peak {:.1f} dBTP (of the decoded MP3)\n", *briefing.loudness,
             *briefing.true_peak);
  fmt::print("  size       {} bytes\n", results.mp3.size());
  fmt::print("  made by    script: {}, voice: {}\n", *briefing.script_model, *briefing.speech_model);
  fmt::print("  chapters  ");
  for (const auto& chapter : *briefing.chapters) fmt::print(" {} {};", clock_time(chapter.start), chapter.title);
  fmt::print("\n  sources\n");
  for (const auto& source : *briefing.sources)
    fmt::print("    {} {}{}\n", source.used ? "used   " : "skipped", source.name,
               source.used ? fmt::format(" ({} articles)", source.articles) : ": " + source.reason.value_or(""));
  fmt::print("  took       {:.2f} s\n\n", seconds);
  fmt::print("  Listen:    {0}/briefing.mp3   Read: {0}/transcript.txt, {0}/captions.vtt\n", out);
  fmt::print("  The API's: {0}/latest.json, {0}/briefing.json\n", out);
  fmt::print("  The same through the API: make run, then http://localhost:8080/docs\n");
}

}  // namespace

void run_demo(DemoOptions options) {
  const std::filesystem::path out(options.out);
  std::filesystem::create_directories(out);
  std::filesystem::remove_all(out / "data");

  const auto started = std::chrono::steady_clock::now();
  House house(Settings{.data = (out / "data").string(),
                       .address = "127.0.0.1",
                       .port = 0,
                       .log_level = Log::Level::error,
                       .briefings_feeds = std::move(options.feeds)});
  const std::uint16_t port = house.start();
  fmt::print("Making a market briefing from feed files, with nothing configured:\n\n");
  const std::string id = house.request_edition();
  http::Client client(http::ClientOptions{});
  const auto results =
      run_task(with_timeout(kDemoPatience, fetch(client, fmt::format("http://127.0.0.1:{}/briefings", port), id)));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;

  const auto briefing = App::briefing_in(results.poll);
  save(out / "briefing.mp3", results.mp3);
  save(out / "transcript.txt", *briefing.transcript + "\n");
  save(out / "captions.vtt", results.captions);
  save(out / "latest.json", results.latest + "\n");
  save(out / "briefing.json", results.poll + "\n");
  print_summary(briefing, results, options.out, took.count());
  house.stop(std::chrono::seconds(1));
}

}  // namespace odeon::server
