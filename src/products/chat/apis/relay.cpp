#include "products/chat/apis/relay.hpp"

#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

// What a client is told of it. A break in the middle that nobody named is not one of the answer's ends: it cuts the
// stream.
Error error_of(std::exception_ptr failure) {
  if (is_cancellation(failure)) return told_of(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

Task<void> relay(ai::StreamedReply answer, std::unique_ptr<AnswerTeller> teller, http::BodyWriter& body) {
  for (;;) {
    const auto events = co_await settle(answer.events->next());
    std::string out;  // nothing is kept while nothing comes
    if (!events) {
      teller->fail(error_of(events.error()), out);
      // Cancelled because the server stops, the client may still be there to hear it.
      co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
      co_return co_await body.write(out);
    }
    if (events->empty()) co_return;
    teller->take(*events, out);
    co_await body.write(out);
  }
}

}  // namespace odeon::chat
