// What the files driver promises beyond the contract of all drivers.
#include "engine/storage/files.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "engine/storage/conformance.hpp"
#include "engine/storage/descriptor.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::storage {
namespace {

namespace fs = std::filesystem;
using testing::FakeClock;

class FilesSubject final : public Subject {
 public:
  Storage& storage() override { return *files_; }

 private:
  testing::ScratchFolder scratch_;
  FakeClock clock_;
  FileSigner signer_{std::string(32, 's'), clock_};
  ThreadPool pool_{3};
  std::unique_ptr<Storage> files_ = open_files(scratch_ / "data/objects", pool_, signer_, clock_);
};

INSTANTIATE_TEST_SUITE_P(Files, Conformance, ::testing::Values([] { return std::make_unique<FilesSubject>(); }));

class Files : public ::testing::Test {
 protected:
  std::unique_ptr<Storage> open() { return open_files(folder_, pool_, signer_, clock_); }
  Stored put(std::string key, std::string bytes) {
    return run_task(storage::put(*storage_, std::move(key), std::move(bytes), {}));
  }
  std::shared_ptr<ReadableObject> get(std::string key) { return run_task(storage_->get(std::move(key))); }

  std::size_t drafts() {
    run_task(run_blocking(pool_, [] {}));  // what is being thrown away is gone once the one thread comes to this
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_ + "/incoming"), {}));
  }

  Fault fault_of(auto&& act) {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr(folder_)));
      return error.fault;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Fault::internal;
  }

  testing::ScratchFolder scratch_;
  std::string folder_ = scratch_ / "store";
  FakeClock clock_;
  FileSigner signer_{std::string(32, 's'), clock_};
  ThreadPool pool_{1};
  std::unique_ptr<Storage> storage_ = open();
};

TEST_F(Files, tag_and_checksum_are_those_of_the_bytes) {
  const std::string bytes = some_bytes(300'000);
  const Stored stored = put("a", bytes);
  EXPECT_EQ(stored.etag, '"' + crypto::sha256_hex(bytes) + '"');
  EXPECT_EQ(stored.md5, crypto::to_hex(crypto::md5(bytes)));
  EXPECT_EQ(stored.modified, clock_.now());
}

TEST_F(Files, what_was_put_is_there_after_a_restart) {
  const Stored stored = put("a/b", "1");
  clock_.advance(std::chrono::hours(1));
  storage_ = open();
  const auto known = run_task(storage_->stat("a/b"));
  EXPECT_EQ(known->etag, stored.etag);
  EXPECT_EQ(known->md5, stored.md5);
  EXPECT_EQ(known->modified, stored.modified);
}

TEST_F(Files, a_held_object_stays_as_it_was) {
  const std::string before = some_bytes(100'000, 1);
  put("a", before);
  auto replaced = get("a");
  put("a", some_bytes(50'000, 2));
  auto removed = get("a");
  run_task(storage_->remove("a"));
  EXPECT_TRUE(contents(*replaced) == before);
  EXPECT_TRUE(contents(*removed) == some_bytes(50'000, 2));
}

TEST_F(Files, the_descriptor_begins_with_the_object) {
  put("a", "0123456789");
  auto object = get("a");
  std::string read(10, '\0');
  ASSERT_EQ(::pread(object->descriptor(), read.data(), read.size(), 0), 10);
  EXPECT_EQ(read, "0123456789");
}

TEST_F(Files, puts_that_fail_leave_no_drafts) {
  SlicedSource broken(some_bytes(600'000), {}, SlicedSource::End::failure);
  EXPECT_THROW(run_task(storage_->put("a", broken, {})), std::runtime_error);
  EXPECT_EQ(drafts(), 0U);
}

TEST_F(Files, removing_the_last_object_removes_its_folders) {
  put("a/b/c", "1");
  put("a/d", "2");
  run_task(storage_->remove("a/b/c"));
  EXPECT_FALSE(fs::exists(folder_ + "/objects/a/b"));
  EXPECT_TRUE(get("a/d"));
  run_task(storage_->remove("a/d"));
  EXPECT_TRUE(fs::is_empty(folder_ + "/objects"));
}

TEST_F(Files, opening_removes_drafts_of_the_dead_and_spares_those_of_the_living) {
  const std::string dead = folder_ + "/incoming/dead", living = folder_ + "/incoming/living";
  std::ofstream(dead) << "half an obj";
  const Descriptor draft(::open(living.c_str(), O_RDWR | O_CREAT, 0600));
  ASSERT_EQ(::flock(draft.get(), LOCK_EX), 0);
  open();
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(living));
}

TEST_F(Files, follow_no_links) {
  std::ofstream(scratch_ / "secret,") << "secret";
  fs::create_symlink(scratch_.path(), folder_ + "/objects/out");
  fs::create_symlink(scratch_ / "secret,", folder_ + "/objects/link,");
  EXPECT_FALSE(get("out/secret"));
  EXPECT_FALSE(get("link"));
  EXPECT_TRUE(run_task(storage_->list("", "", 10)).objects.empty());
  EXPECT_EQ(fault_of([&] { put("out/new", "1"); }), Fault::unavailable);
  run_task(storage_->remove("out/secret"));
  EXPECT_TRUE(fs::exists(scratch_ / "secret,"));
}

TEST_F(Files, a_damaged_file_is_told_from_an_object) {
  put("a", some_bytes(10'000));
  fs::resize_file(folder_ + "/objects/a,", 5'000);
  EXPECT_EQ(fault_of([&] { get("a"); }), Fault::unavailable);
  std::ofstream(folder_ + "/objects/b,") << "{}\xFF\xFF\xFF\x7FODEONOB1";
  EXPECT_EQ(fault_of([&] { get("b"); }), Fault::unavailable);
  put("a", "whole again");
  EXPECT_EQ(contents(*get("a")), "whole again");
}

TEST_F(Files, a_disk_that_takes_no_more_is_unavailable_and_keeps_what_was) {
  put("a", "old");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 300'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Fault fault = fault_of([&] { put("a", some_bytes(1'000'000)); });
  const std::size_t left = drafts();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(fault, Fault::unavailable);
  EXPECT_EQ(left, 0U);
  EXPECT_EQ(contents(*get("a")), "old");
}

TEST_F(Files, a_store_whose_folder_is_gone_is_not_well) {
  fs::remove_all(folder_);
  EXPECT_EQ(fault_of([&] { run_task(storage_->ping()); }), Fault::unavailable);
  EXPECT_EQ(fault_of([&] { put("a/b", "1"); }), Fault::unavailable);
}

TEST_F(Files, a_folder_that_cannot_be_made_stops_the_start) {
  std::ofstream(scratch_ / "file") << "";
  EXPECT_EQ(fault_of([&] { open_files(scratch_ / "file/store", pool_, signer_, clock_); }), Fault::unavailable);
}

// The listing against a sorted map, for any keys, prefixes and page sizes.
RC_GTEST_FIXTURE_PROP(Files, pages_are_those_of_a_sorted_map, ()) {
  const auto part = rc::gen::container<std::string>(rc::gen::element('a', 'b', '-', '.', '0', '/'));
  std::set<std::string> expected;
  for (const auto& key : *rc::gen::resize(15, rc::gen::container<std::vector<std::string>>(part)))
    if (is_key(key)) {
      put(key, "");
      expected.insert(key);
    }
  const std::string prefix = *part;
  std::erase_if(expected, [&](const auto& key) { return !key.starts_with(prefix); });
  std::vector<std::string> listed;
  const auto limit = *rc::gen::inRange<std::size_t>(1, 8);
  std::string cursor;
  do {
    const Page page = run_task(storage_->list(prefix, cursor, limit));
    RC_ASSERT(page.objects.size() <= limit);
    for (const auto& object : page.objects) listed.push_back(object.key);
    cursor = page.next;
  } while (!cursor.empty());
  RC_ASSERT(listed == std::vector(expected.begin(), expected.end()));
}

}  // namespace
}  // namespace odeon::storage
