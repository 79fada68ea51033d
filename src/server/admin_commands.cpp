#include "server/admin_commands.hpp"

#include "server/data_lock.hpp"
#include "server/table.hpp"

namespace odeon::server {
namespace {

const CLI::Range kLimits(1, 10'000);

CLI::Option* who(CLI::App* command, std::string& into) {
  return command->add_option("who", into, "mail address or id")->required();
}

}  // namespace

AdminCommands::AdminCommands(CLI::App& admin) : admin_(admin) {
  admin.require_subcommand(1);
  add_people();
  add_work();
  add_money();
  add_keys();
}

CLI::App* AdminCommands::add(const std::string& name, const std::string& help, Act act) {
  auto* command = admin_.add_subcommand(name, help);
  command->add_flag("--json", given_.json, "for programs");
  command->callback([this, act] { act_ = act; });
  return command;
}

void AdminCommands::add_people() {
  auto* users = add("users", "list people, in the order of their coming",
                    [](Admin& admin, const Given& given) { return admin.users(given.after, given.limit); });
  users->add_option("--after", given_.after, "the id of the last one that was listed");
  users->add_option("--limit", given_.limit, "how many at most")->check(kLimits);
  add("bring-users",
      "people from elsewhere: a file with a line of JSON for each (email, password_hash, verified, data)",
      [](Admin& admin, const Given& given) { return admin.bring_users(given.file); })
      ->add_option("file", given_.file)
      ->required();
  who(add("user", "show a person: account, plans, sessions, links, what happened last",
          [](Admin& admin, const Given& given) { return admin.user(given.who); }),
      given_.who);
  who(add("suspend", "refuse a person everything they hold, within a second",
          [](Admin& admin, const Given& given) { return admin.suspend(given.who); }),
      given_.who);
  who(add("restore", "let a person who was suspended sign in again, and keep an account that waits to be erased",
          [](Admin& admin, const Given& given) { return admin.restore(given.who); }),
      given_.who);
  who(add("verify-mail", "take a person's mail address for verified",
          [](Admin& admin, const Given& given) { return admin.verify_mail(given.who); }),
      given_.who);
  who(add("sessions", "list a person's sessions",
          [](Admin& admin, const Given& given) { return admin.sessions(given.who); }),
      given_.who);
  auto* sign_out = add("sign-out", "end a person's session, or all of them",
                       [](Admin& admin, const Given& given) { return admin.sign_out(given.who, given.session); });
  who(sign_out, given_.who);
  sign_out->add_option("session", given_.session, "its id (default: all)");
  auto* set_plan = add("set-plan", "give a person a plan of a product", [](Admin& admin, const Given& given) {
    return admin.set_plan(given.who, given.product, given.plan);
  });
  who(set_plan, given_.who);
  set_plan->add_option("product", given_.product)->required();
  set_plan->add_option("plan", given_.plan)->required();
  auto* audit = add("audit",
                    "what happened to a person, the newest first; `operator`: to nobody in particular; `nobody`: what "
                    "strangers tried",
                    [](Admin& admin, const Given& given) { return admin.audit(given.who, given.limit); });
  who(audit, given_.who);
  audit->add_option("--limit", given_.limit, "how many at most")->check(kLimits);
}

void AdminCommands::add_work() {
  auto* jobs = add("jobs", "list jobs, the newest first",
                   [](Admin& admin, const Given& given) { return admin.jobs(given.filter); });
  jobs->add_option("--state", given_.filter.state, json::enum_choices<jobs::State>());
  jobs->add_option("--kind", given_.filter.kind, "like briefings.make_edition");
  jobs->add_option("--limit", given_.filter.limit, "how many at most")->check(kLimits);
  add("job", "show a job", [](Admin& admin, const Given& given) { return admin.job(given.job); })
      ->add_option("id", given_.job)
      ->required();
  add("retry-job", "try a job again that failed for good",
      [](Admin& admin, const Given& given) { return admin.retry_job(given.job); })
      ->add_option("id", given_.job)
      ->required();
  add("cancel-job", "end a job that has not ended, and its children",
      [](Admin& admin, const Given& given) { return admin.cancel_job(given.job); })
      ->add_option("id", given_.job)
      ->required();
  add("engagement", "what listeners did, day by day",
      [](Admin& admin, const Given& given) { return admin.engagement(given.days); })
      ->add_option("--days", given_.days, "how many, today included")
      ->check(CLI::Range(1, 3650));
}

void AdminCommands::add_money() {
  add("plans", "list plans, the cheapest of each product first", [](Admin& admin, const Given& given) {
    return admin.plans(given.product);
  })->add_option("--product", given_.product, "of one alone");
  auto* costs = add("costs", "what models cost, and what is earned beside it", [](Admin& admin, const Given& given) {
    return admin.costs(*json::enum_value<CostsBy>(given.by), given.product, given.days);
  });
  costs->add_option("--days", given_.days, "how many, today included")->check(CLI::Range(1, 3650));
  costs->add_option("--by", given_.by, json::enum_choices<CostsBy>() + " (default: day)")
      ->check(CLI::IsMember({"day", "model", "tier", "user"}));
  costs->add_option("--product", given_.product, "of one alone");
}

void AdminCommands::add_keys() {
  add("keys", "list the keys that seal secrets, and how many values each seals",
      [](Admin& admin, const Given&) { return admin.keys(); });
  add("rotate-keys", "seal every secret by the newest key, and sign tokens with a new one",
      [](Admin& admin, const Given& given) {
        return admin.rotate_keys(given.drop_old ? OldKeys::drop : OldKeys::keep);
      })
      ->add_flag("--drop-old", given_.drop_old, "then remove keys from DATA/keyring that seal nothing any more");
}

void AdminCommands::run(Settings settings) {
  settings.log_level = Log::Level::off;
  const DataLock lock(settings.data, DataLock::Mode::shared);
  House house(std::move(settings));
  Admin admin(house.rooms());
  const Answer answer = run_task(act_(admin, given_));
  const std::string text = given_.json           ? json::write(answer.value) + '\n'
                           : answer.text.empty() ? as_text(answer.value)
                                                 : answer.text;
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace odeon::server
