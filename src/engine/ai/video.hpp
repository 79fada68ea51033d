// Video as a capability: words, and a picture to begin with, in; a short film out. It takes minutes: whoever asks does
// so in a job.
#pragma once

#include <optional>
#include <string>

#include "engine/ai/text.hpp"

namespace odeon::ai {

struct VideoRequest {
  std::string prompt;
  int width = 1280, height = 720;    // the shape; models have sizes of their own
  double seconds = 5;                // about; models have lengths of their own
  std::optional<Picture> beginning;  // its first picture, with bytes; only for models that take one
  std::string model;           // a name of the catalogue or "provider/model", to insist on it; empty: the gateway picks
  TraceContext trace;          // of whoever asks; a model is given the place of its own attempt
  std::string task = "video";  // or "chat.video", for metrics and the ledger
  Payer payer;
};

struct Video {
  std::string media_type;  // video/mp4
  std::string bytes;       // the whole file, as the model made it
  double seconds = 0;      // 0: unknown
  std::string model;
  Usage usage;  // counts its seconds
};

class VideoModel {
 public:
  virtual ~VideoModel() = default;
  virtual std::string name() const = 0;  // "fal/fal-ai/kling-video/v1.6/standard/text-to-video"
  virtual bool takes_beginning() const = 0;
  // Failures are Errors, as TextModel has them. Cancelling it cancels the work at the provider, where it can.
  virtual Task<Video> film(VideoRequest request) = 0;
};

}  // namespace odeon::ai
