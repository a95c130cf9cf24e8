#include "manifest/data_backups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/backup_script.h"
#include "manifest/os.h"
#include "manifest/os_composed.h"
#include "manifest/os_paths.h"
#include "manifest/timed_units.h"
#include "manifest/unit_text.h"
#include "model/endpoint.h"

namespace aegis {
namespace {

constexpr std::array<std::string_view, 5> k_sources{
    "postgres", "directories", "volumes", "git", "command"};
constexpr std::array<std::string_view, 8> k_of_guests{
    "of", "storage", "mode", "notes", "protected", "comment", "bwlimit", "rto"};
constexpr std::string_view k_folder = "/var/backups/aegisctl";

Resource script_file(const std::string& name,
                     const std::string& text,
                     const char* mode,
                     const SourceSpan& where,
                     Vault& vault) {
  Resource file;
  file.address = {"", "file", fmt::format("{}/{}", k_scripts_folder, name).substr(1)};
  file.where = where;
  file.spec = {{"mode", mode}};
  put_file_content(text, false, file.spec, vault);
  return file;
}

/// One entry on its way to a script.
class Entry {
 public:
  Entry(const YamlNode::Member& entry, const Json& spec, Reading& reading)
      : entry_(entry), spec_(spec), reading_(reading) {
    script_.name = entry.key;
  }

  // Nothing, with an error, when it is none that can be made.
  std::optional<DataBackup> read() {
    if (!find_source()) return std::nullopt;
    DataBackup backup;
    backup.system = parse_address(text_or(spec_, "on")).value();
    system_ = backup.system;
    read_items();
    read_restore(backup.restore);
    script_.folder = text_or(spec_, "to", fmt::format("{}/{}", k_folder, entry_.key));
    if (script_.source != "git") check_managed_path(script_.folder, place_of("to"), reading_);
    check_schedule(*entry_.value->find("schedule"), reading_);
    backup.source = script_.source;
    backup.items = std::move(items_);
    const Json& remote = get(spec_, "remote");
    if (remote.is_object())
      backup.remote = fmt::format("{}:{}", text_or(remote, "host"), text_or(remote, "path"));
    backup.folder = script_.folder;
    backup.schedule = text_or(spec_, "schedule");
    backup.is_enabled = get(spec_, "enabled") != false;
    backup.script = fmt::format("{}/backup-{}", k_scripts_folder, entry_.key);
    return backup;
  }

  std::vector<Resource> compose() {
    std::vector<Resource> resources;
    const std::string name = "backup-" + entry_.key;
    resources.push_back(
        script_file(name, backup_script(script_, spec_), "0700", entry_.key_where, reading_.vault));
    const std::string service =
        fmt::format("ExecStart={}\nTimeoutStartSec={}\nNice=10\n",
                    exec_words({"/bin/sh", fmt::format("{}/{}", k_scripts_folder, name), "run"}),
                    text_or(spec_, "timeout", "6h"));
    Json settings = Json::object();
    if (spec_.contains("on_failure")) settings["on_failure"] = spec_["on_failure"];
    resources.push_back(
        composed_unit(name + ".service",
                      oneshot_text(fmt::format("Backup {}", entry_.key), "", service, settings),
                      entry_,
                      reading_));
    const bool catches_up = get(spec_, "repeat-missed") != false;
    resources.push_back(composed_timer(name, entry_, spec_, catches_up, reading_));
    return resources;
  }

 private:
  [[nodiscard]] const SourceSpan& place_of(const char* field) const {
    const YamlNode* node = entry_.value->find(field);
    return node == nullptr ? entry_.key_where : node->where;
  }

  bool find_source() {
    std::vector<std::string> given;
    for (const std::string_view source : k_sources) {
      if (spec_.contains(source)) given.emplace_back(source);
    }
    for (const std::string_view field : k_of_guests) {
      if (!spec_.contains(field)) continue;
      reading_.error(place_of(std::string(field).c_str()),
                     "a field of another kind of backup",
                     fmt::format("`{}` is about guests, and this entry saves data.", field));
      return false;
    }
    if (given.size() == 1 && spec_.contains("on")) {
      script_.source = given.front();
      return true;
    }
    reading_.error(
        entry_.key_where,
        "a backup of nothing that can be told",
        fmt::format("backups.{} needs `of`, or `on` with one of postgres, directories, volumes, "
                    "git and command{}.",
                    entry_.key,
                    given.size() < 2 ? "" : "; it has " + list_words(given)));
    return false;
  }

  void read_items() {
    const YamlNode& node = *entry_.value->find(script_.source);
    if (script_.source == "command") {
      script_.command = checked_command(node, reading_);
    } else if (script_.source == "volumes") {
      for (const YamlNode& item : node.items) {
        if (const Resource* volume = in_stack(item)) {
          add_item(item.text, text_or(volume->spec, "name"));
        }
      }
    } else {
      const YamlNode* list = &node;
      if (script_.source == "postgres") list = node.find("databases");
      if (script_.source == "git") list = node.find("repositories");
      if (list != nullptr) {
        for (const YamlNode& item : list->items) add_item(item.text, item.text);
      }
    }
    const YamlNode* service = script_.source == "postgres" ? node.find("service") : nullptr;
    if (service != nullptr) read_service(*service);
    check_twice(node);
  }

  void add_item(const std::string& declared, const std::string& name) {
    items_.push_back({declared, name});
    script_.items.push_back(name);
  }

  [[nodiscard]] std::string project_of(const Resource& service) const {
    const auto& scopes = reading_.manifests.desired.scopes;
    return text_or(scopes.find(service.scope)->second.settings, "project");
  }

  void read_service(const YamlNode& service) {
    if (const Resource* resource = in_stack(service)) script_.project = project_of(*resource);
  }

  void read_restore(DataRestore& restore) {
    const YamlNode* node = entry_.value->find("restore");
    if (node == nullptr) return;
    if (const YamlNode* stops = node->find("stops")) {
      for (const YamlNode& user : stops->items) read_user(user, restore);
    }
    if (script_.source == "command" && !restore.stops.empty()) {
      reading_.error(node->find("stops")->where,
                     "nothing to stop for",
                     "The files of a `command` are not swapped: its `replay` puts them back, and "
                     "can stop who uses them.");
    }
    const YamlNode* queries = node->find("queries");
    if (queries != nullptr && script_.source != "postgres") {
      reading_.error(queries->where,
                     "queries without a database",
                     "Only backups of postgres have databases to ask. Write a command below "
                     "`checks`.");
    }
    const Json& spec = get(spec_, "restore");
    restore.has_checks = !get(spec, "checks").empty() || !get(spec, "queries").empty();
    restore.has_replay = spec.contains("replay");
  }

  void read_user(const YamlNode& user, DataRestore& restore) {
    restore.stops.push_back(user.text);
    if (!user.text.starts_with("stack/")) {
      script_.users.push_back({user.text, ""});
      return;
    }
    const Resource* service = in_stack(user);
    if (service == nullptr) return;
    script_.users.push_back({service->address.name, project_of(*service)});
    const YamlNode* database = entry_.value->find(script_.source)->find("service");
    if (database != nullptr && database->text == user.text) {
      reading_.error(user.where,
                     "the server of its own database",
                     fmt::format("{} has to run while its databases are restored.", user.text));
    }
  }

  void check_twice(const YamlNode& node) {
    auto sorted = script_.items;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return;
    reading_.error(
        node.where, "one thing twice", fmt::format("`{}` is in this backup already.", *twice));
  }

  // What a stack has by that name, when its engine is on the system; null with an error otherwise.
  const Resource* in_stack(const YamlNode& item) {
    const Address address = parse_address(item.text).value();
    const Desired& desired = reading_.manifests.desired;
    const auto scope = desired.scopes.find(address.scope);
    if (scope == desired.scopes.end()) {
      std::vector<std::string> names;
      for (const auto& [name, known] : desired.scopes) {
        if (name.starts_with("stack/")) names.push_back(name.substr(name.find('/') + 1));
      }
      reading_.unknown(
          "stacks", address.scope.substr(address.scope.find('/') + 1), names, item.where);
      return nullptr;
    }
    if (!is_on_system(scope->second)) {
      reading_.error(item.where,
                     "something on another system",
                     fmt::format("{} is not on an engine of {}. Write `on: ` where it is.",
                                 item.text,
                                 to_string(system_)));
      return nullptr;
    }
    const auto found = desired.resources.find(address);
    if (found != desired.resources.end()) return &found->second;
    reading_.error(
        item.where,
        fmt::format("unknown {}", address.kind),
        fmt::format(
            "The Compose files of {} have no {} `{}`.", address.scope, address.kind, address.name));
    return nullptr;
  }

  [[nodiscard]] bool is_on_system(const Scope& stack) const {
    if (system_.kind == "container") {
      return text_or(get(stack.settings, "guest"), "address") == to_string(system_);
    }
    return text_or(stack.settings, "endpoint") == engine_endpoint(ServerEngine{system_.name});
  }

  const YamlNode::Member& entry_;
  const Json& spec_;
  Reading& reading_;
  Address system_;
  BackupScript script_;
  std::vector<DataItem> items_;
};

}  // namespace

bool DataBackups::is_one(const Json& spec) {
  return spec.contains("on") ||
         std::any_of(k_sources.begin(), k_sources.end(), [&](std::string_view source) {
           return spec.contains(source);
         });
}

void DataBackups::read(const YamlNode::Member& entry, const Json& spec) {
  Entry reader(entry, spec, reading_);
  auto data = reader.read();
  if (!data) return;
  System& system =
      systems_.try_emplace(data->system, System{entry.key_where, {}, {}}).first->second;
  if (data->source != "git") {
    const auto [first, is_new] = system.folders.try_emplace(data->folder, entry.key_where);
    if (!is_new) {
      reading_.error(entry.key_where,
                     "two backups in one folder",
                     fmt::format("The copies of `{}` would lie among those of another entry, and "
                                 "`keep` could not tell them apart. Give it another `to`.",
                                 entry.key),
                     first->second);
      return;
    }
  }
  for (Resource& resource : reader.compose()) system.resources.push_back(std::move(resource));
  reading_.manifests.backups[entry.key].data = std::move(*data);
}

void DataBackups::finish() {
  for (auto& [address, system] : systems_) {
    Resource folder;
    folder.address = {"", "directory", std::string(k_scripts_folder.substr(1))};
    folder.where = system.where;
    folder.spec = {{"mode", "0755"}};
    Resource library =
        script_file("backup.sh", backup_library(), "0644", system.where, reading_.vault);
    Address needed = library.address;
    needed.scope = fmt::format("{}/{}", address.kind == "server" ? "host" : "guest", address.name);
    for (Resource& resource : system.resources) {
      if (resource.address.kind == "file") resource.depends_on.push_back(needed);
    }
    system.resources.push_back(std::move(folder));
    system.resources.push_back(std::move(library));
    add_os_resources("backups", address, system.where, std::move(system.resources), reading_);
  }
}

}  // namespace aegis
