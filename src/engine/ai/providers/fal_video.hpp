// Video by fal.ai: Kling (fal.ai/models/fal-ai/kling-video/v2.6/pro/text-to-video/api), without sound.
#pragma once

#include "engine/ai/providers/fal_queue.hpp"
#include "engine/ai/video.hpp"

namespace odeon::ai {

// `client` and `clock` outlive it.
class FalVideo final : public VideoModel {
 public:
  // An endpoint whose name ends in "text-to-video" has one beside it that ends in "image-to-video".
  FalVideo(http::Client& client, Clock& clock, FalOptions options, std::string endpoint);
  std::string name() const override { return "fal/" + endpoint_; }
  bool takes_beginning() const override;
  Task<Video> film(VideoRequest request) override;

 private:
  FalQueue queue_;
  std::string endpoint_;
};

}  // namespace odeon::ai
