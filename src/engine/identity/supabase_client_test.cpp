// The official JavaScript client of Supabase against a server of ours.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/metrics.hpp"
#include "engine/database/migrations.hpp"
#include "engine/database/sqlite.hpp"
#include "engine/http/server.hpp"
#include "engine/identity/fixture_test.hpp"
#include "engine/identity/supabase.hpp"
#include "testing/http.hpp"

namespace odeon::identity {
namespace {

// A whole server with auth/v1 in it, by the real clock, which the client goes by.
class AuthServer {
 public:
  AuthServer() {
    run_task([](AuthServer& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db_, migrations(), self.clock_));
    }(*this));
    proofs_.sent_by([this](this auto, database::Transaction&, ProofLetter letter) -> Task<void> {
      std::ofstream(mails() / (letter.token + ".eml"))
          << "Subject: " << json::enum_name(letter.purpose) << "\n\nYour code is " << letter.code << ".\n";
      co_return;
    });
    std::filesystem::create_directories(mails());
    router_.add(std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>()));
    router_.add(api_.api());
    port = server_.start();
    loops_.start();
  }
  ~AuthServer() { run_task(server_.stop(std::chrono::milliseconds(0))); }

  std::filesystem::path mails() const { return folder_.path() / "outbox"; }
  std::uint16_t port = 0;

 private:
  SystemClock clock_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  testing::ScratchFolder folder_;
  Loops loops_{1};
  ThreadPool pool_{2};
  std::unique_ptr<database::Database> db_ = database::open_sqlite({.path = folder_ / "people.db"});
  std::unique_ptr<coordination::Coordination> coordination_ = coordination::open_memory({}, clock_);
  Passwords passwords_{pool_, kCheapHashes};
  KeyRing ring_;
  AccessTokens access_{*db_, ring_, clock_, {}};
  Sessions sessions_{*db_, access_, clock_, log_, {}};
  Accounts accounts_{*db_, passwords_, sessions_, *coordination_, clock_, {}};
  ApiKeys keys_{*db_, clock_};
  OutsideTokens outside_{{}, {}, *coordination_, clock_, log_};
  SessionCookies cookies_{std::string(32, 'c')};
  Identity identity_{access_, sessions_, accounts_, keys_, outside_, cookies_, clock_, {}};
  Proofs proofs_{*db_, *coordination_, std::string(32, 'p'), clock_};
  SupabaseApi api_{accounts_, sessions_, access_, proofs_, {}};
  testing::FakeLimiter limiter_;
  testing::FakeUploads uploads_;
  http::Router router_{{identity_, limiter_, uploads_, clock_}, log_};
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [&router = router_](http::Request& request) { return router.handle(request); },
                       log_,
                       metrics_};
};

TEST(SupabaseClient, WorksUnchanged) {
  const std::string installed = ODEON_BUILD_DIR "/npm/identity";
  ASSERT_EQ(std::system(
                (ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/identity/clients " + installed)
                    .c_str()),
            0);
  const AuthServer server;
  EXPECT_EQ(std::system(fmt::format("node {}/supabase.mjs http://127.0.0.1:{} {}", installed, server.port,
                                    server.mails().string())
                            .c_str()),
            0);
}

}  // namespace
}  // namespace odeon::identity
