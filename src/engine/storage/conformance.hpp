// What every storage driver has to pass. A driver's own test file instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Files, Conformance, ::testing::Values(open_subject));
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::storage {

// A driver under test, over a store that was empty.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Storage& storage() = 0;
};

// Gives `bytes` in slices of the given sizes, over and over; then ends, fails or waits for ever.
class SlicedSource final : public ByteSource {
 public:
  enum class End { clean, failure, silence };
  SlicedSource(std::string bytes, std::vector<std::size_t> slices, End end = End::clean)
      : bytes_(std::move(bytes)), slices_(std::move(slices)), end_(end) {}

  Task<std::size_t> read(std::span<char> into) override {
    if (at_ == bytes_.size()) {
      if (end_ == End::failure) throw std::runtime_error("the client went away");
      if (end_ == End::silence) co_await sleep_on_loop(std::chrono::hours(1));
      co_return 0;
    }
    const std::size_t slice = slices_.empty() ? into.size() : slices_[turn_++ % slices_.size()] + 1;
    const std::size_t count = std::min({into.size(), bytes_.size() - at_, slice});
    std::copy_n(bytes_.data() + at_, count, into.data());
    at_ += count;
    co_return count;
  }

  bool given() const { return at_ == bytes_.size(); }

 private:
  std::string bytes_;
  std::vector<std::size_t> slices_;
  End end_;
  std::size_t at_ = 0, turn_ = 0;
};

// Bytes without a pattern that a mistake in order or length would keep.
std::string some_bytes(std::size_t size, std::uint64_t seed = 1);
// All of `object`, read in pieces of at most `piece` bytes.
std::string contents(ReadableObject& object, std::size_t piece = 64 * 1024);

class Conformance : public ::testing::TestWithParam<std::function<std::unique_ptr<Subject>()>> {
 protected:
  Storage& storage() { return subject_->storage(); }

  Stored put(std::string key, std::string bytes, PutOptions options = {}) {
    return run_task(storage::put(storage(), std::move(key), std::move(bytes), std::move(options)));
  }
  std::shared_ptr<ReadableObject> get(std::string key) { return run_task(storage().get(std::move(key))); }
  std::optional<Stored> stat(std::string key) { return run_task(storage().stat(std::move(key))); }
  Page list(std::string prefix, std::string cursor = "", std::size_t limit = 100) {
    return run_task(storage().list(std::move(prefix), std::move(cursor), limit));
  }
  // Nothing if there is no such object.
  std::optional<std::string> bytes(std::string key) {
    auto object = get(std::move(key));
    return object ? std::optional(contents(*object)) : std::nullopt;
  }

 private:
  std::unique_ptr<Subject> subject_ = GetParam()();
};

}  // namespace odeon::storage
