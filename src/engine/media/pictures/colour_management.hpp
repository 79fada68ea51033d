// From the colours of an embedded ICC profile to sRGB, by Little CMS.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace odeon::pictures {

// Pixels of 0xAARRGGBB, not premultiplied; alpha is kept. A profile that cannot be read, that is of other colours than
// the pixels or that is sRGB itself leaves them as they are.
void convert_to_srgb(std::span<std::uint32_t> pixels, std::string_view profile);
// The same of CMYK, four bytes a pixel and 255 for full ink, into opaque pixels; without a profile that can be used, by
// plain arithmetic.
void convert_cmyk(std::span<const std::uint8_t> inks, std::string_view profile, std::span<std::uint32_t> pixels);

}  // namespace odeon::pictures
