// Against aiosmtpd, which nobody here wrote.
#include "engine/notify/smtp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>

#include "base/error.hpp"
#include "testing/certificates.hpp"
#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class SmtpServer {
 public:
  explicit SmtpServer(std::vector<std::string> settings = {}) {
    std::vector<std::string> command{"/usr/bin/python3", ODEON_SOURCE_DIR "/src/engine/notify/strangers/smtp_server.py",
                                     folder_.path().string()};
    std::ranges::move(settings, std::back_inserter(command));
    child_ = std::make_unique<testing::Child>(command);
    const std::string line = child_->wait_for_line("listening on ");
    if (line.empty()) throw std::runtime_error("the SMTP server does not start: " + child_->output());
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(' ') + 1)));
  }
  SmtpOptions options(const std::string& url_before_port, const std::string& query = "") const {
    return parse_smtp_url(fmt::format("{}:{}{}", url_before_port, port_, query));
  }
  std::size_t kept() const {
    return static_cast<std::size_t>(std::ranges::count_if(std::filesystem::directory_iterator(folder_.path()),
                                                          [](auto& e) { return e.path().extension() == ".eml"; }));
  }
  std::string mail(int number) const { return read(fmt::format("{:04}.eml", number)); }
  json::value envelope(int number) const { return json::parse(read(fmt::format("{:04}.json", number))); }
  void kill() { child_->kill(); }

 private:
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  testing::ScratchFolder folder_;
  std::unique_ptr<testing::Child> child_;
  std::uint16_t port_ = 0;
};

Letter letter_to(const std::string& address) {
  return {.id = "m-1",
          .from = {"Geschichten für dich", "hello@stories.example"},
          .to = {"Ann", address},
          .subject = "Grüße",
          .text = ".\n..\nFrom here\n.",
          .html = "<p>.</p>\n.\n",
          .date = Instant(1795159800s)};
}

class SmtpTest : public ::testing::Test {
 protected:
  ~SmtpTest() override { pool.join(); }
  void send(const SmtpOptions& options, const std::string& to = "ann@example.org") {
    Smtp smtp(pool, options);
    run_task(smtp.send(letter_to(to)));
  }
  std::optional<Error> failure(const SmtpOptions& options, const std::string& to = "ann@example.org") {
    try {
      send(options, to);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }
  // A certificate for 127.0.0.1, and who signed it, as files.
  void make_certificates() {
    const auto authority = testing::make_authority("test");
    const auto made = testing::make_certificate("127.0.0.1", authority);
    std::ofstream(folder / "server.pem") << made.certificate << made.key;
    std::ofstream(folder / "authority.pem") << authority.certificate;
  }

  testing::ScratchFolder folder;
  ThreadPool pool{2};
};

TEST_F(SmtpTest, DeliversToTheByte) {
  const SmtpServer server;
  send(server.options("smtp://127.0.0.1"));
  EXPECT_EQ(server.mail(1), compose(letter_to("ann@example.org")));
  EXPECT_EQ(server.envelope(1), json::parse(R"({"from":"hello@stories.example","to":["ann@example.org"],
                                               "tls":false,"user":""})"));
}

TEST_F(SmtpTest, TakesAddressesBeyondAscii) {
  const SmtpServer server;
  send(server.options("smtp://127.0.0.1"), "änn@example.org");
  EXPECT_EQ(server.envelope(1).at("to").at(0), "änn@example.org");
}

TEST_F(SmtpTest, SaysNothingWithoutStarttlsWhereItIsRequired) {
  make_certificates();
  const SmtpServer server(
      {"tls=starttls", "certificate=" + folder / "server.pem", "user=odeon@mail", "password=p:@/%"});
  auto options = server.options("smtp://odeon%40mail:p%3A%40%2F%25@127.0.0.1", "?tls=required");
  options.authorities_file = folder / "authority.pem";
  send(options);
  EXPECT_EQ(server.envelope(1).at("tls"), true);
  EXPECT_EQ(server.envelope(1).at("user"), "odeon@mail");

  options.authorities_file = "";  // who signed it is unknown to the system
  const auto untrusted = failure(options);
  ASSERT_TRUE(untrusted);
  EXPECT_TRUE(untrusted->may_pass());

  const SmtpServer bare;
  const auto refused = failure(bare.options("smtp://a:b@127.0.0.1", "?tls=required"));
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->may_pass());
  EXPECT_EQ(bare.kept() + server.kept(), 1U);
}

TEST_F(SmtpTest, SpeaksTlsFromTheFirstByte) {
  make_certificates();
  const SmtpServer server({"tls=implicit", "certificate=" + folder / "server.pem", "user=u", "password=p"});
  auto options = server.options("smtps://u:p@127.0.0.1");
  options.authorities_file = folder / "authority.pem";
  send(options);
  EXPECT_EQ(server.kept(), 1U);
}

TEST_F(SmtpTest, AWrongPasswordIsRefusedAndNotTold) {
  make_certificates();
  const SmtpServer server({"tls=starttls", "certificate=" + folder / "server.pem", "user=u", "password=p"});
  auto options = server.options("smtp://u:wrong-secret@127.0.0.1", "?tls=required");
  options.authorities_file = folder / "authority.pem";
  const auto error = failure(options);
  ASSERT_TRUE(error);
  EXPECT_FALSE(error->may_pass());
  EXPECT_THAT(error->message + error->detail, Not(HasSubstr("secret")));
  EXPECT_THAT(error->detail, HasSubstr("535"));
}

TEST_F(SmtpTest, WhatMayPassIsTriedAgainAndPasses) {
  const SmtpServer server;
  const auto options = server.options("smtp://127.0.0.1");
  std::size_t taken = 0;
  for (const char* who : {"later@example.org", "busy@example.org", "cut@example.org"}) {
    const auto error = failure(options, who);
    ASSERT_TRUE(error) << who;
    EXPECT_TRUE(error->may_pass()) << who;
    EXPECT_EQ(server.kept(), taken);
    send(options, who);
    EXPECT_EQ(server.kept(), ++taken);
  }
}

TEST_F(SmtpTest, WhatIsRefusedIsNotTriedAgainAndTellsNoAddress) {
  const SmtpServer server;
  for (const char* who : {"no@example.org", "spam@example.org"}) {
    const auto error = failure(server.options("smtp://127.0.0.1"), who);
    ASSERT_TRUE(error) << who;
    EXPECT_FALSE(error->may_pass());
    EXPECT_THAT(error->message + error->detail, Not(HasSubstr("example")));
    EXPECT_THAT(error->detail, HasSubstr("SMTP 55"));
  }
  EXPECT_EQ(server.kept(), 0U);
}

TEST_F(SmtpTest, AServerThatFallsSilentOrIsAwayMayPass) {
  SmtpServer server;
  auto options = server.options("smtp://127.0.0.1");
  options.time = 500ms;
  const auto silent = failure(options, "silent@example.org");
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->fault, Fault::timeout);
  server.kill();
  const auto away = failure(options);
  ASSERT_TRUE(away);
  EXPECT_EQ(away->fault, Fault::unavailable);
}

// Whether a send was cancelled as soon as it had a connection.
Task<bool> cancel_once_connected(ThreadPool& pool) {
  using namespace asio::experimental::awaitable_operators;
  using asio::ip::tcp;
  tcp::acceptor mute(co_await asio::this_coro::executor, {asio::ip::make_address("127.0.0.1"), 0});
  Smtp smtp(pool, parse_smtp_url(fmt::format("smtp://127.0.0.1:{}", mute.local_endpoint().port())));
  auto first = co_await (settle(smtp.send(letter_to("ann@example.org"))) || mute.async_accept(asio::use_awaitable));
  co_return first.index() == 1;
}

TEST_F(SmtpTest, ACancelEndsAWaitForAServerThatNeverGreets) {
  EXPECT_TRUE(run_task(cancel_once_connected(pool)));
}

TEST(SmtpUrl, SaysHowToConnect) {
  using Tls = SmtpOptions::Tls;
  struct Case {
    const char* url;
    const char* host;
    int port;
    Tls tls;
  };
  for (const auto& [url, host, port, tls] :
       {Case{"smtp://mail.example.org", "mail.example.org", 587, Tls::starttls},
        Case{"smtps://MAIL.example.org", "mail.example.org", 465, Tls::implicit},
        Case{"smtp://u:p@10.0.0.7:25", "10.0.0.7", 25, Tls::starttls},
        Case{"smtp://mailpit:1025?tls=off", "mailpit", 1025, Tls::none},
        Case{"smtp://localhost:1025", "localhost", 1025, Tls::none},
        Case{"smtp://127.0.0.9:25/", "127.0.0.9", 25, Tls::none}, Case{"smtp://[::1]:25", "[::1]", 25, Tls::none},
        Case{"smtp://[2001:db8::1]", "[2001:db8::1]", 587, Tls::starttls},
        Case{"smtp://localhost?tls=required", "localhost", 587, Tls::starttls}}) {
    const auto options = parse_smtp_url(url);
    EXPECT_EQ(options.host, host) << url;
    EXPECT_EQ(options.port, port) << url;
    EXPECT_EQ(options.tls, tls) << url;
  }
  const auto named = parse_smtp_url("smtp://ann%40example.org:a%3Ab%20c@mail.example.org");
  EXPECT_EQ(named.user, "ann@example.org");
  EXPECT_EQ(named.password, "a:b c");
}

TEST(SmtpUrl, ThatIsWrongIsRefusedWithoutRepeatingIt) {
  for (const char* url : {"", "mail.example.org", "http://secret@x", "smtp://", "smtp://u:secret@host:0",
                          "smtp://u:secret@host:99999", "smtp://u:secret@host:12a", "smtp://h?tls=maybe",
                          "smtps://h?tls=off", "smtp://u:secret%0d%0aQUIT@h", "smtp://u:sec%ret@h"}) {
    try {
      parse_smtp_url(url);
      ADD_FAILURE() << url;
    } catch (const Error& error) {
      EXPECT_THAT(error.message, Not(HasSubstr("secret")));
    }
  }
}

}  // namespace
}  // namespace odeon::notify
