#include "server/admin.hpp"
#include "server/keyring_file.hpp"
#include "server/open.hpp"
#include "server/rooms.hpp"

namespace odeon::server {
namespace {

constexpr int kMostRounds = 20;
// In which whoever has sealed by an old key has written it down.
constexpr std::chrono::seconds kSettling{5};

// How many values each key seals, by room; those in clear are under "".
using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

Task<Counts> count(const Sealed& sealed) {
  Counts counts;
  for (SealedData* data : sealed.all)
    for (const auto& [key, values] : co_await count_by_key(*data)) counts[key][std::string(data->room())] += values;
  co_return counts;
}

// Until servers that still sealed by another key have seen the first.
Task<std::int64_t> reseal_all(const Sealed& sealed, const KeyRing& ring) {
  std::int64_t all = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    std::int64_t some = 0;
    for (SealedData* data : sealed.all) some += co_await reseal(*data, ring, Reseal::outdated);
    all += some;
    if (some == 0) break;
  }
  co_return all;
}

// Keys that open and seal nothing, the first excepted.
std::vector<std::string> idle(const std::vector<std::string>& ids, const Counts& counts) {
  std::vector<std::string> idle;
  for (std::size_t i = 1; i < ids.size(); ++i)
    if (!counts.contains(ids[i])) idle.push_back(ids[i]);
  return idle;
}

json::array lines(const std::vector<std::string>& ids, const Counts& counts, const Sealed& sealed) {
  json::array lines;
  auto add = [&](const std::string& id, std::string_view use) {
    json::object line{{"key", id.empty() ? "(in clear)" : id}, {"use", use}};
    const auto found = counts.find(id);
    for (const SealedData* data : sealed.all) {
      const std::string room(data->room());
      line[room] = found != counts.end() && found->second.contains(room) ? found->second.at(room) : 0;
    }
    lines.push_back(std::move(line));
  };
  for (const auto& id : ids) add(id, id == ids.front() ? "seals" : "opens");
  for (const auto& [id, rooms] : counts)
    if (std::ranges::find(ids, id) == ids.end()) add(id, id.empty() ? "none" : "missing");
  return lines;
}

json::array names(const std::vector<std::string>& ids) {
  return json::array(ids.begin(), ids.end());
}

}  // namespace

Task<Answer> Admin::keys() {
  const auto counts = co_await count(rooms_.sealed);
  co_return Answer{lines(rooms_.ring.ids(), counts, rooms_.sealed), ""};
}

Task<Answer> Admin::rotate_keys(OldKeys old) {
  const bool in_file = has_keyring_file(rooms_.settings);
  const std::string path = in_file ? data_path(rooms_.settings, "keyring") : "";
  if (old == OldKeys::drop && !in_file)
    throw Error(
        Fault::invalid, "KEYS_ARE_SET",
        "The keys come from ODEON_KEYS, where only you can drop one: `odeon admin keys` says which seal nothing.");
  if (in_file) add_to_keyring(path, make_sealing_key(rooms_.clock));
  std::int64_t resealed = co_await reseal_all(rooms_.sealed, rooms_.ring);

  json::object result;
  auto& access = rooms_.people.access;
  if (!access.options().secret) result["signing_key"] = co_await access.add_key();
  std::vector<std::string> dropped;
  if (old == OldKeys::drop) {
    co_await rooms_.clock.sleep_for(kSettling);
    resealed += co_await reseal_all(rooms_.sealed, rooms_.ring);
    dropped = idle(rooms_.ring.ids(), co_await count(rooms_.sealed));
    drop_from_keyring(path, dropped);
  }
  const auto ids = rooms_.ring.ids();
  const auto counts = co_await count(rooms_.sealed);
  result["sealed_again"] = resealed;
  result[in_file ? "dropped" : "may_go"] = names(in_file ? dropped : idle(ids, counts));
  result["keys"] = lines(ids, counts, rooms_.sealed);
  co_await record("", "", "keys_rotated", {{"key", ids.empty() ? "" : ids.front()}, {"dropped", names(dropped)}});
  co_return Answer{std::move(result), ""};
}

}  // namespace odeon::server
