#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"

namespace odeon {
namespace {

RC_GTEST_PROP(Bytes, are_read_whole_or_refused, (const std::string& bytes)) {
  const auto limit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 2 + 1);
  StringSource source(bytes);
  try {
    RC_ASSERT(run_task(read_all(source, limit)) == bytes);
    RC_ASSERT(bytes.size() <= limit);
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::too_large);
    RC_ASSERT(bytes.size() > limit);
  }
}

// Gives so many bytes at a time.
class SlowSource final : public ByteSource {
 public:
  SlowSource(std::string bytes, std::size_t at_once) : bytes_(std::move(bytes)), at_once_(at_once) {}
  Task<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({at_once_, into.size(), bytes_.size() - at_});
    bytes_.copy(into.data(), count, at_);
    at_ += count;
    co_return count;
  }

 private:
  const std::string bytes_;
  const std::size_t at_once_;
  std::size_t at_ = 0;
};

TEST(Bytes, are_read_whole_however_large_and_however_they_come) {
  for (const std::size_t size :
       {0U, 15U, 511U, 512U, 1535U, 1536U, 1537U, 2047U, 2048U, 2049U, 4096U, 70'000U, 300'000U})
    for (const std::size_t at_once : {7U, 512U, 1'400U, 2'048U, 1'000'000U}) {
      std::string bytes(size, '\0');
      for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 251);
      SlowSource source(bytes, at_once);
      EXPECT_EQ(run_task(read_all(source, size)), bytes) << size << " by " << at_once;
    }
}

// Has some bytes at once and the others later.
class HalfHereSource final : public ByteSource {
 public:
  HalfHereSource(std::string bytes, std::size_t here) : rest_(bytes.substr(here)), here_(bytes.substr(0, here)) {}
  Task<std::size_t> read(std::span<char> into) override { return rest_.read(into); }
  std::optional<std::size_t> read_now(std::span<char> into) override {
    const std::size_t count = here_.copy(into.data(), into.size());
    here_.erase(0, count);
    return count > 0 ? std::optional(count) : std::nullopt;
  }

 private:
  StringSource rest_;
  std::string here_;
};

RC_GTEST_PROP(Bytes, that_are_there_come_first, (const std::string& bytes)) {
  HalfHereSource source(bytes, *rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  RC_ASSERT(run_task(read_all(source, bytes.size())) == bytes);
}

RC_GTEST_PROP(Bytes, come_in_pieces_of_any_size, (const std::string& bytes)) {
  StringSource source(bytes);
  std::string read;
  for (;;) {
    std::string piece(*rc::gen::inRange<std::size_t>(1, 10), '\0');
    const std::size_t count = run_task(source.read(piece));
    if (count == 0) break;
    read += piece.substr(0, count);
  }
  RC_ASSERT(read == bytes);
}

}  // namespace
}  // namespace odeon
