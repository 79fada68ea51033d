#include "products/podcasts/import/fetching.hpp"

#include <boost/url/parse.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::chrono::minutes kForBeginning{1};
constexpr std::int64_t kSlowest = 100'000;  // bytes a second

std::string host_in(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  return parsed ? text::to_lower(std::string(parsed->encoded_host())) : "";
}

}  // namespace

std::unique_ptr<FetchPlaces::Place> FetchPlaces::take(std::string_view url) {
  const auto host = host_in(url);
  const std::scoped_lock lock(mutex_);
  if (taken_ == most_) return nullptr;
  auto& of_it = of_host_[host];
  if (of_it == (most_ + 1) / 2) return nullptr;
  ++of_it, ++taken_;
  return std::make_unique<Place>(*this, host);
}

void FetchPlaces::give_back(const std::string& host) {
  const std::scoped_lock lock(mutex_);
  --taken_;
  if (const auto found = of_host_.find(host); --found->second == 0) of_host_.erase(found);
}

Task<std::size_t> HurriedSource::read(std::span<char> into) {
  const auto count = co_await from_.read(into);
  bytes_ += static_cast<std::int64_t>(count);
  const auto took = clock_.now() - begun_ - kForBeginning;
  if (count > 0 && took > Micros(0) && bytes_ < kSlowest * (took / std::chrono::seconds(1)))
    throw Error(Fault::timeout, "HOST_TOO_SLOW", "It comes too slowly.");
  co_return count;
}

}  // namespace odeon::podcasts
