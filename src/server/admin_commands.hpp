// The command line of operators: `odeon admin COMMAND`.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "server/admin.hpp"

namespace odeon::server {

class AdminCommands {
 public:
  // Adds its commands to `admin`, which outlives it, as it does the parsing.
  explicit AdminCommands(CLI::App& admin);
  // Does what was parsed and prints the answer. Throws Error.
  void run(Settings settings);

 private:
  struct Given {
    std::string who, file, after, session, product, plan, job;
    jobs::JobFilter filter;
    std::int64_t limit = 50, days = 30;
    std::string by = "day";
    bool drop_old = false, json = false;
  };
  using Act = Task<Answer> (*)(Admin& admin, const Given& given);
  CLI::App* add(const std::string& name, const std::string& help, Act act);
  void add_people();
  void add_work();
  void add_money();
  void add_keys();

  CLI::App& admin_;
  Given given_;
  Act act_ = nullptr;
};

}  // namespace odeon::server
