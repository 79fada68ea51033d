#include "engine/http/request_body.hpp"

#include <cstring>

namespace odeon::http {
namespace {

constexpr std::size_t kReadSize = 16 * 1024;

Error error_of(const Refusal& refusal) {
  const std::string reason(refusal.reason);
  if (refusal.status == 413) return Error(Fault::too_large, "TOO_LARGE", reason);
  if (refusal.status == 408) return Error(Fault::slow_request, "SLOW_REQUEST", reason);
  return Error(Fault::invalid, "BROKEN_BODY", reason);
}

}  // namespace

RequestBody::RequestBody(Connection& connection, const Head& head)
    : connection_(connection),
      chunked_(head.chunked),
      expects_continue_(head.expects_continue),
      done_(!head.chunked && head.length == 0),
      left_(head.length),
      limit_(connection.loop().options().max_body_bytes) {}

void RequestBody::fail(Refusal refusal) {
  refusal_ = refusal;
  throw error_of(refusal);
}

void RequestBody::begin() {
  if (refusal_) fail(*refusal_);
  if (begun_ || done_) return;
  begun_ = true;
  if (!chunked_ && left_ > limit_) fail({413, "The body is too large."});
  auto& loop = connection_.loop();
  deadline_ = loop.tick_in(loop.options().body_time);
  // Whoever sends the body without having been told to needs no telling.
  if (!connection_.input().empty()) expects_continue_ = false;
}

// Takes from the input what is there, of data and of framing; 0 when more input is needed or at the end.
std::size_t RequestBody::take(std::span<char> into) {
  const std::string_view input = connection_.input();
  ChunkedDecoder::Step step;
  if (chunked_) {
    step = decoder_.decode(input, into.size());
    if (decoder_.state() == ChunkedDecoder::State::broken) fail({400, "The chunked body is broken."});
    done_ = decoder_.state() == ChunkedDecoder::State::done;
    if (taken_ + step.data.size() > limit_) fail({413, "The body is too large."});
  } else {
    const std::uint64_t room = std::min(input.size(), into.size());
    step.taken = static_cast<std::size_t>(std::min(left_, room));
    step.data = input.substr(0, step.taken);
    left_ -= step.taken;
    done_ = left_ == 0;
  }
  if (!step.data.empty()) std::memcpy(into.data(), step.data.data(), step.data.size());
  taken_ += step.data.size();
  connection_.consume(step.taken);
  return step.data.size();
}

std::optional<std::size_t> RequestBody::read_now(std::span<char> into) {
  begin();
  const std::size_t count = done_ ? 0 : take(into);
  return count > 0 || done_ ? std::optional(count) : std::nullopt;
}

Task<std::size_t> RequestBody::read(std::span<char> into) {
  begin();
  if (std::exchange(expects_continue_, false) && !done_) {
    connection_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
    co_await connection_.write();
  }
  while (!done_) {
    if (const std::size_t count = take(into)) co_return count;
    if (done_) break;
    auto& loop = connection_.loop();
    connection_.set_deadline(slow_ ? loop.tick_in(loop.options().idle_time) : deadline_);
    switch (co_await connection_.fill(kReadSize)) {
      case Connection::Fill::bytes:
        break;
      case Connection::Fill::end:
        fail({400, "The body ended early."});
      case Connection::Fill::expired:
        fail({408, "The body took too long."});
    }
  }
  co_return 0;
}

Task<bool> RequestBody::drain() {
  constexpr std::uint64_t little = 256 * 1024;
  if (refusal_ || expects_continue_) co_return false;
  if (!chunked_ && left_ > little) co_return false;
  limit_ = taken_ + little;
  slow_ = false;
  std::array<char, 4096> buffer;
  try {
    while (co_await read(buffer) > 0) continue;
  } catch (const Error&) {
    co_return false;
  }
  co_return true;
}

}  // namespace odeon::http
