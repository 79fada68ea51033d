// An answer on its way through the gateway: what comes is passed on as it comes, and its end, whatever kind of end, is
// written down once.
#pragma once

#include "engine/ai/attempts.hpp"
#include "engine/ai/wanted.hpp"

namespace odeon::ai {

struct AnswerParts {
  Attempt attempt;
  std::unique_ptr<TextStream> upstream;
  TextEvents first;               // read already
  std::int64_t input_tokens = 0;  // as a guess
  Wanted wanted{};
};

// Whether it is some of the answer, and not of what leads to it.
bool says_something(const TextEvent& event);

// Somebody else's first words after what was `said`, which may be nothing, if anybody can; `broken` cannot. Throws only
// a cancellation.
using GoOn = std::function<Task<std::optional<AnswerParts>>(std::string said, const Line& broken)>;

class AnswerStream final : public TextStream {
 public:
  // `books` and `closing` outlive it; `loop` is the one that it lives on. `go_on` may be empty.
  AnswerStream(AnswerParts parts, std::shared_ptr<Bill> bill, Books& books, TaskGroup& closing,
               asio::any_io_executor loop, GoOn go_on);
  // Before the end: the call is closed, and what it used until now is written down.
  ~AnswerStream() override;
  Task<TextEvents> next() override;

 private:
  Task<TextEvents> broken(std::exception_ptr failure);
  Task<std::optional<AnswerParts>> rest();
  void note(const TextEvent& event);
  // Its end, where that comes before there is any answer.
  std::exception_ptr silence(const TextEvents& events) const;
  Task<void> finish(Finished& end);
  // With what those before used.
  Usage in_all(Usage used) const;

  AnswerParts parts_;
  std::shared_ptr<Bill> bill_;
  Books& books_;
  TaskGroup& closing_;
  asio::any_io_executor loop_;
  GoOn go_on_;              // as long as somebody may
  std::string said_;        // its text, where somebody may
  std::int64_t bytes_ = 0;  // passed on, of this attempt
  Usage before_;            // used by those that broke off
  NanoUsd cost_before_ = 0;
  int continued_ = 0;      // times
  bool answered_ = false;  // there is something of it
  bool ended_ = false;     // and written down
};

}  // namespace odeon::ai
