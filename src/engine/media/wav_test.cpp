#include "engine/media/wav.hpp"

#include <gtest/gtest.h>

namespace odeon::media {
namespace {

using namespace std::string_literals;

TEST(Wav, IsWrittenAsItsFormatSays) {
  EXPECT_EQ(wav_of({16'000, 2, {0, 1, -1, 0.5F}}),
            "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\x3e\0\0\0\xfa\0\0\x04\0\x10\0data\x08\0\0\0"s
            "\0\0\xff\x7f\x01\x80\0\x40"s);
}

TEST(Wav, ClipsWhatIsTooLoud) {
  EXPECT_EQ(s16_of({48'000, 1, {2, -2}}), "\xff\x7f\x01\x80"s);
  EXPECT_EQ(s16_of({}), "");
}

}  // namespace
}  // namespace odeon::media
