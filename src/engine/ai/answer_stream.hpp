// An answer on its way through the gateway: what comes is passed on as it comes, and its end, whatever kind of end, is
// written down once.
#pragma once

#include "engine/ai/attempts.hpp"

namespace odeon::ai {

struct AnswerParts {
  Attempt attempt;
  std::unique_ptr<TextStream> upstream;
  TextEvents first;  // read already
  TextRequest request;
};

class AnswerStream final : public TextStream {
 public:
  // `books` and `closing` outlive it; `loop` is the one that it lives on.
  AnswerStream(AnswerParts parts, std::shared_ptr<Bill> bill, Books& books, TaskGroup& closing,
               asio::any_io_executor loop);
  // Before the end: the call is closed, and what it used until now is written down.
  ~AnswerStream() override;
  Task<TextEvents> next() override;

 private:
  Task<void> finish(Usage used);

  AnswerParts parts_;
  std::shared_ptr<Bill> bill_;
  Books& books_;
  TaskGroup& closing_;
  asio::any_io_executor loop_;
  std::int64_t bytes_ = 0;  // passed on
  bool ended_ = false;      // and written down
};

}  // namespace odeon::ai
