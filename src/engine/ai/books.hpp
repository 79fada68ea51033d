// What calls cost: held of a budget before, written down after, whatever happens in between.
#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::ai {

// What all attempts of one request come to, and what was held for them.
struct Bill {
  Payer payer;
  std::unique_ptr<Held> held;  // null: nothing is
  NanoUsd spent = 0;
};

// Runs `task` to its end, also when whoever awaits it is cancelled meanwhile.
Task<std::expected<void, std::exception_ptr>> to_its_end(Task<void> task);

// Thread-safe. `budgets` may be null: then nothing is held.
class Books {
 public:
  Books(Log& log, Meter& meter, Budgets* budgets) : log_(log), meter_(meter), budgets_(budgets) {}

  // Holds what the request may cost at most by this price. Throws Error{payment_required}.
  Task<std::shared_ptr<Bill>> open(Payer payer, NanoUsd most);
  // For what outlives this process: the id of a reservation, empty where nothing is held. Throws as `open`.
  Task<std::string> reserve(Payer payer, NanoUsd most);
  // The bill for which that was reserved.
  std::shared_ptr<Bill> reopen(Payer payer, std::string reservation);
  // Gives back what was not spent. Never throws.
  Task<void> close(std::shared_ptr<Bill> bill);
  // The same without waiting: true, and it is closed. False where it has to be waited for.
  bool close_now(Bill& bill);
  // Neither a cancellation nor a broken ledger takes an answer away that was paid for.
  Task<void> record(std::shared_ptr<Bill> bill, Metered call);
  // The same without waiting: true, and the call is taken. False where it has to be recorded.
  bool record_now(Bill& bill, Metered& call);

 private:
  Log& log_;
  Meter& meter_;
  Budgets* budgets_;
};

// What a request uses at most, if it is answered as long as it allows.
Usage most_of(const TextRequest& request);
// Tokens of all that is sent, as a guess.
std::int64_t input_of(const TextRequest& request);
// Tokens of what came, by its length.
std::int64_t output_of(std::int64_t bytes_written);
// Of an event that is part of the answer.
std::int64_t bytes_of(const TextEvent& event);
// Whoever breaks off in the middle, provider or caller, seldom says all of what was counted, and some providers never
// do: what is missing is guessed, and so is an output that was counted long before its end.
Usage completed(Usage counted, std::int64_t input_tokens, std::int64_t bytes_written);
// What was used until a stream broke off, where the provider has not said so.
Usage guessed(const TextRequest& request, std::int64_t bytes_written);

}  // namespace odeon::ai
