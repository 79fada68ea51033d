#include "engine/http/client_connection.hpp"

#include "engine/http/client_connect.hpp"
#include "engine/http/client_errors.hpp"

namespace odeon::http::client {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kHeadRead = 4096;

}  // namespace

Task<std::unique_ptr<Connection>> Connection::open(Target target, const TlsContext& trusted,
                                                   const AddressFilter& may_connect, std::chrono::milliseconds limit) {
  const auto due = SteadyClock::now() + limit;
  auto connection =
      std::make_unique<Connection>(co_await connect(target.host, target.port, due, may_connect), target.origin);
  if (!target.tls) co_return connection;

  connection->deadline_.set(
      std::max(std::chrono::ceil<std::chrono::milliseconds>(due - SteadyClock::now()), std::chrono::milliseconds(1)));
  boost::system::error_code failure;
  try {
    co_await connection->wire_.secure(trusted, target.host);
  } catch (const boost::system::system_error& error) {
    failure = error.code();
  }
  if (connection->deadline_.expired()) throw timed_out("TLS handshake with " + target.origin);
  if (failure) throw boost::system::system_error(failure);
  co_return connection;
}

Connection::Connection(asio::ip::tcp::socket socket, std::string origin)
    : origin_(std::move(origin)), wire_(std::move(socket)), deadline_(wire_.executor(), [this] { wire_.close(); }) {}

void Connection::begin(Method asked, std::size_t max_head_bytes) {
  asked_ = asked;
  max_head_bytes_ = max_head_bytes;
  interim_bytes_ = searched_ = filled_ = used_ = 0;
}

// A failure is a timeout, a cancellation (passed on) or a reason in `lost_because_`, and then 0 as at the end of the
// stream.
std::size_t Connection::received(const Wire::Read& read) {
  if (read.bytes > 0) return read.bytes;
  if (deadline_.expired()) throw timed_out("waiting for " + origin_);
  if (read.failure == asio::error::operation_aborted) throw boost::system::system_error(read.failure);
  lost_because_ = read.failure;
  return 0;
}

// Whether the final answer's header is here; interim answers before it are dropped.
bool Connection::find_head() {
  while (auto size = head_size({received_.data(), filled_}, searched_)) {
    interim_bytes_ += *size;
    if (interim_bytes_ > max_head_bytes_) throw bad_answer("HEADER_TOO_LARGE", origin_ + ": header beyond the limit");
    AnswerHead head = parse_head({received_.data(), *size}, asked_);
    if (head.status == 101) throw bad_answer("BAD_ANSWER", origin_ + ": switched protocols unasked");
    searched_ = 0;
    if (head.status >= 200) {
      used_ = *size;
      head_ = std::move(head);
      return true;
    }
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(*size));
    filled_ -= *size;
  }
  searched_ = filled_ < 2 ? 0 : filled_ - 2;  // the empty line may be split
  if (interim_bytes_ + filled_ >= max_head_bytes_)
    throw bad_answer("HEADER_TOO_LARGE", origin_ + ": header beyond the limit");
  return false;
}

Task<bool> Connection::await_head() {
  while (!head_ && !find_head()) {
    received_.resize(filled_ + kHeadRead, boost::container::default_init);
    const std::size_t count = received(co_await wire_.read_some(std::span(received_).subspan(filled_)));
    filled_ += count;
    if (count > 0) continue;
    if (filled_ == 0 && interim_bytes_ == 0) co_return false;
    throw bad_answer("TRUNCATED_ANSWER", origin_ + ": ended within the header");
  }
  co_return true;
}

AnswerHead Connection::take_head() {
  release_received();
  return std::move(*std::exchange(head_, std::nullopt));
}

// Gives the memory back while the stream goes on: 4 KB for each of thousands of streams.
void Connection::release_received() {
  if (has_surplus()) return;
  decltype(received_)().swap(received_);  // an assignment would keep the capacity
  filled_ = used_ = 0;
}

std::size_t Connection::take_received(std::span<char> into) {
  if (!has_surplus()) return 0;
  const std::size_t count = std::min(into.size(), filled_ - used_);
  std::copy_n(received_.data() + used_, count, into.data());
  used_ += count;
  release_received();
  return count;
}

std::size_t Connection::bytes_of_body(const Wire::Read& read) {
  const std::size_t count = received(read);
  if (count == 0 && lost_because_ != asio::error::eof) throw bad_answer("TRUNCATED_ANSWER", lost_because());
  return count;
}

}  // namespace odeon::http::client
