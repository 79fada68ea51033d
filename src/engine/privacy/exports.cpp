#include "engine/privacy/exports.hpp"

#include "engine/privacy/zip_stream.hpp"

namespace odeon::privacy {
namespace {

constexpr std::int64_t kAuditPage = 500;

struct Manifest {
  Instant exported_at;
  std::string product;  // or "all"
  std::vector<std::string> files;
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (exported_at, product, files))

class ZipArchive final : public PersonalArchive {
 public:
  ZipArchive(ZipStream& zip, storage::Storage& storage) : zip_(zip), storage_(storage) {}

  Task<void> document(std::string path, std::string text) override {
    paths_.push_back(path);
    co_await zip_.add(std::move(path), std::move(text));
  }
  Task<void> object(std::string path, std::string storage_key) override {
    auto object = co_await storage_.get(std::move(storage_key));
    if (!object) co_return;
    paths_.push_back(path);
    co_await zip_.add(std::move(path), std::move(object));
  }
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  ZipStream& zip_;
  storage::Storage& storage_;
  std::vector<std::string> paths_;
};

}  // namespace

http::StreamBody Exports::of(std::string user_id, std::string product) {
  return [this, user_id = std::move(user_id), product = std::move(product)](this auto, http::BodyWriter& to) {
    return write(user_id, product, to);
  };
}

Task<void> Exports::write(std::string user_id, std::string product, http::BodyWriter& to) {
  ZipStream zip(to, pool_, clock_.now());
  ZipArchive archive(zip, storage_);
  for (auto* room : rooms_) co_await room->tell(user_id, product, archive);
  co_await archive.document("consents.json", json::write(co_await consents_.current(user_id, product)));
  std::vector<AuditEntry> trail;
  for (auto page = co_await audit_.of(user_id, "", kAuditPage); !page.empty();
       page = co_await audit_.of(user_id, trail.back().id, kAuditPage))
    std::ranges::move(page, std::back_inserter(trail));
  co_await archive.document("audit.json", json::write(trail));
  const Manifest manifest{clock_.now(), product.empty() ? "all" : product, archive.paths()};
  co_await archive.document("manifest.json", json::write(manifest));
  co_await zip.finish();
}

}  // namespace odeon::privacy
