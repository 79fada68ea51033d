#include "engine/ai/providers/openai_images.hpp"

#include "engine/ai/providers/multipart_form.hpp"
#include "engine/ai/providers/openai_usage.hpp"
#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxAnswer = 128 << 20;  // four pictures in base64

constexpr Shape kGptImage[] = {{1024, 1024}, {1536, 1024}, {1024, 1536}};
constexpr Shape kDallE[] = {{1024, 1024}, {1792, 1024}, {1024, 1792}};

// Of the sizes that there are, the one of the nearest shape.
std::string size_for(const ImageRequest& request, std::span<const Shape> sizes) {
  const Shape best = nearest_shape(request.width, request.height, sizes);
  return fmt::format("{}x{}", best.width, best.height);
}

// Empty: what is usual.
std::string_view quality_for(ImageQuality quality, OpenAiImages::Kind kind) {
  const bool dall_e = kind == OpenAiImages::Kind::dall_e;
  switch (quality) {
    case ImageQuality::usual:
      return "";
    case ImageQuality::low:
      return dall_e ? "standard" : "low";
    case ImageQuality::medium:
      return dall_e ? "standard" : "medium";
    case ImageQuality::high:
      return dall_e ? "hd" : "high";
  }
  return "";
}

std::vector<Picture> pictures_of(const bj::value* data) {
  std::vector<Picture> pictures;
  for (const auto& each : wire::list_of(data)) {
    const auto url = wire::text_of(member(&each, "url"));
    if (auto picture = picture_of_base64(wire::text_of(member(&each, "b64_json"))))
      pictures.push_back(std::move(*picture));
    else if (url.starts_with("https://"))
      pictures.push_back({.media_type = "", .bytes = "", .url = std::string(url)});
  }
  return pictures;
}

Usage usage_of(const bj::object& answer, std::size_t count) {
  Usage used = openai_usage(member(answer, "usage"));
  used.images = static_cast<std::int64_t>(count);
  // Where the output is not told apart, it is pictures.
  if (used.output_image_tokens == 0) used.output_image_tokens = used.output_tokens;
  return used;
}

}  // namespace

OpenAiImages::OpenAiImages(http::Client& client, const Clock& clock, OpenAiOptions options, std::string model,
                           Kind kind)
    : client_(client), clock_(clock), options_(std::move(options)), model_(std::move(model)), kind_(kind) {}

std::string OpenAiImages::name() const {
  return options_.provider + "/" + model_;
}

Task<Images> OpenAiImages::draw(ImageRequest request) {
  const bool dall_e = kind_ == Kind::dall_e;
  if (dall_e && !request.references.empty())
    throw Error(Fault::invalid, "PICTURE_NOT_POSSIBLE", "This AI model takes no pictures.");
  request.count = std::clamp(request.count, 1, at_once());
  std::vector<std::pair<std::string, std::string>> fields{
      {"model", model_},
      {"prompt", request.prompt},
      {"size", dall_e ? size_for(request, kDallE) : size_for(request, kGptImage)}};
  if (dall_e) fields.emplace_back("response_format", "b64_json");
  if (const auto quality = quality_for(request.quality, kind_); !quality.empty())
    fields.emplace_back("quality", quality);
  if (dall_e && request.style == ImageStyle::natural) fields.emplace_back("style", "natural");
  if (!dall_e && request.transparent) fields.emplace_back("background", "transparent");

  ProviderCall call;
  if (request.references.empty()) {
    bj::object body{{"n", request.count}};
    for (const auto& [name, value] : fields) body[name] = value;
    call = openai_call(options_, "/images/generations", request.trace);
    call.body = bj::serialize(body);
  } else {
    MultipartForm form;
    form.field("n", std::to_string(request.count));
    for (const auto& [name, value] : fields) form.field(name, value);
    for (const auto& picture : request.references) form.file("image[]", "reference", picture.media_type, picture.bytes);
    call = openai_call(options_, "/images/edits", request.trace);
    call.content_type = form.content_type();
    call.body = std::move(form).finish();
  }
  call.max_answer = kMaxAnswer;
  call.at_risk = most_of(request);
  const auto answer = openai_object(co_await call_provider(client_, clock_, std::move(call)), options_.provider);

  Images drawn{.pictures = pictures_of(member(answer, "data")), .model = name(), .usage = {}};
  drawn.usage = usage_of(answer, drawn.pictures.size());
  if (drawn.pictures.empty())
    throw FailedAfterUse(unusable("NO_PICTURE", options_.provider, "no picture"), drawn.usage);
  co_return drawn;
}

}  // namespace odeon::ai
