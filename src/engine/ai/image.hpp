// Images as a capability: words, and pictures to go by, in; pictures out. Models have sizes of their own: the answer
// has about the shape that was asked for, and whoever needs exact pixels crops and scales.
#pragma once

#include <string>
#include <vector>

#include "engine/ai/text.hpp"

namespace odeon::ai {

// How much care a model takes, and its manner, where it has a choice of them.
enum class ImageQuality { usual, low, medium, high };
enum class ImageStyle { usual, natural };  // less dramatic than it would be

struct ImageRequest {
  std::string prompt;
  int width = 1024, height = 1024;             // the shape
  int count = 1;                               // 1–4; of a model, as many as it makes at once
  std::vector<Picture> references;             // with bytes; only for models that take them
  bool transparent = false;                    // behind the subject, where the model can
  ImageQuality quality = ImageQuality::usual;  // another: only for models that have some
  ImageStyle style = ImageStyle::usual;        // likewise
  std::string model;           // a name of the catalogue or "provider/model", to insist on it; empty: the gateway picks
  TraceContext trace;          // of whoever asks; a model is given the place of its own attempt
  std::string task = "image";  // or "chat.image", for metrics and the ledger
  Payer payer;
};

struct Images {
  std::vector<Picture> pictures;  // at least one; fewer than were wanted where some of several calls failed
  std::string model;
  Usage usage;
};

// What a request uses at most, be it paid by the picture or by the token.
Usage most_of(const ImageRequest& request);

class ImageModel {
 public:
  virtual ~ImageModel() = default;
  virtual std::string name() const = 0;  // "openai/gpt-image-1"
  virtual bool takes_references() const = 0;
  virtual bool has_qualities() const { return false; }
  virtual bool has_styles() const { return false; }
  // Pictures of one call at most: whoever wants more of them calls more often.
  virtual int at_once() const { return 1; }
  // Failures are Errors, as TextModel has them.
  virtual Task<Images> draw(ImageRequest request) = 0;
};

}  // namespace odeon::ai
