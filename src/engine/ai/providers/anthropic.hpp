// Anthropic's Messages API: POST /v1/messages (platform.claude.com/docs/en/api/messages, and the types of
// @anthropic-ai/sdk 1.14).
#pragma once

#include <string>

#include "engine/ai/providers/dialect.hpp"

namespace odeon::ai {

class Anthropic final : public TextDialect {
 public:
  // Both are alive, and answer alike. From the second on nothing may be said about temperature, top_p and top_k: so a
  // request that has something to say about them, to a model that takes it, is of the first.
  static constexpr std::string_view kFirstVersion = "2023-06-01", kSecondVersion = "2026-10-21";

  WireRequest write(const TextRequest& request, const ModelTraits& model, bool streamed) const override;
  TextReply read(std::string_view body, const std::string& provider) const override;
  std::unique_ptr<StreamTranslator> translator(const std::string& provider) const override;
  int room_to_think(const TextRequest& request, const ModelTraits& model) const override;
};

}  // namespace odeon::ai
