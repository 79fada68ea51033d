// The command line.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/task.hpp"
#include "server/admin_commands.hpp"
#include "server/backup.hpp"
#include "server/data_lock.hpp"
#include "server/demo.hpp"
#include "server/house.hpp"
#include "server/inherited.hpp"

// Where jemalloc looks for its options: an arena for each processor instead of four, and what is free goes back to the
// system within a second instead of ten.
extern "C" const char* malloc_conf;
const char* malloc_conf = "percpu_arena:percpu,dirty_decay_ms:1000,muzzy_decay_ms:0";

namespace odeon::server {
namespace {

constexpr std::chrono::seconds kStopWithin{5};

struct Options {
  std::string config;
  std::string data, role, products;
  std::optional<int> port;
  DemoOptions demo;
  std::string product;
  std::string backup_folder;
  bool force = false;
};

std::string read_config(const std::string& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Fault::invalid, "CONFIG", path + " cannot be read.");
  return text;
}

// The command line overrides the environment, which overrides the file.
Settings settings_of(const Options& options) {
  const char* named = std::getenv("ODEON_CONFIG");
  std::string path = options.config.empty() && named != nullptr ? named : options.config;
  if (path.empty() && std::filesystem::exists("odeon.toml")) path = "odeon.toml";
  auto process = Config::process_environment(true);
  auto environment = [&, process](const std::string& name) -> std::optional<std::string> {
    if (name == "ODEON_DATA" && !options.data.empty()) return options.data;
    if (name == "ODEON_ROLE" && !options.role.empty()) return options.role;
    if (name == "ODEON_PRODUCTS" && !options.products.empty()) return options.products;
    if (name == "ODEON_PORT" && options.port) return std::to_string(*options.port);
    return process(name);
  };
  Config config(path.empty() ? "" : read_config(path), path.empty() ? "odeon.toml" : path, environment);
  return read_settings(config);
}

int serve(const Options& options) {
  const auto inherited_socket = take_inherited_socket();
  asio::io_context loop(1);
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  Settings settings = settings_of(options);
  const DataLock lock(settings.data, DataLock::Mode::shared);
  const std::string_view scheme = settings.certificate_file.empty() ? "http" : "https";
  House house(std::move(settings));
  const std::uint16_t port = house.start(inherited_socket);
  fmt::print("listening on {}://127.0.0.1:{}\n", scheme, port);
  std::fflush(stdout);
  signals.async_wait([&](boost::system::error_code, int) { house.stop(kStopWithin); });
  loop.run();
  return 0;
}

int migrate(const Options& options) {
  Settings settings = settings_of(options);
  const DataLock lock(settings.data, DataLock::Mode::shared);
  House house(std::move(settings));
  fmt::print("the database is up to date\n");
  return 0;
}

Settings embedded_settings_of(const Options& options) {
  Settings settings = settings_of(options);
  if (!settings.database_url.empty())
    throw Error(Fault::invalid, "BACKUP",
                "DATABASE_URL is set: a PostgreSQL database is copied with pg_dump and put back with pg_restore "
                "(docs/operations.md).");
  return settings;
}

int run_back_up(const Options& options) {
  const Settings settings = embedded_settings_of(options);
  const Backup made = back_up(settings.data, options.backup_folder);
  fmt::print("{}: {} files, {} bytes\n", options.backup_folder, made.files.size(), made.bytes());
  if (!settings.s3.bucket.empty())
    fmt::print("objects are in the bucket {}, which is not copied\n", settings.s3.bucket);
  if (!settings.keys.empty())
    fmt::print("the keys are those of ODEON_KEYS, which are not copied: keep them, elsewhere\n");
  return 0;
}

int run_restore(const Options& options) {
  const Settings settings = embedded_settings_of(options);
  const Backup restored = restore(settings.data, options.backup_folder, options.force ? Replace::yes : Replace::no);
  fmt::print("{}: as of {}, {} files, {} bytes\n", settings.data, restored.made_at, restored.files.size(),
             restored.bytes());
  return 0;
}

int check_config(const Options& options) {
  settings_of(options);
  fmt::print("the configuration is usable\n");
  return 0;
}

int print_openapi(const Options& options) {
  const auto scratch = std::filesystem::temp_directory_path() / fmt::format("odeon-openapi-{}", ::getpid());
  std::string document;
  {
    House house(Settings{.data = scratch.string(), .log_level = Log::Level::off});
    document = house.openapi(options.product);
  }
  std::filesystem::remove_all(scratch);
  fmt::print("{}\n", document);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Odeon: the backend of products that make media with AI");
  app.require_subcommand(1);
  Options options;
  auto with_config = [&](CLI::App* command) {
    command->add_option("--config", options.config, "TOML file (default: odeon.toml, if there is one)");
    command->add_option("--data", options.data, "folder of the embedded parts");
    return command;
  };
  auto* serve_command = with_config(app.add_subcommand("serve", "answer requests and run jobs"));
  serve_command->add_option("--port", options.port, "0 picks a free one");
  serve_command->add_option("--products", options.products, "names, divided by commas (default: all)");
  serve_command->add_option("--role", options.role, "all, api or worker");
  auto* demo_command = app.add_subcommand("demo", "make one briefing from feed files");
  demo_command->add_option("--out", options.demo.out, "folder for what it makes");
  demo_command->add_option("feeds", options.demo.feeds, "feed files or addresses")->required();
  auto* migrate_command = with_config(app.add_subcommand("migrate", "bring the database up to date"));
  auto* backup_command = with_config(app.add_subcommand("backup", "copy the embedded parts while the server runs"));
  backup_command->add_option("to", options.backup_folder, "a folder, new or empty")->required();
  auto* restore_command = with_config(app.add_subcommand("restore", "put a backup into the data folder"));
  restore_command->add_option("from", options.backup_folder, "a folder that backup made")->required();
  restore_command->add_flag("--force", options.force, "move aside what is there");
  auto* check_command = with_config(app.add_subcommand("check-config", "say whether the configuration is usable"));
  auto* openapi_command = app.add_subcommand("openapi", "print the OpenAPI document of a product");
  openapi_command->add_option("product", options.product, "its name")->required();
  auto* admin_command = with_config(app.add_subcommand("admin", "what operators do; works while the server runs"));
  AdminCommands admin(*admin_command);
  CLI11_PARSE(app, argc, argv);

  if (serve_command->parsed()) return serve(options);
  if (migrate_command->parsed()) return migrate(options);
  if (backup_command->parsed()) return run_back_up(options);
  if (restore_command->parsed()) return run_restore(options);
  if (admin_command->parsed()) {
    admin.run(settings_of(options));
    return 0;
  }
  if (check_command->parsed()) return check_config(options);
  if (openapi_command->parsed()) return print_openapi(options);
  run_demo(options.demo);
  return 0;
}

}  // namespace
}  // namespace odeon::server

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return odeon::server::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "odeon: {}\n", error.what());
    return 1;
  }
}
