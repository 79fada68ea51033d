// Amazon Bedrock's Converse API, which speaks to models of many makers: POST /model/{id}/converse, and …-stream, whose
// answer is an event stream of AWS's (aws_event_stream.hpp). After the types of @aws-sdk/client-bedrock-runtime. The
// base address names the region: https://bedrock-runtime.{region}.amazonaws.com.
#pragma once

#include "engine/ai/providers/dialect.hpp"

namespace odeon::ai {

class Bedrock final : public TextDialect {
 public:
  // Pictures have to be sent along: it fetches none.
  WireRequest write(const TextRequest& request, const ModelTraits& model, bool streamed) const override;
  TextReply read(std::string_view body, const std::string& provider) const override;
  std::unique_ptr<StreamTranslator> translator(const std::string& provider) const override;
  int room_to_think(const TextRequest& request, const ModelTraits& model) const override;
  std::string_view stream_type() const override { return "application/vnd.amazon.eventstream"; }
};

}  // namespace odeon::ai
