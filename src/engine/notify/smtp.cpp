#include "engine/notify/smtp.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <atomic>
#include <cstring>
#include <stop_token>

#include "base/error.hpp"
#include "base/shared_library.hpp"
#include "base/stoppable.hpp"

namespace odeon::notify {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What is used of libcurl, which is loaded with the first mail: it brings two dozen libraries along.
struct LibCurl {
  SharedLibrary library{"libcurl.so.4"};
  decltype(&::curl_easy_init) init = library["curl_easy_init"];
  decltype(&::curl_easy_cleanup) cleanup = library["curl_easy_cleanup"];
  decltype(&::curl_easy_setopt) setopt = library["curl_easy_setopt"];
  decltype(&::curl_easy_perform) perform = library["curl_easy_perform"];
  decltype(&::curl_easy_getinfo) getinfo = library["curl_easy_getinfo"];
  decltype(&::curl_easy_strerror) strerror = library["curl_easy_strerror"];
  decltype(&::curl_slist_append) append = library["curl_slist_append"];
  decltype(&::curl_slist_free_all) free_all = library["curl_slist_free_all"];
};
const LibCurl& libcurl() {
  static const LibCurl table;
  return table;
}

struct Transfer {
  std::string_view bytes;  // not sent yet
  std::stop_token stop;
  SteadyClock::time_point due;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* of) {
  auto& transfer = *static_cast<Transfer*>(of);
  const std::size_t some = std::min(size * count, transfer.bytes.size());
  std::memcpy(into, transfer.bytes.data(), some);
  transfer.bytes.remove_prefix(some);
  return some;
}

// Called about once a second, also while nothing happens; not 0 ends the transfer. The farewell to
// a server that said no has no other limit.
int look_up(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<Transfer*>(of);
  const bool unwanted = transfer.stop.stop_requested() && !transfer.bytes.empty();
  return unwanted || SteadyClock::now() > transfer.due ? 1 : 0;
}

std::size_t drop(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

// Whether the server itself said no; else the connection broke, and what it said last has nothing to do with it.
bool was_answered(CURLcode code) {
  return code == CURLE_SEND_ERROR || code == CURLE_LOGIN_DENIED || code == CURLE_WEIRD_SERVER_REPLY ||
         code == CURLE_REMOTE_ACCESS_DENIED;
}

[[noreturn]] void fail(CURLcode code, long reply, bool stopped) {
  if (code == CURLE_ABORTED_BY_CALLBACK && stopped) throw boost::system::system_error(asio::error::operation_aborted);
  std::string detail = fmt::format("SMTP {} ({})", reply, libcurl().strerror(code));
  if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK)
    throw Error(Fault::timeout, "MAIL_TIMEOUT", "The mail server took too long.").with_detail(std::move(detail));
  if (reply >= 500 && was_answered(code))
    throw Error(Fault::invalid, "MAIL_REFUSED", fmt::format("The mail server refused the mail ({}).", reply))
        .with_detail(std::move(detail));
  throw Error(Fault::unavailable, "MAIL_AWAY", "The mail server cannot be reached or asked for a pause.")
      .with_detail(std::move(detail));
}

// libcurl says QUIT to a connection that it kept open, and would wait two minutes for the answer.
void hurry_farewell(CURL* curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  libcurl().getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
  if (socket != CURL_SOCKET_BAD) ::shutdown(socket, SHUT_RD);
}

using Curl = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

std::string url_of(const SmtpOptions& options) {
  return fmt::format("{}://{}:{}", options.tls == SmtpOptions::Tls::implicit ? "smtps" : "smtp", options.host,
                     options.port);
}

void set_up_connection(CURL* curl, const SmtpOptions& options) {
  libcurl().setopt(curl, CURLOPT_URL, url_of(options).c_str());
  libcurl().setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  libcurl().setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  libcurl().setopt(curl, CURLOPT_NOSIGNAL, 1L);
  libcurl().setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time.count()));
  libcurl().setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.time.count()));
  if (options.tls != SmtpOptions::Tls::none) libcurl().setopt(curl, CURLOPT_USE_SSL, long{CURLUSESSL_ALL});
  if (!options.authorities_file.empty()) libcurl().setopt(curl, CURLOPT_CAINFO, options.authorities_file.c_str());
  if (options.user.empty()) return;
  libcurl().setopt(curl, CURLOPT_USERNAME, options.user.c_str());
  libcurl().setopt(curl, CURLOPT_PASSWORD, options.password.c_str());
}

void transfer(const SmtpOptions& options, const Letter& letter, std::stop_token stop) {
  const std::string bytes = compose(letter);
  const std::string from = '<' + letter.from.address + '>', to = '<' + letter.to.address + '>';
  Transfer transfer{bytes, std::move(stop), SteadyClock::now() + options.time};  // outlives the farewell
  const Curl curl(libcurl().init(), libcurl().cleanup);
  const CurlList recipients(libcurl().append(nullptr, to.c_str()), libcurl().free_all);
  if (!curl || !recipients) throw std::bad_alloc();
  set_up_connection(curl.get(), options);
  libcurl().setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
  libcurl().setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  libcurl().setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  libcurl().setopt(curl.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
  libcurl().setopt(curl.get(), CURLOPT_READFUNCTION, &give);
  libcurl().setopt(curl.get(), CURLOPT_READDATA, &transfer);
  libcurl().setopt(curl.get(), CURLOPT_WRITEFUNCTION, &drop);
  libcurl().setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &look_up);
  libcurl().setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  libcurl().setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  const CURLcode code = libcurl().perform(curl.get());
  hurry_farewell(curl.get());
  long reply = 0;
  libcurl().getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
  if (code != CURLE_OK) fail(code, reply, transfer.stop.stop_requested());
}

}  // namespace

Task<void> Smtp::send(Letter letter) {
  auto is_out = std::make_shared<std::atomic<bool>>(false);
  auto work = [options = options_, letter = std::move(letter), is_out](std::stop_token stop) {
    transfer(options, letter, std::move(stop));
    return is_out->exchange(true);
  };
  const auto outcome = co_await settle(run_stoppable(pool_, std::move(work)));
  // A cancel that came too late is none.
  if (!outcome && !*is_out) std::rethrow_exception(outcome.error());
}

}  // namespace odeon::notify
