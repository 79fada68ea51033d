#include "products/stories/made.hpp"

#include <algorithm>

#include "products/stories/stories.hpp"

namespace odeon::stories {

std::string task_of(std::string_view made) {
  return std::string(std::ranges::find(kOperations, made, &Operation::made)->task);
}

std::string_view operation_of(std::string_view name) {
  const auto* found = std::ranges::find(kOperations, name, &Operation::task);
  return found == kOperations.end() ? name : found->made;
}

ai::Payer payer_of(std::string user_id, std::string tier) {
  return {.user_id = std::move(user_id), .product = std::string(kProduct), .tier = std::move(tier)};
}

Task<void> count_made(billing::Ledger& ledger, database::Executor& executor, ai::Payer payer, std::string_view made,
                      std::string model, std::string id) {
  const auto slash = model.find('/');
  co_await ledger.record(executor, {.user_id = std::move(payer.user_id),
                                    .product = std::move(payer.product),
                                    .operation = std::string(made),
                                    .model = slash == std::string::npos ? model : model.substr(slash + 1),
                                    .provider = model.substr(0, slash),
                                    .tier = std::move(payer.tier),
                                    .id = std::string(made) + ':' + id});
}

}  // namespace odeon::stories
