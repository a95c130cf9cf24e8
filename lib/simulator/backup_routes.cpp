#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "simulator/backup_jobs.h"
#include "simulator/backup_work.h"
#include "simulator/cluster.h"
#include "simulator/retention.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

constexpr std::string_view k_default_storage = "local";
constexpr std::string_view k_separators = ", ;";

const Field k_node{.name = "node", .required = true, .format = formats::node};
const std::vector<Field> k_extract{k_node, {.name = "volume", .required = true}};

std::span<const Field> vzdump_fields() {
  static const std::vector<Field> k_fields = [] {
    std::vector<Field> fields(backup_options().begin(), backup_options().end());
    fields.push_back({.name = "node", .format = formats::node});
    fields.push_back({.name = "job-id", .max_length = 50, .pattern = "\\S+"});
    fields.push_back({.name = "stdout", .type = boolean});
    return fields;
  }();
  return k_fields;
}

std::span<const Field> prune_fields() {
  static const std::vector<Field> k_fields{
      k_node,
      {.name = "storage", .required = true, .format = formats::storage_id},
      *find_field(backup_options(), "prune-backups"),
      {.name = "type", .choices = {"qemu", "lxc"}},
      {.name = "vmid", .type = integer, .format = formats::vmid}};
  return k_fields;
}

// Those of this node. Guests of other nodes are passed over, those of no node fail in the task.
std::vector<int> chosen_guests(World& world, const Call& call) {
  std::vector<int> vmids;
  const auto is_here = [&](int vmid) {
    const Guest* guest = world.find_guest(vmid);
    return guest == nullptr || node_of(world, *guest) == world.node;
  };
  if (call.has("vmid")) {
    for (const std::string& vmid : split_any(call.text("vmid"), k_separators)) {
      if (is_here(std::atoi(vmid.c_str()))) vmids.push_back(std::atoi(vmid.c_str()));
    }
    return vmids;
  }
  const std::vector<std::string> excluded = split_any(call.text("exclude"), k_separators);
  const auto choose = [&](int vmid) {
    const std::string id = fmt::format("{}", vmid);
    const bool is_out = std::find(excluded.begin(), excluded.end(), id) != excluded.end();
    const bool fits = !call.has("pool") || world.pool_of(vmid) == call.text("pool");
    if (!is_out && fits && is_here(vmid)) vmids.push_back(vmid);
  };
  for (const auto& [vmid, container] : world.containers) choose(vmid);
  for (const auto& [vmid, machine] : world.machines) choose(vmid);
  std::sort(vmids.begin(), vmids.end());
  return vmids;
}

// What keeps the storage from taking backups shows only in the task.
std::string storage_problem(const World& world, const std::string& name) {
  constexpr std::string_view k_prefix = "could not get storage information for";
  if (const Refusal refusal = check_available(world, name)) {
    return fmt::format(
        "could not activate storage '{0}': {1} {2} '{0}': {1}", name, refusal->message, k_prefix);
  }
  if (Storages::holds(*world.storages.find(name), "backup")) return {};
  return fmt::format(
      "{} '{}': can't use storage '{}' for backups - wrong content type", k_prefix, name, name);
}

Json backup_work(World& world, const Call& call, const std::vector<int>& vmids) {
  const std::string storage =
      call.has("storage") ? call.text("storage") : std::string(k_default_storage);
  const std::string problem = storage_problem(world, storage);
  const bool with_snapshot = !call.has("mode") || call.text("mode") == "snapshot";
  Json work{
      {"verb", "backup"},
      {"vmids", vmids},
      {"storage", storage},
      {"problem", problem},
      {"compress", call.text("compress")},
      {"notes", call.text("notes-template")},
      {"protected", call.flag("protected")},
      {"remove", !call.has("remove") || call.flag("remove")},
      {"rules",
       call.has("prune-backups") ? call.text("prune-backups") : retention_of(world, storage)}};
  work["locked"] = problem.empty() ? lock_for_backup(world, vmids, with_snapshot) : Json::array();
  return work;
}

Answer back_up(World& world, const Call& call) {
  if (call.has("job-id") && !call.caller.is_root()) {
    return invalid("job-id", "Only root may set this option.");
  }
  if (Refusal refusal = check_backup_rights(world, call)) return *refusal;
  FieldErrors errors = check_selection(call.parameters);
  if (!errors.empty()) return invalid(std::move(errors));
  if (call.has("storage")) {
    const std::string path = "/storage/" + call.text("storage");
    if (Refusal refusal = require(world, call.caller, path, {"Datastore.AllocateSpace"})) {
      return *refusal;
    }
  }
  const std::vector<int> vmids = chosen_guests(world, call);
  if (vmids.empty()) return answer("OK");
  const std::string id = vmids.size() == 1 ? fmt::format("{}", vmids.front()) : "";
  return answer(start_task(world, call.caller, "vzdump", id, backup_work(world, call, vmids)));
}

// The archived configuration is told to who may restore it.
Answer extract_config(World& world, const Call& call) {
  const std::string id = call.text("volume");
  const auto found = world.storages.volumes.find(id);
  if (found == world.storages.volumes.end() || found->second.content != "backup") {
    return refuse(fmt::format("volume '{}' does not exist", id));
  }
  const std::string path = fmt::format("/storage/{}", storage_of(id));
  if (Refusal refusal = require(world, call.caller, path, {"Datastore.AllocateSpace"})) {
    return *refusal;
  }
  const std::string guest = fmt::format("/vms/{}", found->second.vmid);
  if (Refusal refusal = require(world, call.caller, guest, {"VM.Backup"})) return *refusal;
  Container archived;
  archived.config = found->second.archived_config;
  return answer(conf_text(archived));
}

std::string rules_of(const World& world, const Call& call) {
  return call.has("prune-backups") ? call.text("prune-backups")
                                   : retention_of(world, call.text("storage"));
}

Answer preview_prune(World& world, const Call& call) {
  if (Refusal refusal = check_available(world, call.text("storage"))) return *refusal;
  Json items = Json::array();
  for (const PruneMark& backup :
       mark_backups(world, call.text("storage"), call.vmid(), rules_of(world, call))) {
    const bool of_machine = backup.volume_id.find("/vzdump-qemu-") != std::string::npos ||
                            backup.volume_id.find("backup/vm/") != std::string::npos;
    const std::string type = of_machine ? "qemu" : "lxc";
    if (call.has("type") && call.text("type") != type) continue;
    items.push_back({{"volid", backup.volume_id},
                     {"ctime", backup.ctime},
                     {"mark", backup.mark},
                     {"type", type},
                     {"vmid", backup.vmid}});
  }
  return answer(std::move(items));
}

Answer prune_backups(World& world, const Call& call) {
  const std::string storage = call.text("storage");
  if (Refusal refusal = check_available(world, storage)) return *refusal;
  const std::string path = "/storage/" + storage;
  if (!call.has("vmid")) {
    if (Refusal refusal = require(world, call.caller, path, {"Datastore.Allocate"})) {
      return *refusal;
    }
  } else if (!may(world, call.caller, path, {"Datastore.Allocate"})) {
    if (Refusal refusal = require(world, call.caller, path, {"Datastore.AllocateSpace"})) {
      return *refusal;
    }
    const std::string guest = "/vms/" + call.text("vmid");
    if (Refusal refusal = require(world, call.caller, guest, {"VM.Backup"})) return *refusal;
  }
  const std::string id = call.has("vmid") ? fmt::format("{}@{}", call.vmid(), storage) : storage;
  return answer(start_task(world,
                           call.caller,
                           "prunebackups",
                           id,
                           {{"verb", "prune"},
                            {"storage", storage},
                            {"vmid", call.vmid()},
                            {"rules", rules_of(world, call)}}));
}

}  // namespace

std::vector<Route> backup_routes() {
  constexpr std::string_view k_prune = "/nodes/{node}/storage/{storage}/prunebackups";
  return {
      {"POST", "/nodes/{node}/vzdump", vzdump_fields(), back_up},
      {"GET", "/nodes/{node}/vzdump/extractconfig", k_extract, extract_config},
      {"GET",
       k_prune,
       prune_fields(),
       preview_prune,
       "/storage/{storage}",
       {"Datastore.Audit", "Datastore.AllocateSpace"}},
      {"DELETE", k_prune, prune_fields(), prune_backups},
  };
}

}  // namespace aegis::simulator
