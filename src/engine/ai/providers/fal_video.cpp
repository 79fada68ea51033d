#include "engine/ai/providers/fal_video.hpp"

#include "engine/ai/providers/pictures.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxVideo = 256 << 20;
constexpr std::string_view kFromText = "text-to-video", kFromPicture = "image-to-video";
constexpr int kShort = 5, kLong = 10;  // seconds: there are no others
constexpr Shape kRatios[] = {{16, 9}, {1, 1}, {9, 16}};

std::string beginning_with_picture(const std::string& endpoint) {
  return endpoint.substr(0, endpoint.size() - kFromText.size()).append(kFromPicture);
}

// ISO base media (ISO/IEC 14496-12), or Matroska.
std::string video_type(std::string_view bytes) {
  if (bytes.size() > 8 && bytes.substr(4, 4) == "ftyp") return "video/mp4";
  return bytes.starts_with("\x1A\x45\xDF\xA3") ? "video/webm" : "";
}

}  // namespace

FalVideo::FalVideo(http::Client& client, Clock& clock, FalOptions options, std::string endpoint)
    : queue_(client, clock, std::move(options)), endpoint_(std::move(endpoint)) {}

bool FalVideo::takes_beginning() const {
  return endpoint_.ends_with(kFromText);
}

Task<Video> FalVideo::film(VideoRequest request) {
  if (request.beginning && !takes_beginning())
    throw Error(Fault::invalid, "PICTURE_NOT_POSSIBLE", "This AI model takes no pictures.");
  const int seconds = request.seconds > (kShort + kLong) / 2.0 ? kLong : kShort;
  FalWork work{.endpoint = endpoint_,
               .input = {{"prompt", request.prompt}, {"duration", std::to_string(seconds)}, {"generate_audio", false}},
               .at_risk = {.seconds = static_cast<double>(seconds)},
               .trace = request.trace};
  if (request.beginning) {
    work.endpoint = beginning_with_picture(endpoint_);
    work.input["start_image_url"] = url_of(*request.beginning);
  } else {
    work.input["aspect_ratio"] = ratio_of(nearest_shape(request.width, request.height, kRatios));
  }
  const Usage used = work.at_risk;
  const auto result = co_await queue_.run(std::move(work));
  try {
    const auto* file = wire::member(result, "video");
    if (file == nullptr) throw unusable("NO_VIDEO", "fal", "no video");
    Video video{.bytes = co_await queue_.file(file, kMaxVideo, request.trace),
                .seconds = static_cast<double>(seconds),
                .model = name(),
                .usage = used};
    video.media_type = video_type(video.bytes);
    if (video.media_type.empty()) throw unusable("NO_VIDEO", "fal", "a file that is no video");
    co_return video;
  } catch (...) {
    fail_charged(std::current_exception(), used);
  }
}

}  // namespace odeon::ai
