// Pictures by fal.ai: Flux (fal.ai/models/fal-ai/flux/dev/api), and its kin that goes by pictures
// (fal.ai/models/fal-ai/flux-pro/kontext/api).
#pragma once

#include "engine/ai/image.hpp"
#include "engine/ai/providers/fal_queue.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class FalImages final : public ImageModel {
 public:
  // An endpoint that goes by references has two beside it, for none and for many.
  enum class References { none, some };
  FalImages(http::Client& client, Clock& clock, FalOptions options, std::string endpoint, References references);
  std::string name() const override { return "fal/" + endpoint_; }
  bool takes_references() const override { return references_ == References::some; }
  int at_once() const override;
  // What fal itself found indecent is left out; if that is all of them, it is a refusal (kDeclined).
  Task<Images> draw(ImageRequest request) override;

 private:
  Task<std::vector<Picture>> fetch(boost::json::object result, TraceContext trace);

  FalQueue queue_;
  std::string endpoint_;
  References references_;
};

}  // namespace odeon::ai
