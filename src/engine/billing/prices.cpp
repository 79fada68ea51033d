#include "engine/billing/prices.hpp"

namespace odeon::billing {

void PriceList::add(const Offer& offer, const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto [known, fresh] = known_.emplace(id, offer);
    if (!fresh && known->second != offer)
      throw Error(Fault::invalid, "PRICE_TWICE",
                  fmt::format("{} is the price of {} {} {} already", id, known->second.product, known->second.plan,
                              json::enum_name(known->second.cycle)));
  }
  if (!ids.empty()) sold_.emplace(offer, ids.front());
}

const std::string* PriceList::price_of(const Offer& offer) const {
  const auto found = sold_.find(offer);
  return found == sold_.end() ? nullptr : &found->second;
}

const Offer* PriceList::offer_of(std::string_view price) const {
  const auto found = known_.find(price);
  return found == known_.end() ? nullptr : &found->second;
}

}  // namespace odeon::billing
