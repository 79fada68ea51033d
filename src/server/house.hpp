// The wiring: who gets what. Built from settings, started once, stopped once.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/settings.hpp"

namespace odeon::server {

class House {
 public:
  // Opens the data folder, applies migrations and seals what secrets lie there in clear. Throws Error that says what is
  // wrong.
  explicit House(Settings settings);
  ~House();  // stops, if that was forgotten

  // Listens and works; on `inherited_socket`, if there is one, instead of the address of the settings. Returns
  // the port.
  std::uint16_t start(std::optional<int> inherited_socket = std::nullopt);
  // Ends within `grace` and a little: requests end, streams close, running jobs are handed back.
  void stop(std::chrono::milliseconds grace);

  // Asks for the briefing of the present four hours, if there is none yet. Returns its id.
  std::string request_edition();
  // The OpenAPI document of a product. Throws Error{not_found} for a name that is none.
  std::string openapi(const std::string& product);

  struct Rooms;  // rooms.hpp
  // As long as the house stands.
  Rooms& rooms() { return *rooms_; }

 private:
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace odeon::server
