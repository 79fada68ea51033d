#include "products/stories/wording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/stories/import/import_rows.hpp"

namespace odeon::stories {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What stands in the log after that.
template <class Act>
std::string logged(Act act) {
  ::testing::internal::CaptureStderr();
  {
    Log log;
    act(log);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(Wording, LogsWhatPeopleWroteThatWasReplacedAndNotTheirWords) {
  EXPECT_THAT(logged([](Log& log) { EXPECT_EQ(fit_words("title", "Der Mörder", Language::de, log), "Der Schelm"); }),
              AllOf(HasSubstr("stories.filtered"), HasSubstr("violence"), HasSubstr("\"replaced\":true"),
                    HasSubstr("\"language\":\"de\""), Not(HasSubstr("rder")), Not(HasSubstr("Schelm"))));
  EXPECT_THAT(logged([](Log& log) { fit_words("title", "Kind words", Language::en, log); }),
              Not(HasSubstr("stories.filtered")));
}

TEST(Wording, LogsWhatItRefuses) {
  EXPECT_THAT(logged([](Log& log) { EXPECT_ANY_THROW(fit_words("title", "p0rn", Language::en, log)); }),
              AllOf(HasSubstr("stories.filtered"), HasSubstr("sexual"), HasSubstr("\"refused\":true")));
}

TEST(Wording, OfAnEventThatIsBroughtIsInItsOwnLanguage) {
  Log log(Log::Level::off);
  const BroughtEvent event{
      .id = "1", .title = "Der Mörder", .description = "Er wurde umgebracht.", .language = Language::de};
  const auto row = event_row(event, Language::en, log);
  EXPECT_EQ(row.title, "Der Schelm");
  EXPECT_EQ(row.description, "Er wurde gestoppt.");
}

}  // namespace
}  // namespace odeon::stories
