// What people say of themselves, as short statements, and how it is read from their words without a model: by the
// phrases in which it is usually said, in six languages. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

namespace odeon::chat {

// What a fact is about. Of most there can only be one that is true: see is_single.
enum class Topic { other, name, address, home, job, employer, age, birthday, language, answers };
BOOST_DESCRIBE_ENUM(Topic, other, name, address, home, job, employer, age, birthday, language, answers)

struct Fact {
  std::string text;  // "Lives in Oslo"
  Topic topic = Topic::other;
  double confidence = 0;  // 0 to 1
  std::string replaces;   // the id of a memory that it makes untrue; may be empty
};

inline constexpr std::size_t kLongestFact = 300;  // characters

// A newer one makes the older untrue.
bool is_single(Topic topic);
// It matters to every answer, whatever the question is: names, the language, how somebody wants to be answered.
bool is_about_answers(Topic topic);

// On one line and no longer than may be; empty where nothing is left.
std::string tidied(std::string_view fact);

// A message without what is quoted, pasted as code, or far too long to be one's own.
std::string own_words(std::string_view message);
// Whether a message may hold something of the person at all: most do not, and then nobody needs to read it.
bool may_be_personal(std::string_view message);
// "My name is Ada." → {"Name: Ada", name}. Questions and conditions state nothing.
std::vector<Fact> stated_facts(std::string_view message);

}  // namespace odeon::chat
