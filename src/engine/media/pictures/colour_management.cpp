#include "engine/media/pictures/colour_management.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "engine/media/pictures/codecs.hpp"
#include "engine/media/pictures/srgb_profile.hpp"

namespace odeon::pictures {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { lcms().cmsCloseProfile(profile); }
};

// A profile of a file and a way from it to sRGB; each has a context of its own, so threads share nothing.
class ToSrgb {
 public:
  explicit ToSrgb(std::string_view profile)
      : context_(lcms().cmsCreateContext(nullptr, nullptr), lcms().cmsDeleteContext),
        from_(lcms().cmsOpenProfileFromMemTHR(context_.get(), profile.data(),
                                              static_cast<cmsUInt32Number>(profile.size()))),
        to_(lcms().cmsCreate_sRGBProfileTHR(context_.get())) {}

  cmsColorSpaceSignature space() const {
    return from_ ? lcms().cmsGetColorSpace(from_.get()) : cmsColorSpaceSignature{};
  }

  // False if there is no way.
  bool open(cmsUInt32Number input, cmsUInt32Number flags = 0) {
    transform_.reset(lcms().cmsCreateTransformTHR(context_.get(), from_.get(), input, to_.get(), TYPE_BGRA_8,
                                                  INTENT_PERCEPTUAL, cmsFLAGS_BLACKPOINTCOMPENSATION | flags));
    return transform_ != nullptr;
  }

  void run(const void* from, std::uint32_t* into, std::size_t count) const {
    lcms().cmsDoTransform(transform_.get(), from, into, static_cast<cmsUInt32Number>(count));
  }

 private:
  std::unique_ptr<_cmsContext_struct, decltype(Lcms::cmsDeleteContext)> context_;
  std::unique_ptr<void, CloseProfile> from_, to_;
  std::unique_ptr<void, decltype(Lcms::cmsDeleteTransform)> transform_{nullptr, lcms().cmsDeleteTransform};
};

// Whether it moves no colour by more than what rounding does.
bool changes_nothing(const ToSrgb& way) {
  std::array<std::uint32_t, 216> before{}, after{};
  for (std::uint32_t i = 0; i < before.size(); ++i)
    before[i] = 0xff000000 | i / 36 * 51 << 16 | i / 6 % 6 * 51 << 8 | i % 6 * 51;
  way.run(before.data(), after.data(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    for (const int shift : {16, 8, 0})
      if (std::abs(static_cast<int>(before[i] >> shift & 255) - static_cast<int>(after[i] >> shift & 255)) > 2)
        return false;
  return true;
}

// Profiles that were found to be sRGB: there are few in the world, and to find out takes longer than to read a picture.
class KnownSrgb {
 public:
  bool has(std::string_view profile) {
    if (profile == srgb_profile()) return true;
    const std::scoped_lock lock(mutex_);
    return std::ranges::find(profiles_, profile) != profiles_.end();
  }
  void add(std::string_view profile) {
    constexpr std::size_t kMost = 8, kLongest = 16'384;
    if (profile.size() > kLongest) return;
    const std::scoped_lock lock(mutex_);
    if (profiles_.size() == kMost) profiles_.pop_front();
    profiles_.emplace_back(profile);
  }

 private:
  std::mutex mutex_;
  std::deque<std::string> profiles_;
};

KnownSrgb& known_srgb() {
  static KnownSrgb known;
  return known;
}

constexpr std::size_t kAtOnce = 1 << 16;  // pixels: lcms counts in 32 bits

template <class Pixel>
void run_through(const ToSrgb& way, std::span<const Pixel> from, std::uint32_t* into) {
  for (std::size_t at = 0; at < from.size(); at += kAtOnce)
    way.run(from.data() + at, into + at, std::min(kAtOnce, from.size() - at));
}

}  // namespace

void convert_to_srgb(std::span<std::uint32_t> pixels, std::string_view profile) {
  if (known_srgb().has(profile)) return;
  ToSrgb way(profile);
  if (way.space() == cmsSigRgbData) {
    if (!way.open(TYPE_BGRA_8, cmsFLAGS_COPY_ALPHA)) return;
    if (changes_nothing(way))
      known_srgb().add(profile);
    else
      run_through(way, std::span<const std::uint32_t>(pixels), pixels.data());
  } else if (way.space() == cmsSigGrayData && way.open(TYPE_GRAY_8)) {
    std::vector<std::uint8_t> greys;
    greys.reserve(pixels.size());
    for (const std::uint32_t pixel : pixels) greys.push_back(static_cast<std::uint8_t>(pixel >> 8));
    std::vector<std::uint32_t> converted(pixels.size());
    run_through(way, std::span<const std::uint8_t>(greys), converted.data());
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = (pixels[i] & 0xff000000) | (converted[i] & 0x00ffffff);
  }
}

void convert_cmyk(std::span<const std::uint8_t> inks, std::string_view profile, std::span<std::uint32_t> pixels) {
  using Inks = std::array<std::uint8_t, 4>;
  const std::span all(reinterpret_cast<const Inks*>(inks.data()), pixels.size());
  if (!profile.empty()) {
    ToSrgb way(profile);
    if (way.space() == cmsSigCmykData && way.open(TYPE_CMYK_8)) {
      run_through(way, all, pixels.data());
      for (std::uint32_t& pixel : pixels) pixel |= 0xff000000;
      return;
    }
  }
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto light = [&](std::size_t ink) {
      return static_cast<std::uint32_t>((255 - all[i][ink]) * (255 - all[i][3]) / 255);
    };
    pixels[i] = 0xff000000 | light(0) << 16 | light(1) << 8 | light(2);
  }
}

}  // namespace odeon::pictures
