// Podcasts that come from another host, which does what a test wants, right or wrong.
#pragma once

#include <boost/asio/use_future.hpp>

#include "engine/http/server.hpp"
#include "products/podcasts/sound/processing_house_test.hpp"

namespace odeon::podcasts {

// Answers with what a test puts there, and misbehaves as it is told to.
class OtherHost {
 public:
  OtherHost() {
    port_ = server_.start();
    loops_.start();
  }
  ~OtherHost() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }
  std::string url(const std::string& path) const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }
  struct File {
    unsigned status = 200;
    std::string body;
    http::Headers headers;
    bool stalls = false;  // its answer never comes
  };
  void put(const std::string& path, std::string body, unsigned status = 200) {
    put(path, File{.status = status, .body = std::move(body)});
  }
  void put(const std::string& path, File file) {
    const std::lock_guard lock(mutex_);
    files_[path] = std::move(file);
  }
  void lead(const std::string& path, const std::string& to) {
    File file{.status = 302};
    file.headers.add("Location", to);
    put(path, std::move(file));
  }
  int asked(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return asked_[path];
  }

 private:
  File find(const std::string& path) {
    const std::lock_guard lock(mutex_);
    ++asked_[path];
    const auto found = files_.find(path);
    return found == files_.end() ? File{.status = 404} : found->second;
  }
  Task<http::Response> answer(http::Request& request) {
    auto file = find(std::string(request.target));
    if (file.stalls) {
      asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
      co_await never.async_wait(asio::use_awaitable);
    }
    http::Response response;
    response.status = file.status;
    response.headers = std::move(file.headers);
    response.body = std::move(file.body);
    co_return response;
  }

  std::mutex mutex_;
  std::map<std::string, File> files_;
  std::map<std::string, int> asked_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

inline std::string item_of(const std::string& guid, const std::string& url, const std::string& more = "") {
  return fmt::format(
      "<item><title>About {0}</title><guid>{0}</guid><pubDate>Fri, 20 Nov 2020 07:30:00 GMT</pubDate>"
      "<enclosure url=\"{1}\" length=\"9\" type=\"audio/mpeg\"/>{2}</item>",
      guid, url, more);
}

inline std::string feed_of(const std::string& items) {
  return "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:itunes=\"i\" xmlns:podcast=\"p\"><channel>"
         "<title>The Old House</title><description>All &amp; sundry</description><language>de</language>"
         "<itunes:author>Ann</itunes:author><itunes:type>serial</itunes:type><itunes:explicit>yes</itunes:explicit>"
         "<itunes:image href=\"https://example.com/a.jpg\"/>"
         "<itunes:owner><itunes:email>ann@example.com</itunes:email></itunes:owner>"
         "<itunes:category text=\"Society &amp; Culture\"><itunes:category text=\"Documentary\"/></itunes:category>"
         "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>" +
         items + "</channel></rss>";
}

struct ImportsHouse : PodcastsHouse {
  ImportsHouse() {
    audio.on_arrival([this](Transaction& tx, Arrived arrived) { return processing.begin(tx, std::move(arrived)); });
  }
  Reply import() { return post("/api/podcasts/import", {{"feed_url", host.url("/feed")}}, token); }
  Reply import_file(const std::string& xml) { return send("/api/podcasts/import/file", {}, "file", xml); }
  Reply state_of(const Reply& begun) { return get("/api/imports/" + text(begun.at("id")), token); }
  // How it ends when everything that can be done is done.
  Reply ended(const Reply& begun) {
    EXPECT_EQ(begun.status, 202) << begun.body;
    run_jobs();
    return state_of(begun);
  }
  // Why each was left out, by title.
  static std::map<std::string, std::string> reasons(const Reply& import) {
    std::map<std::string, std::string> all;
    for (const auto& skipped : import.at("skipped").as_array())
      all[text(skipped.at("title"))] += text(skipped.at("reason"));
    return all;
  }
  json::array episodes_of(const Reply& import) {
    return get("/api/podcasts/" + text(import.at("podcast_id")) + "/episodes", token).at("episodes").as_array();
  }
  // An MP3 of somebody who reads.
  std::string mp3() {
    const auto episode = begin_episode(begin_podcast(), "to begin with");
    const auto sent = send("/api/upload", {{"episode_id", episode}}, "file", ProcessingHouse::human());
    EXPECT_EQ(sent.status, 202) << sent.body;
    run_jobs();
    auto bytes = bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value());
    EXPECT_EQ(remove("/api/podcasts/" + text(see(episode).at("podcast_id"))).status, 204);
    run_jobs();
    return bytes;
  }
  // Works until the import waits for its episodes, and each of them is `settled`.
  void work_until(const Reply& begun, std::function<bool(const jobs::Progress&)> settled) {
    auto work = [](ImportsHouse& self, std::string job, auto settled) -> Task<void> {
      jobs::Worker worker{self.queue, self.clock, self.log, self.metrics, {}};
      self.import_work.install(worker);
      co_await worker.start();
      co_await self.queue.watch(
          job, [](this auto, const jobs::Progress& now) -> Task<bool> { co_return now.state != jobs::State::waiting; });
      for (const auto& child :
           co_await self.database->query<std::string>("SELECT id FROM jobs WHERE parent = $1 ORDER BY id", job))
        co_await self.queue.watch(
            child, [settled](this auto, const jobs::Progress& now) -> Task<bool> { co_return !settled(now); });
      co_await worker.stop();
    };
    run_task(with_timeout(std::chrono::seconds(60), work(*this, text(begun.at("job_id")), std::move(settled))));
  }
  // Of the storage that the plan has, so many bytes are left.
  void leave_room(std::int64_t bytes) {
    run_task([](ImportsHouse& self, std::int64_t bytes) -> Task<void> {
      const auto user = self.ids.at("ada@example.com");
      const auto storage = co_await self.allowances.of(user, self.product, "storage");
      auto tx = co_await self.database->begin();
      const auto held = co_await self.allowances.reserve(*tx, user, self.product, "storage", storage.left() - bytes);
      co_await self.allowances.settle(*tx, held.value());
      co_await tx->commit();
    }(*this, bytes));
  }

  OtherHost host;
};

}  // namespace odeon::podcasts
