// The wiring: who gets what. Built from settings, started once, stopped once.
#pragma once

#include <memory>
#include <string>

#include "engine/jobs/queue.hpp"
#include "server/settings.hpp"

namespace odeon::server {

class House {
 public:
  // Opens the data folder and applies migrations. Throws Error that says what is wrong.
  explicit House(Settings settings);
  ~House();  // stops, if that was forgotten

  // Listens and works. Returns the port.
  std::uint16_t start();
  // Ends within `grace` and a little: requests end, streams close, running jobs are handed back.
  void stop(std::chrono::milliseconds grace);

  // For the demo.
  jobs::Queue& queue();
  std::string request_edition();

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

// The OpenAPI document of a product. Throws Error{not_found} for a name that is none.
std::string openapi_of(const std::string& product);

}  // namespace odeon::server
