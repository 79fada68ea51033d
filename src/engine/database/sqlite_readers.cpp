#include "engine/database/sqlite_readers.hpp"

#include "engine/database/sqlite_errors.hpp"

namespace odeon::database::sqlite {
namespace {

constexpr std::size_t kBatch = 32;        // reads in one snapshot
constexpr std::size_t kWorthAnother = 8;  // waiting reads per awake thread that make another useful

}  // namespace

Readers::Readers(const std::string& path, std::size_t count, std::function<void(Request&)> writes)
    : writes_(std::move(writes)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, count); ++i)
    readers_.push_back(std::make_unique<Reader>(*this, path));
  quick_ = readers_.size();
  for (auto& reader : readers_) {
    reader->connection.on_slow(
        [](void* self) {
          auto& slow = *static_cast<Reader*>(self);
          if (!slow.slow) slow.pool.yield(slow);
        },
        reader.get());
    reader->thread = std::thread([this, &reader = *reader] { work(reader); });
  }
}

void Readers::submit(Request& request) {
  {
    std::lock_guard lock(mutex_);
    if (!stopping_) {
      waiting_.push_back(&request);
      if (quick_ == 0 || waiting_.size() > quick_ * kWorthAnother) wake_one();
      return;
    }
  }
  Completions done;
  done.fail(request, std::make_exception_ptr(unavailable("the database is closed")));
  done.flush();
}

bool Readers::withdraw(Request& request) {
  std::lock_guard lock(mutex_);
  return std::erase(waiting_, &request) != 0;
}

void Readers::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& reader : readers_)
    if (reader->thread.joinable()) reader->thread.join();
  readers_.clear();
}

void Readers::wake_one() {
  if (sleeping_ == 0) return;
  --sleeping_;
  ++quick_;
  ++calls_;
  wake_.notify_one();
}

void Readers::work(Reader& reader) {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!waiting_.empty()) {
      take(reader);
      lock.unlock();
      serve(reader);
      lock.lock();
    }
    if (stopping_) return;
    --quick_;
    ++sleeping_;
    wake_.wait(lock, [this] { return calls_ > 0 || stopping_; });
    if (calls_ > 0) --calls_;
  }
}

void Readers::take(Reader& reader) {
  const auto count = std::min(kBatch, waiting_.size());
  reader.taken.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Readers::serve(Reader& reader) {
  // All were submitted before the snapshot is taken, so each sees every commit acknowledged before it.
  const bool together = reader.taken.size() > 1;
  if (together) reader.connection.control("BEGIN");
  while (!reader.taken.empty()) {
    Request& request = *reader.taken.front();
    reader.taken.pop_front();
    serve_one(reader, request);
  }
  if (together && reader.connection.in_transaction()) reader.connection.control("COMMIT");
  count_as_quick(reader);
  reader.done.flush();
}

void Readers::serve_one(Reader& reader, Request& request) {
  try {
    if (reader.connection.is_read_only(request.sql)) {
      request.changed = reader.connection.run(request.sql, request.batches, request.sink);
      reader.done.add(request);
    } else {
      writes_(request);
    }
  } catch (...) {
    reader.done.fail(request, std::current_exception());
  }
  count_as_quick(reader);
}

// Whatever was slow is over, be it a statement or the ends of a snapshot. A reader that went to sleep
// without this would be counted out twice, and nobody would be woken again.
void Readers::count_as_quick(Reader& reader) {
  if (!reader.slow) return;
  std::lock_guard lock(mutex_);
  reader.slow = false;
  ++quick_;
}

// A long statement makes nobody wait: what is finished goes out, and others take what was taken.
void Readers::yield(Reader& reader) {
  reader.done.flush();
  std::lock_guard lock(mutex_);
  reader.slow = true;
  --quick_;
  waiting_.insert(waiting_.begin(), reader.taken.begin(), reader.taken.end());
  reader.taken.clear();
  if (!waiting_.empty()) wake_one();
}

}  // namespace odeon::database::sqlite
