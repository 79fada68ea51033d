#include "engine/ai/providers/openrouter_images.hpp"

#include "engine/ai/providers/openai_chat_messages.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 128 << 20;
constexpr Shape kRatios[] = {{1, 1}, {2, 3}, {3, 2}, {3, 4}, {4, 3}, {4, 5}, {5, 4}, {9, 16}, {16, 9}, {21, 9}};

std::vector<Picture> pictures_in(const bj::value* message) {
  std::vector<Picture> pictures;
  for (const auto& each : wire::list_of(member(message, "images"))) {
    const auto url = wire::text_of(member(&each, "image_url", "url"));
    if (auto picture = picture_of_data_url(url))
      pictures.push_back(std::move(*picture));
    else if (url.starts_with("https://"))
      pictures.push_back({.media_type = "", .bytes = "", .url = std::string(url)});
  }
  return pictures;
}

}  // namespace

OpenRouterImages::OpenRouterImages(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                                   Answers answers)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), answers_(answers) {}

std::string OpenRouterImages::order_of(ImageRequest request) const {
  const Shape ratio = nearest_shape(request.width, request.height, kRatios);
  std::vector<Message> messages{{MessageRole::user, std::move(request.prompt)}};
  for (auto& picture : request.references) messages.front().parts.emplace_back(std::move(picture));
  bj::array modalities{"image"};
  if (answers_ == Answers::pictures_and_text) modalities.emplace_back("text");
  std::string body;
  wire::ObjectWriter order(body);
  order.add("model", model_);
  write_openai_messages(order.member("messages"), messages, openai_flavours::kOpenRouter, {.id = model_});
  order.add("modalities", modalities);
  order.add("image_config", bj::object{{"aspect_ratio", ratio_of(ratio)}});
  order.close();
  return body;
}

Task<Images> OpenRouterImages::draw(ImageRequest request) {
  if (!takes_references() && !request.references.empty())
    throw Error(Fault::invalid, "PICTURE_NOT_POSSIBLE", "This AI model takes no pictures.");
  ProviderCall call = openai_call(options_, "/chat/completions", request.trace);
  call.at_risk = picture_in_tokens(request);
  call.body = order_of(std::move(request));
  call.max_answer = kMaxAnswer;
  const auto answer = openai_object(co_await call_provider(client_, clock_, std::move(call)), options_.provider);

  Usage used = openai_usage(member(answer, "usage"));
  const auto& choices = wire::list_of(member(answer, "choices"));
  const auto* choice = choices.empty() ? nullptr : &choices.front();
  if (const auto* error = member(choice, "error"))
    throw FailedAfterUse(error_in_answer(*error, options_.provider), used);
  Images drawn{.pictures = pictures_in(member(choice, "message")), .model = name(), .usage = used};
  drawn.usage.images = std::ssize(drawn.pictures);
  if (drawn.usage.output_image_tokens == 0)
    drawn.usage.output_image_tokens = used.output_tokens - used.reasoning_tokens;
  if (!drawn.pictures.empty()) co_return drawn;
  // Words instead of a picture are a refusal.
  const bool spoke = !wire::text_of(member(choice, "message", "content")).empty() ||
                     wire::text_of(member(choice, "finish_reason")) == "content_filter";
  throw FailedAfterUse(spoke ? declined() : unusable("NO_PICTURE", options_.provider, "no picture"), used);
}

}  // namespace odeon::ai
