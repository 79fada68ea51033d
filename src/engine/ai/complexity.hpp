// What a question asks of a model, by looks alone: how long it is, and whether it wants to be thought through. The
// router's first step. Deterministic, without a model, a few microseconds; works for a dozen languages.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

namespace odeon::ai {

// How many tokens a text has, as OpenAI's cl100k counts them: within a fifth on ordinary prose and code of more than a
// few sentences; other providers' counts differ by as much again. Linear, and bounded: of a text of more than a few
// kilobytes, what stands at its beginning, in its middle and at its end speaks for the rest. Bytes that are not UTF-8
// count like foreign letters.
//
// A word of the Latin alphabet counts by its length, and by whether the text around it is English (which the tokens
// were made for); Chinese, Japanese, Korean and what other alphabets write by letters; figures three a token.
std::int64_t estimate_tokens(std::string_view text);

enum class Complexity { simple, medium, complex };
BOOST_DESCRIBE_ENUM(Complexity, simple, medium, complex)

struct Assessment {
  Complexity complexity = Complexity::simple;
  std::int64_t tokens = 0;  // estimated
  bool reasoning = false;   // asks to be thought through
  // What shows it, stable names: words, steps, questions, code, maths.
  std::vector<std::string_view> signs;
};

// Above these many tokens a question is medium; and complex, if it asks for reasoning as well.
inline constexpr std::int64_t kMediumTokens = 500, kComplexTokens = 1'000;

// `text` is what a person asks, without the conversation before it.
Assessment assess(std::string_view text);

}  // namespace odeon::ai
