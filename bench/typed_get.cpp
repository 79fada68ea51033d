// A server with one typed, rate-limited endpoint that reads the database, and one file: the engine's whole path
// for a request, with log, metrics and middlewares on, for bench/run.
//   typed_get_bench PORT FOLDER LOG [DATABASE_URL]
// FOLDER/file.bin is served at /file; LOG is on or off; without an address the database is SQLite. Before it
// listens it writes FOLDER/tokens, an access token a line: who brings one is looked up as the product does it,
// who brings none is served the same.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "engine/coordination/coordination.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/postgres.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "engine/identity/identity.hpp"
#include "engine/storage/files.hpp"

namespace odeon {
namespace {

using http::Endpoint;
using http::Method;

constexpr std::string_view kApi = "bench";  // the only product, so its endpoints are at the root too

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

constexpr int kPeople = 500;
constexpr identity::PasswordOptions kCheapHashes{.operations = 1, .memory = 8192};  // signing in is not measured

// Who comes, joined as the server joins them.
struct People {
  People(database::Database& database, coordination::Coordination& coordination, const Clock& clock, Log& log,
         ThreadPool& pool)
      : passwords(pool, kCheapHashes),
        access(database, ring, clock, {}),
        sessions(database, access, clock, log, {}),
        accounts(database, passwords, sessions, coordination, clock,
                 {.sign_ups_from_address = {kPeople, std::chrono::seconds(1)}}),
        keys(database, clock),
        outside(
            {}, [](std::string) -> Task<std::string> { co_return ""; }, coordination, clock, log),
        identity(access, sessions, accounts, keys, outside, cookies, clock, {}) {}

  Task<void> write_tokens(std::string path) {
    std::ofstream file(path);
    for (int i = 0; i < kPeople; ++i) {
      const auto mail = "listener-" + std::to_string(i) + "@example.com";
      const auto account = co_await accounts.sign_up(mail, "correct horse battery", {}, "192.0.2.1");
      file << (co_await sessions.start(account, std::string(kApi))).access_token << '\n';
    }
  }

  identity::Passwords passwords;
  KeyRing ring{{{"one", std::string(32, '1')}}};
  identity::AccessTokens access;
  identity::Sessions sessions;
  identity::Accounts accounts;
  identity::ApiKeys keys;
  identity::OutsideTokens outside;
  identity::SessionCookies cookies{std::string(32, 'c')};
  identity::Identity identity;
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
  static_cast<void>(co_await database::migrate(database, identity::migrations(), clock));
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

int serve(std::uint16_t port, const std::string& folder, bool logs, const std::string& database_url) {
  SystemClock clock;
  Log log(logs ? Log::Level::info : Log::Level::off);
  Metrics metrics;
  ThreadPool pool(2);
  Loops loops(std::thread::hardware_concurrency());
  auto database = database_url.empty() ? database::open_sqlite({.path = folder + "/bench.db"})
                                       : database::open_postgres({.url = database_url});
  auto coordination = coordination::open_memory({}, clock);
  storage::FileSigner signer(std::string(32, 's'), clock);
  auto storage = storage::open_files(folder + "/objects", pool, signer, clock);
  Service service(*database, run_task(prepare(*database, *storage, folder, clock)));
  People people(*database, *coordination, clock, log, pool);
  run_task(people.write_tokens(folder + "/tokens"));
  Limiter limiter(*coordination);
  NoUploads uploads;
  http::Router router({people.identity, limiter, uploads, clock}, log);
  router.add(std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>()));
  auto api = std::make_unique<http::Api>(std::string(kApi), "Bench", std::make_unique<http::BareFormat>());
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
  if (argc < 4 || argc > 5) return 2;
  return odeon::serve(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], std::string_view(argv[3]) == "on",
                      argc == 5 ? argv[4] : "");
}
