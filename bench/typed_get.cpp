// A server with one typed, rate-limited endpoint that reads SQLite, and one file: the engine's whole path
// for a request, with log, metrics and middlewares on, for bench/run.
//   typed_get_bench PORT FOLDER LOG     FOLDER/file.bin is served at /file; LOG is on or off
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "engine/coordination/coordination.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "engine/storage/files.hpp"

namespace odeon {
namespace {

using http::Endpoint;
using http::Method;

struct HeroRequest {
  Int<1, 1'000'000> id;
};
BOOST_DESCRIBE_STRUCT(HeroRequest, (), (id))

struct Hero {
  std::int64_t id = 0;
  std::string name;
  std::int64_t age = 0;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(Hero, (), (id, name, age, created_at))

constexpr Endpoint<HeroRequest, Hero> get_hero{{.method = Method::get,
                                                .path = "/api/heroes/{id}",
                                                .summary = "A hero",
                                                .auth = http::Auth::optional,
                                                .rate = {1'000'000'000, http::per_minute}}};
constexpr Endpoint<http::Nothing, http::File> get_file{{.method = Method::get, .path = "/file", .summary = "A file"}};

class Nobody final : public http::Authenticator {
 public:
  Task<void> identify(const http::Request&, std::string, http::Caller&) override { co_return; }
};

class Limiter final : public http::RateLimiter {
 public:
  explicit Limiter(coordination::Coordination& coordination) : coordination_(coordination) {}
  Task<http::RateVerdict> take(std::string key, http::Rate rate) override {
    const auto v = co_await coordination_.take(std::move(key), {rate.limit, rate.window});
    co_return http::RateVerdict{v.allowed, v.limit, v.remaining, v.reset, v.retry_after};
  }

 private:
  coordination::Coordination& coordination_;
};

class NoUploads final : public http::UploadStore {
 public:
  Task<void> store(http::Upload&, ByteSource&, std::uint64_t) override { co_return; }
  Task<void> discard(std::string) override { co_return; }
};

class Service {
 public:
  Service(database::Database& database, std::shared_ptr<ReadableObject> file) : database_(database), file_(file) {}

  Task<Hero> hero(HeroRequest request) {
    auto hero = co_await database_.find<Hero>("SELECT id, name, age, created_at FROM heroes WHERE id = $1", request.id);
    if (!hero) throw Error(Fault::not_found, "HERO_NOT_FOUND", "No such hero.");
    co_return std::move(*hero);
  }
  Task<http::File> file() { co_return http::File{.object = file_}; }

 private:
  database::Database& database_;
  std::shared_ptr<ReadableObject> file_;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {}
  ~FileSource() override { std::fclose(file_); }
  Task<std::size_t> read(std::span<char> into) override { co_return std::fread(into.data(), 1, into.size(), file_); }

 private:
  std::FILE* file_;
};

Task<std::shared_ptr<ReadableObject>> prepare(database::Database& database, storage::Storage& storage,
                                              std::string folder, const Clock& clock) {
  co_await database.execute(
      "CREATE TABLE IF NOT EXISTS heroes (id BIGINT PRIMARY KEY, name TEXT NOT NULL, age BIGINT NOT NULL, "
      "created_at BIGINT NOT NULL)");
  std::vector<std::tuple<std::int64_t, std::string, std::int64_t, Instant>> rows;
  for (std::int64_t id = 1; id <= 1000; ++id)
    rows.emplace_back(id, "Hero number " + std::to_string(id), 7, clock.now());
  co_await database.execute_each("INSERT INTO heroes VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", std::move(rows));
  FileSource source(folder + "/file.bin");
  co_await storage.put("file.bin", source, {});
  co_return co_await storage.get("file.bin");
}

int serve(std::uint16_t port, const std::string& folder, bool logs) {
  SystemClock clock;
  Log log(logs ? Log::Level::info : Log::Level::off);
  Metrics metrics;
  ThreadPool pool(2);
  Loops loops(std::thread::hardware_concurrency());
  auto database = database::open_sqlite({.path = folder + "/bench.db"});
  auto coordination = coordination::open_memory({}, clock);
  storage::FileSigner signer(std::string(32, 's'), clock);
  auto storage = storage::open_files(folder + "/objects", pool, signer, clock);
  Service service(*database, run_task(prepare(*database, *storage, folder, clock)));
  Nobody nobody;
  Limiter limiter(*coordination);
  NoUploads uploads;
  http::Router router({nobody, limiter, uploads, clock}, log);
  auto api = std::make_unique<http::Api>("", "Bench", std::make_unique<http::BareFormat>());
  http::mount(*api, get_hero, &Service::hero, service);
  http::mount(*api, get_file, &Service::file, service);
  router.add(std::move(api));
  http::Server server({.address = "127.0.0.1", .port = port}, loops,
                      http::pipeline({http::log_requests(log), http::count_requests(metrics), http::request_ids(),
                                      http::security_headers(), http::cross_origin({})},
                                     [&](http::Request& request) { return router.handle(request); }),
                      log, metrics);
  server.start();
  loops.start();
  std::printf("ready\n");
  std::fflush(stdout);
  loops.join();  // until killed
  return 0;
}

}  // namespace
}  // namespace odeon

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  return odeon::serve(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], std::string_view(argv[3]) == "on");
}
