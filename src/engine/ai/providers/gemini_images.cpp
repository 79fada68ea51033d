#include "engine/ai/providers/gemini_images.hpp"

#include "engine/ai/providers/gemini_answer.hpp"
#include "engine/ai/providers/gemini_contents.hpp"
#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 64 << 20;
constexpr Shape kRatios[] = {{1, 1}, {2, 3}, {3, 2}, {3, 4}, {4, 3}, {4, 5}, {5, 4}, {9, 16}, {16, 9}, {21, 9}};
constexpr int kOneK = 1'408, kTwoK = 2'816;  // the longer side, where less would have to be blown up much

bj::object picture_config(const ImageRequest& request, std::string_view model) {
  bj::object config{{"aspectRatio", ratio_of(nearest_shape(request.width, request.height, kRatios))}};
  const int longer = std::max(request.width, request.height);
  if (is_gemini_3(model) && longer > kOneK) config["imageSize"] = longer > kTwoK ? "4K" : "2K";
  return config;
}

std::string order_of(ImageRequest request, std::string_view model) {
  Message message(MessageRole::user, std::move(request.prompt));
  for (auto& picture : request.references) message.parts.emplace_back(std::move(picture));
  GeminiContents contents({});
  contents.add(message);
  bj::object body;
  std::move(contents).put_into(body);
  body["generationConfig"] =
      bj::object{{"responseModalities", bj::array{"TEXT", "IMAGE"}}, {"imageConfig", picture_config(request, model)}};
  return bj::serialize(body);
}

// What the model drew, and not what it sketched while it thought: the last is the best.
std::optional<Picture> picture_in(const bj::value* candidate) {
  std::optional<Picture> picture;
  for (const auto& part : wire::list_of(member(candidate, "content", "parts"))) {
    const auto* thought = member(&part, "thought");
    if (thought != nullptr && *thought == bj::value(true)) continue;
    if (auto drawn = picture_of_base64(wire::text_of(member(&part, "inlineData", "data")))) picture = std::move(drawn);
  }
  return picture;
}

}  // namespace

GeminiImages::GeminiImages(http::Client& client, const Clock& clock, GeminiOptions options, std::string model)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)) {}

Task<Images> GeminiImages::draw(ImageRequest request) {
  ProviderCall call = gemini_call(options_, model_, "generateContent", request.trace);
  call.at_risk = picture_in_tokens(request);
  call.body = order_of(std::move(request), model_);
  call.max_answer = kMaxAnswer;
  const auto answer =
      wire::object_of((co_await call_provider(client_, clock_, std::move(call))).body, options_.provider);
  if (const auto* error = member(answer, "error")) throw error_in_answer(*error, options_.provider);

  GeminiCounts counts;
  counts.take(member(answer, "usageMetadata"));
  Usage used = counts.usage();
  const auto& candidates = wire::list_of(member(answer, "candidates"));
  const auto* candidate = candidates.empty() ? nullptr : &candidates.front();
  if (auto picture = picture_in(candidate)) {
    used.images = 1;
    // Where the output is not told apart, it is the picture.
    if (used.output_image_tokens == 0) used.output_image_tokens = used.output_tokens - used.reasoning_tokens;
    co_return Images{{std::move(*picture)}, name(), used};
  }
  const std::string reason(wire::text_of(member(candidate, "finishReason")));
  if (is_blocked(answer) || is_withheld(reason) || reason == "STOP") throw FailedAfterUse(declined(), used);
  throw FailedAfterUse(unusable("NO_PICTURE", options_.provider, stopped_early(reason, options_.provider).detail),
                       used);
}

}  // namespace odeon::ai
