#include "engine/media/libav.hpp"

#include "base/error.hpp"

namespace odeon::media {
Libav::Libav() {
  av_log_set_level(AV_LOG_QUIET);
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
