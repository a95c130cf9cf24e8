#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "plan/make_plan.h"
#include "plan/saved_plan.h"

namespace CLI {
class App;
}

namespace aegis {

/// The command line as plain values. One struct for all commands: each reads what it declares.
struct Options {
  std::string command;  ///< the verb: "plan"

  std::filesystem::path directory = ".";  ///< -C: the folder with the manifests
  bool no_color = false;
  bool verbose = false;

  PlanOptions plan;             ///< --target, --exclude, --replace, --adopt, --prune
  GuardOptions guard;           ///< --without-backup, --backup-age
  std::filesystem::path out;    ///< plan --out, import --out, alerts render --out
  std::string server;           ///< import --server
  std::filesystem::path file;   ///< apply FILE
  std::string format = "text";  ///< text, json, markdown, html
  bool detailed_exitcode = false;
  bool auto_approve = false;
  bool destroy_all = false;
  int parallelism = 4;
  std::chrono::milliseconds lock_timeout{0};

  std::string path;  ///< explain PATH, unlock SCOPE, init FOLDER, completion SHELL, backup run
                     ///< NAME, restore ADDRESS
  std::string from = "latest";     ///< restore --from
  std::vector<std::string> items;  ///< restore backup/NAME ITEM...
  std::string at;                  ///< restore --at
  std::int64_t spare = 0;          ///< restore --spare
  bool offline = false;            ///< rebuild --offline
  bool drop_snapshots = false;     ///< restore --drop-snapshots
  bool schema = false;             ///< explain --schema
  bool force = false;              ///< unlock --force
  std::string role;                ///< doctor --role

  std::string action;  ///< the second verb of `stack`, `alerts` and `backup`: "render"

  bool watch = false;  ///< status --watch
  std::chrono::milliseconds interval{5'000};

  // alerts test, alerts silence
  std::string channel;
  std::string address;
  std::string comment;
  std::chrono::milliseconds duration{0};
  std::chrono::milliseconds timeout{60'000};

  // stack config
  std::vector<std::string> compose_files;
  std::vector<std::string> compose_env_files;
  std::vector<std::string> profiles;

  // relay
  std::filesystem::path config;
  std::filesystem::path queue;
  std::string listen;
  bool check = false;

  // simulate
  int port = 0;
  std::string node = "pve";
  std::vector<std::string> other_nodes;
  std::filesystem::path state;
  std::filesystem::path env_file;
  std::chrono::milliseconds latency{0};
  std::chrono::milliseconds task_time{0};
  int populate = 0;
};

/// Declares every command and option on `app`; parsing it fills `options`.
void declare_options(CLI::App& app, Options& options);

}  // namespace aegis
