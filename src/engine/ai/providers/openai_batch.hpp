// OpenAI's Batch API, for chat completions (platform.openai.com/docs/api-reference/batch, and the types of
// openai 6.49):
//   POST {base}/files, POST {base}/batches, GET {base}/batches/{id}, GET {base}/files/{id}/content
#pragma once

#include "engine/ai/providers/batch_wire.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it. `provider` speaks OpenAiChat, below an address with a version (openai_base).
class OpenAiBatch final : public BatchModel {
 public:
  OpenAiBatch(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider, ModelTraits model);
  std::string name() const override;
  Task<std::string> submit(std::vector<TextRequest> requests) override;
  Task<BatchLook> look(BatchTicket ticket) override;
  Task<void> cancel(std::string id) override;

 private:
  Task<std::vector<BatchAnswer>> answers(boost::json::object batch, BatchAnswers collected);
  TextReply read(const boost::json::object& line) const;

  http::Client& client_;
  const Clock& clock_;
  std::shared_ptr<const Provider> provider_;
  ModelTraits model_;
};

}  // namespace odeon::ai
