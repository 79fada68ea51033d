// Lines in any slices, and answers in any order with rubbish between them.
#include "engine/ai/providers/batch_answers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/ai/providers/line_reader.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

// Gives its bytes in pieces of these sizes, over and over.
class Slices final : public ByteSource {
 public:
  Slices(std::string bytes, std::vector<std::size_t> sizes) : bytes_(std::move(bytes)), sizes_(std::move(sizes)) {}
  Task<std::size_t> read(std::span<char> into) override {
    const std::size_t most = sizes_.empty() ? into.size() : sizes_[turn_++ % sizes_.size()];
    const std::size_t count = std::min({most, into.size(), bytes_.size() - at_});
    std::copy_n(bytes_.data() + at_, count, into.data());
    at_ += count;
    co_return count;
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> sizes_;
  std::size_t at_ = 0, turn_ = 0;
};

std::vector<std::string> lines_in(std::string bytes, std::vector<std::size_t> sizes, LineReader::Limits limits = {}) {
  return run_task([](std::string bytes, std::vector<std::size_t> sizes,
                     LineReader::Limits limits) -> Task<std::vector<std::string>> {
    Slices source(std::move(bytes), std::move(sizes));
    LineReader reader(source, limits);
    std::vector<std::string> lines;
    while (auto line = co_await reader.next()) lines.push_back(std::move(*line));
    co_return lines;
  }(std::move(bytes), std::move(sizes), limits));
}

RC_GTEST_PROP(LineReader, GivesTheLinesThatAreNotTooLong, ()) {
  constexpr std::size_t kLongest = 20;
  const auto text = rc::gen::container<std::string>(rc::gen::element('a', 'b', '{', ' '));
  const auto lines = *rc::gen::container<std::vector<std::string>>(text);
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 30));
  const auto end = *rc::gen::element<std::string>("\n", "\r\n");
  std::string bytes;
  std::vector<std::string> expected;
  for (const auto& line : lines) {
    bytes += line + end;
    if (line.size() + end.size() - 1 <= kLongest) expected.push_back(line);
  }
  RC_ASSERT(lines_in(bytes, sizes, {.line = kLongest}) == expected);
}

TEST(LineReader, KnowsWhereItEnds) {
  EXPECT_EQ(lines_in("a\n\nb", {1}), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(lines_in("", {}), std::vector<std::string>());
  EXPECT_EQ(lines_in("abc", {2}, {.line = 2}), std::vector<std::string>());
  // What comes after the limit is not there, and what it cuts is a line that ends there.
  EXPECT_EQ(lines_in("ab\ncd\nef\n", {}, {.all = 5}), (std::vector<std::string>{"ab", "cd"}));
}

// What becomes of a request, as drawn.
enum class Fate { answered, failed, missing, twice };

RC_GTEST_PROP(BatchAnswers, EveryRequestHasItsOwnFate, ()) {
  const auto fates = *rc::gen::container<std::vector<Fate>>(
      rc::gen::element(Fate::answered, Fate::failed, Fate::missing, Fate::twice));
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i] == Fate::missing) continue;
    const auto line = fmt::format(R"({{"custom_id":"{}","n":{}}})", batch_request_id(i),
                                  fates[i] == Fate::failed ? -1 : static_cast<int>(i));
    lines.insert(lines.end(), fates[i] == Fate::twice ? 2 : 1, line);
  }
  const auto rubbish = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "", "{", "[]", R"({"custom_id":"request-999999"})", R"({"custom_id":"request-00"})", R"({"custom_id":null})",
      R"({"custom_id":"request-18446744073709551616"})", "\xFF\xFE", R"({"custom_id":"request-"})"));
  lines.insert(lines.end(), rubbish.begin(), rubbish.end());
  // Into any order.
  for (std::size_t i = lines.size(); i > 1; --i) std::swap(lines[i - 1], lines[*rc::gen::inRange<std::size_t>(0, i)]);

  BatchAnswers answers(std::vector<BatchEntry>(fates.size()), "p/small");
  for (const auto& line : lines)
    answers.take(line, [](const boost::json::object& object) -> TextReply {
      const auto number = object.at("n").to_number<int>();
      if (number < 0) throw Error(Fault::upstream, "FAILED", "It failed.");
      return TextReply::of(std::to_string(number), "", {.output_tokens = 7});
    });
  const auto all = std::move(answers).finish(Error(Fault::upstream, "MISSING", "It is missing."));
  RC_ASSERT(all.size() == fates.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string said = all[i] ? all[i]->text() : all[i].error().code;
    switch (fates[i]) {
      case Fate::answered:
        RC_ASSERT(said == std::to_string(i));
        RC_ASSERT(all[i]->model == "p/small");
        break;
      case Fate::failed:
        RC_ASSERT(said == "FAILED");
        break;
      case Fate::missing:
        RC_ASSERT(said == "MISSING");
        break;
      case Fate::twice:
        RC_ASSERT(said == "ANSWERED_TWICE");
        RC_ASSERT(all[i].error().usage.output_tokens == 7);
    }
  }
}

}  // namespace
}  // namespace odeon::ai
