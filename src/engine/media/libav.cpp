#include "engine/media/libav.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace odeon::media {
namespace {

Error missing(std::string detail) {
  return Error(Fault::unavailable, "AUDIO_UNAVAILABLE", "Audio cannot be produced on this server at the moment.")
      .with_detail(std::move(detail));
}

}  // namespace

SharedLibrary::SharedLibrary(const char* name, int major)
    : name_(fmt::format("{}.so.{}", name, major)), handle_(dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (!handle_) throw missing(fmt::format("{} could not be loaded: {}", name_, dlerror()));
}

SharedLibrary::Symbol SharedLibrary::operator[](const char* symbol) const {
  void* address = dlsym(handle_, symbol);
  if (!address) throw missing(fmt::format("{} has no {}", name_, symbol));
  return {address};
}

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
