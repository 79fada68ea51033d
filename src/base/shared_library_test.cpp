#include "base/shared_library.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace odeon {
namespace {

template <class Load>
std::string detail_of(Load load) {
  try {
    load();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::unavailable);
    return error.detail;
  }
  return "";
}

TEST(SharedLibrary, LendsWhatItHas) {
  const SharedLibrary maths("libm.so.6");
  double (*const cosine)(double) = maths["cos"];
  EXPECT_EQ(cosine(0), 1);
}

TEST(SharedLibrary, SaysWhatIsMissing) {
  EXPECT_TRUE(detail_of([] { SharedLibrary("libnowhere.so.1"); }).starts_with("libnowhere.so.1 could not be loaded"));
  EXPECT_EQ(detail_of([] { SharedLibrary("libm.so.6")["nothing_of_this_name"]; }),
            "libm.so.6 has no nothing_of_this_name");
}

}  // namespace
}  // namespace odeon
