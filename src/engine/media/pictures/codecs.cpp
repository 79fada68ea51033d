#include "engine/media/pictures/codecs.hpp"

namespace odeon::pictures {

const Turbojpeg& turbojpeg() {
  static const Turbojpeg table;
  return table;
}

const Libpng& libpng() {
  static const Libpng table;
  return table;
}

const Webp& webp() {
  static const Webp table;
  return table;
}

const WebpMux& webp_mux() {
  static const WebpMux table;
  return table;
}

const Deflate& deflate() {
  static const Deflate table;
  return table;
}

const Lcms& lcms() {
  static const Lcms table;
  return table;
}

}  // namespace odeon::pictures
