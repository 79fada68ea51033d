// Anthropic's Message Batches (platform.claude.com/docs/en/build-with-claude/batch-processing, and the types of
// @anthropic-ai/sdk 1.14):
//   POST /v1/messages/batches, GET /v1/messages/batches/{id}, GET …/{id}/results, POST …/{id}/cancel
#pragma once

#include "engine/ai/providers/batch_wire.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it. `provider` speaks Anthropic's dialect.
class AnthropicBatch final : public BatchModel {
 public:
  AnthropicBatch(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider, ModelTraits model);
  std::string name() const override;
  Task<std::string> submit(std::vector<TextRequest> requests) override;
  Task<BatchLook> look(BatchTicket ticket) override;
  Task<void> cancel(std::string id) override;
  std::int64_t room_to_think(const TextRequest& request) const override {
    return provider_->dialect->room_to_think(request, model_);
  }

 private:
  ProviderCall call(http::Method method, std::string_view path) const;
  TextReply read(const boost::json::object& line) const;

  http::Client& client_;
  const Clock& clock_;
  std::shared_ptr<const Provider> provider_;
  ModelTraits model_;
};

}  // namespace odeon::ai
