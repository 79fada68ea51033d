#include "engine/ai/providers/fal_images.hpp"

#include <cmath>

#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;

constexpr std::size_t kMaxPicture = 32 << 20;
constexpr int kMostPictures = 4;
// Prices are by the megapixel begun: one is what is drawn.
constexpr double kPixels = 1024.0 * 1024.0;
constexpr int kStep = 32, kShortest = 256, kLongest = 1'440;
constexpr Shape kRatios[] = {{21, 9}, {16, 9}, {4, 3}, {3, 2}, {1, 1}, {2, 3}, {3, 4}, {9, 16}, {9, 21}};

int side(double pixels) {
  return std::clamp(static_cast<int>(pixels) / kStep * kStep, kShortest, kLongest);
}

bj::object size_for(const ImageRequest& request) {
  const double width = std::clamp(request.width, 1, 100'000), height = std::clamp(request.height, 1, 100'000);
  const double shrink = std::min(1.0, std::sqrt(kPixels / (width * height)));
  return {{"width", side(width * shrink)}, {"height", side(height * shrink)}};
}

bool is_indecent(const bj::object& result, std::size_t index) {
  const auto& flags = wire::list_of(member(result, "has_nsfw_concepts"));
  return index < flags.size() && flags[index] == bj::value(true);
}

}  // namespace

FalImages::FalImages(http::Client& client, Clock& clock, FalOptions options, std::string endpoint,
                     References references)
    : queue_(client, clock, std::move(options)), endpoint_(std::move(endpoint)), references_(references) {}

int FalImages::at_once() const {
  return endpoint_.starts_with("fal-ai/flux-2") ? 1 : kMostPictures;
}

Task<Images> FalImages::draw(ImageRequest request) {
  const auto& references = request.references;
  if (references_ == References::none && !references.empty())
    throw Error(Fault::invalid, "PICTURE_NOT_POSSIBLE", "This AI model takes no pictures.");
  const int count = std::clamp(request.count, 1, at_once());
  FalWork work{.endpoint = endpoint_,
               .input = {{"prompt", request.prompt}, {"num_images", count}},
               .at_risk = {.images = count},
               .trace = request.trace};
  if (references_ == References::none) {
    work.input["image_size"] = size_for(request);
  } else {
    work.input["aspect_ratio"] = ratio_of(nearest_shape(request.width, request.height, kRatios));
    if (references.empty()) work.endpoint += "/text-to-image";
    if (references.size() == 1) work.input["image_url"] = url_of(references.front());
    if (references.size() > 1) {
      work.endpoint += "/multi";
      bj::array urls;
      for (const auto& picture : references) urls.emplace_back(url_of(picture));
      work.input["image_urls"] = std::move(urls);
    }
  }
  auto result = co_await queue_.run(std::move(work));
  Usage used{.images = std::max<std::int64_t>(std::ssize(wire::list_of(member(result, "images"))), 1)};
  try {
    co_return Images{co_await fetch(std::move(result), request.trace), name(), used};
  } catch (...) {
    fail_charged(std::current_exception(), used);
  }
}

Task<std::vector<Picture>> FalImages::fetch(bj::object result, TraceContext trace) {
  std::vector<Picture> pictures;
  const auto& files = wire::list_of(member(result, "images"));
  for (std::size_t i = 0; i < std::min<std::size_t>(files.size(), kMostPictures); ++i) {
    if (is_indecent(result, i)) continue;
    std::string bytes = co_await queue_.file(&files[i], kMaxPicture, trace);
    std::string type = picture_type(bytes);
    if (type.empty()) throw unusable("NO_PICTURE", "fal", "a file that is no picture");
    pictures.push_back({.media_type = std::move(type), .bytes = std::move(bytes), .url = ""});
  }
  if (!pictures.empty()) co_return pictures;
  throw files.empty() ? unusable("NO_PICTURE", "fal", "no picture") : declined();
}

}  // namespace odeon::ai
