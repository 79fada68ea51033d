#include "engine/database/completion.hpp"

namespace odeon::database {

void Completions::add(Pending& request) {
  const auto executor = request.handler->get_executor();
  auto batch = std::ranges::find(batches_, executor, &Batch::executor);
  if (batch == batches_.end())
    batch =
        batches_.insert(batch, Batch{executor, asio::prefer(executor, asio::execution::outstanding_work.tracked), {}});
  batch->handlers.push_back(std::move(*request.handler));
}

void Completions::flush() noexcept {
  for (auto& batch : batches_) {
    asio::post(batch.executor, [handlers = std::move(batch.handlers)]() mutable {
      for (auto& handler : handlers) handler();
    });
  }
  batches_.clear();
}

}  // namespace odeon::database
