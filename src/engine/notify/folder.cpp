#include "engine/notify/folder.hpp"

#include <filesystem>
#include <fstream>

#include "base/ids.hpp"

namespace odeon::notify {
namespace {

struct Written {
  std::string to;
  std::string title;
  std::string body;
  json::object data;
  Instant sent_at;
};
BOOST_DESCRIBE_STRUCT(Written, (), (to, title, body, data, sent_at))

}  // namespace

Task<std::vector<Ticket>> PushFolder::send(PushMessage message, std::vector<std::string> tokens) {
  co_await run_blocking(pool_, [&] {
    for (const auto& token : tokens) write(message, token);
  });
  co_return std::vector<Ticket>(tokens.size());
}

Task<std::map<std::string, Ticket>> PushFolder::receipts(std::vector<std::string>) {
  co_return std::map<std::string, Ticket>();
}

void PushFolder::write(const PushMessage& message, const std::string& token) const {
  const auto path = std::filesystem::path(folder_) / (new_uuid(clock_) + ".json");
  const auto draft = std::filesystem::path(path).replace_extension(".draft");
  std::error_code fault;
  std::filesystem::create_directories(folder_, fault);
  std::ofstream file(draft);
  file << json::write(Written{token, message.title, message.body, message.data, clock_.now()}) << '\n';
  file.close();
  if (file) std::filesystem::rename(draft, path, fault);
  if (!file || fault)
    throw Error(Fault::unavailable, "PUSH_FOLDER", "Push messages cannot be written to the data folder.");
}

}  // namespace odeon::notify
