// An answer on its way from the gateway to a client: what one read of the provider's brought is one write.
#pragma once

#include <memory>

#include "engine/ai/gateway.hpp"
#include "engine/http/message.hpp"
#include "products/chat/told.hpp"

namespace odeon::chat {

// Whatever ends it other than the answer's own end is told as the last event. A client that goes away ends the call.
Task<void> relay(ai::StreamedReply answer, std::unique_ptr<AnswerTeller> teller, http::BodyWriter& body);

}  // namespace odeon::chat
