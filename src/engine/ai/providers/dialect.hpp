// How a provider of text says what we say: pure translation, there and back. Who speaks it to whom, over which
// address and with which key, is RemoteText's business (remote_text.hpp). Implementations are stateless and
// thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/ai/text_stream.hpp"
#include "engine/http/message.hpp"

namespace odeon::ai {

// What a model can, as far as it changes how it is asked.
struct ModelTraits {
  std::string id;               // as the provider calls it
  bool thinks = false;          // it reasons before it speaks: takes an effort, and no temperature
  bool classic_limit = false;   // max_tokens, also where newer models want max_completion_tokens
  std::int64_t max_output = 0;  // tokens; 0: unknown
};

struct WireRequest {
  std::string path;       // below the provider's base address, from its first slash; may have a query
  http::Headers headers;  // beside the credentials and the content type
  std::string body;       // JSON
};

// Reads an answer that streams. Fed with the bytes in any slices.
class StreamTranslator {
 public:
  virtual ~StreamTranslator() = default;
  // Appends what `bytes` completed, Finished included, once. Throws Error (FailedAfterUse once anything was counted)
  // for an error that the provider sends in between, and for what cannot be read. What follows the end is ignored.
  virtual void take(std::string_view bytes, TextEvents& events) = 0;
  // The provider has closed the stream: appends Finished where its dialect ends that way, else throws
  // FailedAfterUse{upstream, "STREAM_CUT"}. After Finished, does nothing.
  virtual void end(TextEvents& events) = 0;
  // Counted so far.
  virtual Usage used() const = 0;
};

class TextDialect {
 public:
  virtual ~TextDialect() = default;
  // Throws Error{invalid} for what the dialect has no way to say and what would change the answer if it were left out.
  virtual WireRequest write(const TextRequest& request, const ModelTraits& model, bool streamed) const = 0;
  // An answer with a status of success. Throws Error as provider_errors.hpp has them, FailedAfterUse once tokens were
  // counted. `model` of the reply stays empty.
  virtual TextReply read(std::string_view body, const std::string& provider) const = 0;
  virtual std::unique_ptr<StreamTranslator> translator(const std::string& provider) const = 0;
  // Where what is thought counts as part of the answer's limit: so many tokens `write` adds to that of the request,
  // as far as the model can write them.
  virtual int room_to_think(const TextRequest&, const ModelTraits&) const { return 0; }
  // Of an answer that streams: what must stand in Content-Type, up to its parameters.
  virtual std::string_view stream_type() const { return "text/event-stream"; }
};

}  // namespace odeon::ai
