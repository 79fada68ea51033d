#include "products/stories/words/compose.hpp"

#include <gtest/gtest.h>

namespace odeon::stories {
namespace {

TEST(Compose, RefusesAnEventThatIsNotOnTheList) {
  EXPECT_ANY_THROW(compose_story({.event = "no_such_thing"}));
}

}  // namespace
}  // namespace odeon::stories
