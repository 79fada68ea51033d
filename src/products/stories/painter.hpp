// Pictures for stories: by a model that draws where one is set up, else by hand. Always PNG, square and of the size
// that was asked for.
#pragma once

#include <functional>

#include "base/log.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::stories {

// What drew a picture that no model drew.
inline constexpr std::string_view kDrawnByHand = "odeon-offline/storybook";

struct PictureWish {
  std::string prompt;
  std::vector<std::string> references;  // PNG: pictures to match, for models that take them
  int side = 1024;                      // pixels
};

struct PictureDrawn {
  std::string png;
  std::string model;
  std::string generation_id;
};

class Painter {
 public:
  struct Rooms {
    ai::Gateway& gateway;
    ThreadPool& pool;
    Log& log;
    const Clock& clock;
  };
  explicit Painter(Rooms rooms) : rooms_(rooms) {}

  // `by_hand` gives a PNG, without a loop. It is also what stands in for a model that fails or declines.
  Task<PictureDrawn> draw(PictureWish wish, std::function<std::string()> by_hand, ai::Payer payer, TraceContext trace);
  bool has_model() const { return !rooms_.gateway.names(ai::ModelKind::image).empty(); }

 private:
  Task<PictureDrawn> by_model(PictureWish wish, ai::Payer payer, TraceContext trace);

  Rooms rooms_;
};

}  // namespace odeon::stories
