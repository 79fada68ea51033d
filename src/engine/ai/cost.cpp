#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/ai/catalogue.hpp"

namespace odeon::ai {
namespace {

// 128 bits hold every sum of what is within these bounds.
using Wide = __int128;
constexpr std::int64_t kMostCounted = 100'000'000'000'000;
constexpr std::int64_t kMostPercent = 1'000;

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t counted(std::int64_t count) {
  return std::clamp<std::int64_t>(count, 0, kMostCounted);
}

// A total of which parts are taken out that have a price of their own.
class Whole {
 public:
  explicit Whole(std::int64_t total) : left_(counted(total)) {}
  void take(std::int64_t part, std::int64_t price) {
    if (price < 0) return;
    const std::int64_t taken = std::min(counted(part), left_);
    left_ -= taken;
    sum_ += Wide{taken} * std::min(price, kDearest);
  }
  // Nano-dollars a million.
  Wide with_rest_at(std::int64_t price) const {
    return sum_ + Wide{left_} * std::clamp<std::int64_t>(price, 0, kDearest);
  }

 private:
  std::int64_t left_;
  Wide sum_ = 0;
};

std::int64_t micros(double seconds) {
  constexpr double most = static_cast<double>(kMostCounted);
  return std::isfinite(seconds) ? static_cast<std::int64_t>(std::round(std::clamp(seconds * 1e6, 0.0, most))) : 0;
}

Wide divided_up(Wide value, std::int64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

Price Offer::batch_price() const {
  Price less = price;
  if (batch <= 0) return less;
  for (auto* each :
       {&less.input, &less.cached, &less.cache_write, &less.cache_write_1h, &less.input_audio, &less.input_image,
        &less.output, &less.output_audio, &less.output_image, &less.characters, &less.seconds, &less.image})
    if (*each > 0) *each = static_cast<std::int64_t>(divided_up(Wide{*each} * batch, 100));
  return less;
}

NanoUsd cost_of(const Usage& usage, const Price& price) {
  if (usage.stated_cost) return std::max<NanoUsd>(*usage.stated_cost, 0);
  Whole input(usage.input_tokens);
  input.take(usage.cached_tokens, price.cached);
  input.take(usage.cache_written_tokens, price.cache_write);
  input.take(usage.cache_written_1h_tokens, price.cache_write_1h);
  input.take(usage.input_audio_tokens, price.input_audio);
  input.take(usage.input_image_tokens, price.input_image);
  Whole output(usage.output_tokens);
  output.take(usage.output_audio_tokens, price.output_audio);
  output.take(usage.output_image_tokens, price.output_image);

  const bool is_long = price.long_above > 0 && usage.input_tokens > price.long_above;
  const auto percent = [&](std::int64_t of_long) {
    return is_long ? std::clamp<std::int64_t>(of_long, 0, kMostPercent) : 100;
  };
  const auto per_unit = [](std::int64_t each) { return std::clamp<std::int64_t>(each, 0, kDearest); };
  // Hundredths of nano-dollars a million: the percents are whole numbers.
  Wide sum = input.with_rest_at(price.input) * percent(price.long_input) +
             output.with_rest_at(price.output) * percent(price.long_output) +
             Wide{counted(usage.characters)} * per_unit(price.characters) * 100;
  // The seconds are counted in millionths, so everything else is brought to that first.
  sum = sum * kMillion + Wide{micros(usage.seconds)} * per_unit(price.seconds) * 100;
  const Wide cost = divided_up(sum, 100 * kMillion * kMillion) + Wide{counted(usage.images)} * per_unit(price.image);
  return static_cast<NanoUsd>(std::min<Wide>(cost, std::numeric_limits<NanoUsd>::max()));
}

}  // namespace odeon::ai
