#include "engine/storage/files.hpp"

#include "engine/storage/disk.hpp"

namespace odeon::storage {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

// A draft that is opened, written and thrown away on the pool alone, however its put ends.
struct PooledDraft {
  ThreadPool& pool;
  std::unique_ptr<Disk::Draft> draft;

  ~PooledDraft() {
    if (draft) asio::post(pool, [gone = std::move(draft)] {});
  }
};

class Held final : public ReadableObject {
 public:
  Held(Descriptor file, Stored stored, ThreadPool& pool)
      : file_(std::move(file)), stored_(std::move(stored)), pool_(pool) {}

  std::uint64_t size() const override { return stored_.size; }
  int descriptor() const override { return file_.get(); }
  std::string content_type() const override { return stored_.content_type; }
  std::string etag() const override { return stored_.etag; }
  Instant modified() const override { return stored_.modified; }

  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset >= stored_.size || into.empty()) co_return 0;
    const auto wanted = std::min<std::uint64_t>(into.size(), stored_.size - offset);
    co_return co_await run_blocking(pool_, [file = file_.get(), offset, to = into.data(), wanted]() -> std::size_t {
      ssize_t count = 0;
      do count = ::pread(file, to, wanted, static_cast<off_t>(offset));
      while (count < 0 && errno == EINTR);
      must(count >= 0, "read of an object");
      if (count == 0) fail("an object became shorter", EIO);
      return static_cast<std::size_t>(count);
    });
  }

 private:
  Descriptor file_;
  Stored stored_;
  ThreadPool& pool_;
};

class Files final : public Storage {
 public:
  Files(const std::string& folder, ThreadPool& pool, const FileSigner& signer, const Clock& clock)
      : disk_(std::make_shared<Disk>(folder)), pool_(pool), signer_(signer), clock_(clock) {}

  Task<Stored> put(std::string key, ByteSource& from, PutOptions options) override {
    check_key(key);
    check_content_type(options.content_type);
    PooledDraft pooled{pool_, nullptr};
    const auto buffer = std::make_unique_for_overwrite<char[]>(kChunk);
    for (std::uint64_t total = 0;;) {
      const std::size_t filled = co_await fill(from, std::span(buffer.get(), kChunk), options.max_bytes - total);
      total += filled;
      auto write = [this, &pooled, bytes = std::string_view(buffer.get(), filled)] {
        if (!pooled.draft) pooled.draft = std::make_unique<Disk::Draft>(disk_);
        pooled.draft->append(bytes);
      };
      if (filled == kChunk) {
        co_await run_blocking(pool_, write);
        continue;
      }
      co_return co_await run_blocking(pool_, [this, &pooled, &key, &options, write] {
        write();
        Stored stored = pooled.draft->commit(key, options.content_type, clock_.now());
        pooled.draft.reset();
        return stored;
      });
    }
  }

  Task<std::shared_ptr<ReadableObject>> get(std::string key) override {
    check_key(key);
    co_return co_await run_blocking(pool_, [this, &key]() -> std::shared_ptr<ReadableObject> {
      Descriptor file = disk_->open(key);
      if (!file) return nullptr;
      Stored stored = stored_in(file.get(), key);
      return std::make_shared<Held>(std::move(file), std::move(stored), pool_);
    });
  }

  Task<std::optional<Stored>> stat(std::string key) override {
    check_key(key);
    co_return co_await run_blocking(pool_, [this, &key] { return disk_->stat(key); });
  }

  Task<void> remove(std::string key) override {
    check_key(key);
    co_await run_blocking(pool_, [this, &key] { disk_->remove(key); });
  }

  Task<Page> list(std::string prefix, std::string cursor, std::size_t limit) override {
    co_return co_await run_blocking(pool_, [&, this] { return disk_->list(prefix, cursor, limit); });
  }

  std::string sign_read(std::string_view key, std::chrono::seconds lifetime) override {
    return signer_.read_target(key, lifetime);
  }

  UploadGrant sign_upload(std::string_view key, std::uint64_t size, std::string content_type,
                          std::chrono::seconds lifetime) override {
    const Instant expires_at = std::chrono::floor<std::chrono::seconds>(clock_.now()) + lifetime;
    std::string url = signer_.upload_target(key, size, content_type, expires_at);
    return {"PUT", std::move(url), {{"Content-Type", std::move(content_type)}}, expires_at};
  }

  Task<void> ping() override {
    co_await run_blocking(pool_, [this] {
      Disk::Draft draft(disk_);
      draft.append("?");
      draft.check();
    });
  }

 private:
  // Less than the whole of `into` at the end of the stream only.
  static Task<std::size_t> fill(ByteSource& from, std::span<char> into, std::uint64_t allowed) {
    std::size_t filled = 0;
    while (filled < into.size()) {
      const std::size_t count = co_await from.read(into.subspan(filled));
      if (count == 0) break;
      filled += count;
      if (filled > allowed) throw Error(Fault::too_large, "TOO_LARGE", "This is larger than what is accepted here.");
    }
    co_return filled;
  }

  std::shared_ptr<const Disk> disk_;
  ThreadPool& pool_;
  const FileSigner& signer_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<Storage> open_files(std::string folder, ThreadPool& pool, const FileSigner& signer,
                                    const Clock& clock) {
  return std::make_unique<Files>(folder, pool, signer, clock);
}

}  // namespace odeon::storage
