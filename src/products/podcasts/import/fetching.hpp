// What keeps other hosts from keeping us: files that they give hold slots of jobs, which others wait for.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/bytes.hpp"

namespace odeon::podcasts {

// The places for what is fetched at once by one process, half of them at the most of one host. Thread-safe; outlives
// every place that it gave.
class FetchPlaces {
 public:
  explicit FetchPlaces(std::size_t most) : most_(std::max<std::size_t>(most, 1)) {}

  // Given back where it ends.
  class Place {
   public:
    Place(FetchPlaces& of, std::string host) : of_(of), host_(std::move(host)) {}
    Place(const Place&) = delete;
    ~Place() { of_.give_back(host_); }

   private:
    FetchPlaces& of_;
    const std::string host_;
  };
  // Null where there is none for the host that this address names.
  std::unique_ptr<Place> take(std::string_view url);

 private:
  void give_back(const std::string& host);

  const std::size_t most_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> of_host_;
};

// Passes on what comes fast enough. Throws Error{timeout} once it does not: a minute is for beginning, and after that
// all of it has to have come at 100 kB/s or more.
class HurriedSource final : public ByteSource {
 public:
  // What is given outlives it.
  HurriedSource(ByteSource& from, const Clock& clock) : from_(from), clock_(clock), begun_(clock.now()) {}
  Task<std::size_t> read(std::span<char> into) override;

 private:
  ByteSource& from_;
  const Clock& clock_;
  const Instant begun_;
  std::int64_t bytes_ = 0;
};

}  // namespace odeon::podcasts
