// Images as OpenAI has them, and servers after it:  POST {base}/images/generations, or /images/edits with pictures to
// go by, as a form
#pragma once

#include "engine/ai/image.hpp"
#include "engine/ai/providers/openai_call.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class OpenAiImages final : public ImageModel {
 public:
  enum class Kind {
    gpt_image,  // base64 always, references, transparency, three qualities
    dall_e,     // one picture a call, wider shapes, two qualities (`hd` is high), two styles
  };
  OpenAiImages(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model, Kind kind);
  std::string name() const override;
  bool takes_references() const override { return kind_ == Kind::gpt_image; }
  int at_once() const override { return kind_ == Kind::gpt_image ? 4 : 1; }
  bool has_qualities() const override { return true; }
  bool has_styles() const override { return kind_ == Kind::dall_e; }
  Task<Images> draw(ImageRequest request) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  OpenAiOptions options_;
  std::string model_;
  Kind kind_;
};

}  // namespace odeon::ai
