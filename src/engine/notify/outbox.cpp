#include "engine/notify/outbox.hpp"

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::notify {

Task<void> Outbox::send(Letter letter) {
  co_await run_blocking(pool_, [&] { write(letter); });
  log_.info("mail.outbox",
            {{"file", folder_ + "/" + letter.id + ".eml"}, {"links", text::join(links_in(letter.text), " ")}});
}

void Outbox::write(const Letter& letter) const {
  const std::string bytes = compose(letter);
  const auto path = std::filesystem::path(folder_) / (letter.id + ".eml");
  const auto draft = std::filesystem::path(path).replace_extension(".draft");
  std::error_code fault;
  std::filesystem::create_directories(folder_, fault);
  std::ofstream file(draft, std::ios::binary);
  file << bytes;
  file.close();
  if (file) std::filesystem::rename(draft, path, fault);
  if (!file || fault) throw Error(Fault::unavailable, "MAIL_OUTBOX", "Mails cannot be written to the data folder.");
}

std::vector<std::string> links_in(std::string_view text) {
  std::vector<std::string> links;
  for (std::size_t at = text.find("http"); at != std::string_view::npos; at = text.find("http", at + 1)) {
    const auto rest = text.substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) continue;
    const auto end = std::ranges::find_if(rest, [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == '<' || c == '>' || c == '"' || c == 0x7F;
    });
    links.emplace_back(rest.begin(), end);
    at += links.back().size() - 1;
  }
  return links;
}

}  // namespace odeon::notify
