#include "options.h"

#include <CLI/CLI.hpp>

#include "base/units.h"

namespace aegis {
namespace {

// A duration in the manifests' own spelling ("30s", "5m"), or a bare number of seconds.
CLI::Option* add_duration(CLI::App& command,
                          const std::string& name,
                          std::chrono::milliseconds& value,
                          const std::string& description) {
  const auto read = [&value](const CLI::results_t& results) {
    auto parsed = parse_duration(results.at(0));
    if (!parsed) parsed = parse_duration(results.at(0) + "s");
    if (!parsed) return false;
    value = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
    return true;
  };
  return command.add_option(name, read, description)->type_name("DURATION");
}

void add_json(CLI::App& command, Options& options) {
  command.add_flag_callback(
      "--json", [&options] { options.format = "json"; }, "Print JSON on standard output");
}

void add_selection(CLI::App& command, PlanOptions& plan) {
  command
      .add_option("--target", plan.targets, "Only this resource, stack or kind, and what it needs")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--exclude", plan.excludes, "Not this one, nor what needs it")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
}

// What may be removed or replaced without a backup, and how old one may be.
void add_guard(CLI::App& command, GuardOptions& guard) {
  command.add_option("--without-backup", guard.without, "Let this guest go without a fresh backup")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
  const auto read = [&guard](const CLI::results_t& results) {
    const auto age = parse_duration(results.at(0));
    if (age) guard.age = std::chrono::duration_cast<std::chrono::seconds>(*age);
    return age.has_value();
  };
  command.add_option("--backup-age", read, "How old the newest backup of a guest that goes may be")
      ->type_name("DURATION");
}

void add_adoption(CLI::App& command, Options& options) {
  command
      .add_option(
          "--adopt", options.plan.adopts, "Take over this one, which exists without our mark")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
}

void add_planning(CLI::App& command, Options& options) {
  add_selection(command, options.plan);
  command
      .add_option(
          "--replace", options.plan.replaces, "Replace this one: destroy it and make it anew")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
  add_adoption(command, options);
  command.add_flag(
      "--prune", options.plan.prune, "Remove what is ours and no longer in the manifests");
  command.add_flag("--now", options.plan.now, "Make at once what would wait for a window");
  add_guard(command, options.guard);
}

void add_running(CLI::App& command, Options& options) {
  command.add_flag("--auto-approve", options.auto_approve, "Do not ask");
  command.add_option("--parallelism", options.parallelism, "Steps at the same time")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  add_duration(command, "--lock-timeout", options.lock_timeout, "How long to wait for the lock");
}

void declare_planning_commands(CLI::App& app, Options& options) {
  auto* validate = app.add_subcommand("validate", "Check the manifests without asking any system");
  add_json(*validate, options);

  auto* plan = app.add_subcommand("plan", "Show what would change, why, and what it disturbs");
  add_planning(*plan, options);
  add_json(*plan, options);
  plan->add_option("--format", options.format, "How to print the plan")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}))
      ->capture_default_str();
  plan->add_option("--out", options.out, "Save the plan, for `apply FILE`")->type_name("FILE");
  plan->add_flag(
      "--detailed-exitcode", options.detailed_exitcode, "Exit with 2 when there are changes");

  auto* apply = app.add_subcommand("apply", "Make the live systems match the manifests");
  apply->add_option("FILE", options.file, "A plan saved by `plan --out`")->check(CLI::ExistingFile);
  add_planning(*apply, options);
  add_json(*apply, options);
  add_running(*apply, options);

  auto* drift =
      app.add_subcommand("drift", "Exit with 2 when the live systems differ from the manifests");
  add_selection(*drift, options.plan);
  add_json(*drift, options);

  auto* destroy = app.add_subcommand("destroy", "Remove declared resources, each of them named");
  destroy->add_option(
      "ADDRESS", options.plan.destroys, "What to remove: container/web, stack/core");
  destroy->add_flag("--all", options.destroy_all, "Everything in the manifests");
  add_guard(*destroy, options.guard);
  add_json(*destroy, options);
  add_running(*destroy, options);

  auto* importing =
      app.add_subcommand("import", "Write manifests of what is live and in no manifest yet");
  importing->add_option("ADDRESS", options.plan.targets, "Only these: container/web, storage");
  importing->add_option("--server", options.server, "Only of this server")->type_name("NAME");
  importing->add_option("--out", options.out, "Write them into this new file")->type_name("FILE");

  auto* graph = app.add_subcommand("graph", "Print the steps of the plan and their order as DOT");
  add_planning(*graph, options);
}

void declare_other_commands(CLI::App& app, Options& options) {
  auto* explain =
      app.add_subcommand("explain", "Describe a field of the manifests: containers.rootfs");
  explain->add_option("PATH", options.path, "The field; without one, the sections");
  explain->add_flag("--schema", options.schema, "Print the JSON Schema, for editors");

  auto* doctor =
      app.add_subcommand("doctor", "Try the credentials, and tell what they are not enough for");
  doctor->add_option("--role", options.role, "Print the privileges that planning or applying needs")
      ->check(CLI::IsMember({"plan", "apply"}));
  add_json(*doctor, options);

  auto* secrets = app.add_subcommand(
      "secrets", "List the secrets, where they are used, and whether each has a value");
  add_json(*secrets, options);

  auto* status = app.add_subcommand(
      "status", "Show how all that is declared is now; exit with 10 when something is not well");
  status->add_flag("--watch", options.watch, "Look again and again, until it is stopped");
  add_duration(*status, "--interval", options.interval, "Time between two looks; by default 5s");
  add_json(*status, options);

  auto* unlock =
      app.add_subcommand("unlock", "Show who holds the locks; with --force, take them away");
  unlock->add_option("SCOPE", options.path, "server/NAME or stack/NAME; without one, all");
  unlock->add_flag("--force", options.force, "Release the lock, whoever holds it");

  auto* init = app.add_subcommand("init", "Write a first manifest to start from");
  init->add_option("FOLDER", options.path, "Where; by default the current folder");

  auto* completion = app.add_subcommand("completion", "Print a completion script");
  completion->add_option("SHELL", options.path, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  auto* version = app.add_subcommand("version", "Print the version");
  add_json(*version, options);
}

void add_texts(CLI::App& command,
               const std::string& name,
               std::vector<std::string>& values,
               const std::string& description,
               const std::string& type_name) {
  command.add_option(name, values, description)
      ->type_name(type_name)
      ->take_all()
      ->allow_extra_args(false);
}

void declare_stack(CLI::App& app, Options& options) {
  auto* stack = app.add_subcommand("stack", "Commands for one Docker stack");
  stack->require_subcommand(1);
  auto* config =
      stack->add_subcommand("config", "Print what the Compose files of a stack mean together");
  config->add_option("NAME", options.path, "The stack in the manifests");
  add_texts(*config, "--file", options.compose_files, "A Compose file instead of a stack", "FILE");
  add_texts(*config, "--profile", options.profiles, "Enable this profile of the files", "NAME");
  add_texts(*config, "--env-file", options.compose_env_files, "Variables for the files", "FILE");
  config
      ->add_option_function<std::string>(
          "--format",
          [&options](const std::string& format) { options.format = format; },
          "How to print it; by default yaml")
      ->check(CLI::IsMember({"yaml", "json"}));

  auto* prune = stack->add_subcommand(
      "prune", "Remove the images that services ran before the last one that worked");
  prune->add_option("NAME", options.path, "The stack in the manifests; without one, all");
  add_json(*prune, options);
  add_running(*prune, options);
}

void declare_alerts(CLI::App& app, Options& options) {
  auto* alerts = app.add_subcommand("alerts", "Commands for the section `alerts`");
  alerts->require_subcommand(1);
  auto* render = alerts->add_subcommand(
      "render", "Print the files for Prometheus and Alertmanager, without secrets");
  render->add_option("--out", options.out, "Write them into this folder")->type_name("FOLDER");

  auto* test = alerts->add_subcommand(
      "test", "Send a test alert through Alertmanager, and tell what became of it");
  test->add_option("CHANNEL", options.channel, "By the routes that lead to this channel");
  add_duration(*test, "--timeout", options.timeout, "How long to wait for it to arrive");
  add_json(*test, options);

  auto* silence =
      alerts->add_subcommand("silence", "Tell nobody of alerts about something, for a time");
  silence->add_option("ADDRESS", options.address, "What they are about: container/web, server/pve1")
      ->required();
  add_duration(*silence, "--for", options.duration, "For how long; it ends by itself")->required();
  silence->add_option("--comment", options.comment, "Why, for those who see it")->type_name("TEXT");
  add_json(*silence, options);

  auto* silences = alerts->add_subcommand("silences", "List the silences that hold");
  add_json(*silences, options);
}

void declare_backup(CLI::App& app, Options& options) {
  auto* backup = app.add_subcommand("backup", "Commands for backups of containers and machines");
  backup->require_subcommand(1);
  auto* list = backup->add_subcommand(
      "list", "Show how every guest is backed up; exit with 10 when an objective is missed");
  add_json(*list, options);
  auto* run = backup->add_subcommand(
      "run", "Make the backups of an entry of `backups` now, with its options");
  run->add_option("NAME", options.path, "The entry in the manifests")->required();
  add_json(*run, options);
  auto* verify = backup->add_subcommand(
      "verify", "Look into the newest backups of an entry; exit with 10 when one is bad");
  verify->add_option("NAME", options.path, "The entry in the manifests")->required();
  add_json(*verify, options);
}

void declare_restore(CLI::App& app, Options& options) {
  auto* restore = app.add_subcommand(
      "restore",
      "Bring a container or data back from a backup, which is made beside and proven first");
  restore
      ->add_option("ADDRESS",
                   options.path,
                   "The container: container/web; or an entry that saves data: backup/db")
      ->required();
  restore->add_option(
      "ITEM", options.items, "Of data only these: a database, path, volume or repository");
  restore
      ->add_option(
          "--from", options.from, "The backup's volume, the copy, in git a commit; or latest")
      ->type_name("COPY")
      ->capture_default_str();
  restore->add_option("--at", options.at, "The newest copy of data from this time or before, UTC")
      ->type_name("TIME")
      ->excludes("--from");
  restore
      ->add_option("--spare",
                   options.spare,
                   "Number of the container that is made beside it; else 900000 and its own number")
      ->type_name("VMID")
      ->check(CLI::Range(100, 999999999));
  restore
      ->add_option("--without-backup",
                   options.guard.without,
                   "Let what this container holds now go without a backup")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
  restore->add_flag("--drop-snapshots", options.drop_snapshots, "Let its snapshots go");
  add_json(*restore, options);
  add_running(*restore, options);
}

void declare_rebuild(CLI::App& app, Options& options) {
  auto* rebuild = app.add_subcommand(
      "rebuild", "Bring everything back: the servers, their guests from backups, all the rest");
  rebuild
      ->add_option("--without-backup",
                   options.guard.without,
                   "Make this guest anew, empty, although backups are made of it")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
  add_adoption(*rebuild, options);
  rebuild->add_flag(
      "--offline", options.offline, "Ask no system; print how a person does it by hand, for paper");
  rebuild->add_option("--out", options.out, "Write the times as JSON into this file")
      ->type_name("FILE");
  add_running(*rebuild, options);
}

void declare_drill(CLI::App& app, Options& options) {
  auto* drill = app.add_subcommand(
      "drill",
      "Show that containers can be restored: beside, without a network, and removed again");
  drill->add_option(
      "ADDRESS", options.plan.targets, "Only these: container/web; else all in `backups`");
  drill->add_option("--out", options.out, "Write the results as JSON into this file")
      ->type_name("FILE");
  add_duration(*drill, "--lock-timeout", options.lock_timeout, "How long to wait for the lock");
}

void declare_relay(CLI::App& app, Options& options) {
  auto* relay = app.add_subcommand(
      "relay", "Take alerts from Alertmanager and Proxmox, and bring them to people");
  relay->add_option("--config", options.config, "Its channels, as `alerts` renders them")
      ->type_name("FILE")
      ->required();
  auto* check = relay->add_flag("--check", options.check, "Check the file, and do nothing");
  relay->add_option("--queue", options.queue, "Where messages are kept until they are sent")
      ->type_name("FOLDER")
      ->excludes(check);
  relay->add_option("--listen", options.listen, "Address to listen on; by default systemd's socket")
      ->type_name("HOST:PORT");
}

void declare_simulate(CLI::App& app, Options& options) {
  auto* simulate = app.add_subcommand("simulate", "Run an in-memory Proxmox host on loopback");
  simulate->add_option("--port", options.port, "Port to listen on; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  simulate->add_option("--node", options.node, "The node's name")->capture_default_str();
  simulate->add_option("--other-nodes", options.other_nodes, "Further nodes of its cluster: b,c")
      ->type_name("NAMES")
      ->delimiter(',');
  simulate->add_option("--state", options.state, "Folder to keep the state in")
      ->type_name("FOLDER");
  simulate
      ->add_option(
          "--env-file", options.env_file, "Write how to connect into this file (mode 0600)")
      ->type_name("FILE");
  simulate->add_option("--populate", options.populate, "Make this many containers at the start")
      ->check(CLI::Range(0, 100000));
  add_duration(*simulate, "--latency", options.latency, "Delay every answer by this time");
  add_duration(*simulate, "--task-time", options.task_time, "How long a task takes");
}

}  // namespace

void declare_options(CLI::App& app, Options& options) {
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("-C,--directory", options.directory, "The folder with the manifests")
      ->type_name("FOLDER")
      ->capture_default_str();
  app.add_flag("--no-color", options.no_color, "No colour, whatever the terminal can do");
  app.add_flag("-v,--verbose", options.verbose, "Say on standard error what is asked of whom");
  declare_planning_commands(app, options);
  declare_other_commands(app, options);
  declare_stack(app, options);
  declare_alerts(app, options);
  declare_backup(app, options);
  declare_restore(app, options);
  declare_rebuild(app, options);
  declare_drill(app, options);
  declare_relay(app, options);
  declare_simulate(app, options);
  app.parse_complete_callback([&app, &options] {
    for (const CLI::App* command : app.get_subcommands()) {
      options.command = command->get_name();
      for (const CLI::App* action : command->get_subcommands()) options.action = action->get_name();
    }
  });
}

}  // namespace aegis
