#include "products/stories/painter.hpp"

#include "base/ids.hpp"
#include "products/stories/by_hand.hpp"
#include "products/stories/made.hpp"

namespace odeon::stories {

Task<PictureDrawn> Painter::draw(PictureWish wish, std::function<std::string()> by_hand, ai::Payer payer,
                                 TraceContext trace) {
  if (has_model()) {
    auto drawn = co_await settle(by_model(std::move(wish), std::move(payer), trace));
    if (drawn) co_return std::move(*drawn);
    if (is_cancellation(drawn.error())) std::rethrow_exception(drawn.error());
    rooms_.log.warning("stories.drawn_by_hand", {{"reason", describe(drawn.error())}});
  }
  PictureDrawn drawn{.model = std::string(kDrawnByHand), .generation_id = new_id("gen", rooms_.clock)};
  drawn.png = co_await run_blocking(rooms_.pool, std::move(by_hand));
  co_return drawn;
}

Task<PictureDrawn> Painter::by_model(PictureWish wish, ai::Payer payer, TraceContext trace) {
  ai::ImageRequest request{.prompt = std::move(wish.prompt),
                           .width = wish.side,
                           .height = wish.side,
                           .references = {},
                           .model = "",
                           .trace = trace,
                           .task = task_of(kImageMade),
                           .payer = std::move(payer)};
  for (auto& bytes : wish.references) request.references.push_back({"image/png", std::move(bytes), ""});
  auto images = co_await rooms_.gateway.draw(std::move(request));
  PictureDrawn drawn{.model = std::move(images.model), .generation_id = new_id("gen", rooms_.clock)};
  drawn.png = co_await run_blocking(rooms_.pool, [bytes = std::move(images.pictures.front().bytes), side = wish.side] {
    return square_png(bytes, side);
  });
  co_return drawn;
}

}  // namespace odeon::stories
