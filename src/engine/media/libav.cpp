#include "engine/media/libav.hpp"

#include "base/error.hpp"

namespace odeon::media {
namespace {

// A file may say of a packet, a picture or an index that it is as large as the file. What sound is made of has some
// kilobytes, and the index of a day some megabytes.
constexpr std::size_t kLargestAllocation = 32 << 20;

}  // namespace

Libav::Libav() {
  av_log_set_level(AV_LOG_QUIET);
  av_max_alloc(kLargestAllocation);
}

const Libav& libav() {
  static const Libav table;
  return table;
}

int check_libav(int result, const char* doing) {
  if (result >= 0) return result;
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  libav().av_strerror(result, text, sizeof text);
  throw Error(Fault::internal, "AUDIO_FAILED", "The audio could not be processed.")
      .with_detail(fmt::format("{}: {}", doing, text));
}

}  // namespace odeon::media
