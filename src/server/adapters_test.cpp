#include "server/adapters.hpp"

#include <gtest/gtest.h>

#include "engine/coordination/coordination.hpp"
#include "engine/storage/files.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::server {
namespace {

class StoredUploadsTest : public ::testing::Test {
 protected:
  http::Upload store(std::string bytes, std::string type, std::uint64_t max_bytes = 1000) {
    http::Upload upload{.file_name = "me.png", .content_type = std::move(type)};
    StringSource source(std::move(bytes));
    run_task(uploads.store(upload, source, max_bytes));
    return upload;
  }
  std::size_t kept() { return run_task(storage->list("uploads/", "", 10)).objects.size(); }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  ThreadPool pool{1};
  storage::FileSigner signer{std::string(32, 's'), clock};
  std::unique_ptr<storage::Storage> storage = storage::open_files(folder / "objects", pool, signer, clock);
  StoredUploads uploads{*storage, clock};
};

TEST_F(StoredUploadsTest, KeepsBytesAndType) {
  const auto upload = store("picture", "image/png");
  EXPECT_EQ(upload.size, 7);
  const auto stored = run_task(storage->stat(upload.key));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->size, 7U);
  EXPECT_EQ(stored->content_type, "image/png");
  run_task(uploads.discard(upload.key));
  EXPECT_EQ(kept(), 0U);
}

TEST_F(StoredUploadsTest, RefusesWhatIsTooLargeAndKeepsNothing) {
  try {
    store(std::string(1001, 'x'), "image/png");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::too_large);
  }
  EXPECT_EQ(kept(), 0U);
}

TEST_F(StoredUploadsTest, TakesFilesWithoutAType) {
  EXPECT_EQ(run_task(storage->stat(store("bytes", "").key))->content_type, "application/octet-stream");
}

TEST(CoordinatedLimiter, CountsAsCoordinationDoes) {
  testing::FakeClock clock;
  auto coordination = coordination::open_memory({}, clock);
  CoordinatedLimiter limiter(*coordination);
  const http::Rate rate{2, http::per_minute};
  EXPECT_EQ(run_task(limiter.take("a", rate)).remaining, 1);
  EXPECT_TRUE(run_task(limiter.take("a", rate)).allowed);
  const auto refused = run_task(limiter.take("a", rate));
  EXPECT_FALSE(refused.allowed);
  EXPECT_GT(refused.retry_after.count(), 0);
  EXPECT_TRUE(run_task(limiter.take("b", rate)).allowed);
}

}  // namespace
}  // namespace odeon::server
