#include <fmt/format.h>

#include "simulator/container_update.h"
#include "simulator/hotplug.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};
const Field k_name{
    .name = "snapname", .required = true, .max_length = 40, .format = formats::configid};
const Field k_description{.name = "description"};

const std::vector<Field> k_of_guest{k_node, k_vmid};
const std::vector<Field> k_of_snapshot{k_node, k_vmid, k_name};
const std::vector<Field> k_described{k_node, k_vmid, k_name, k_description};
const std::vector<Field> k_delete{k_node, k_vmid, k_name, {.name = "force", .type = boolean}};
const std::vector<Field> k_rollback{k_node, k_vmid, k_name, {.name = "start", .type = boolean}};

Answer missing(const Call& call) {
  return refuse(fmt::format("snapshot '{}' does not exist", call.text("snapname")));
}

// Work on a snapshot is a task, whatever is wrong with it shows there.
Answer run(World& world, const Call& call, std::string type, Json work) {
  if (world.find_container(call.vmid()) == nullptr) return missing_container(world, call.vmid());
  work["vmid"] = call.vmid();
  work["snapshot"] = call.text("snapname");
  return answer(start_task(
      world, call.caller, std::move(type), fmt::format("{}", call.vmid()), std::move(work)));
}

Answer list_snapshots(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  Json items = Json::array();
  for (const auto& [name, values] : container->snapshots) {
    const Json shown = snapshot_json(values);
    Json item{{"name", name},
              {"snaptime", get(shown, "snaptime")},
              {"description", text_or(shown, "description")}};
    if (shown.contains("parent")) item["parent"] = shown["parent"];
    items.push_back(std::move(item));
  }
  Json current{{"name", "current"},
               {"description", "You are here!"},
               {"running", container->running ? 1 : 0},
               {"digest", digest_of(*container)}};
  const std::string parent = container->value("parent");
  if (!parent.empty()) current["parent"] = parent;
  items.push_back(std::move(current));
  return answer(std::move(items));
}

Answer create_snapshot(World& world, const Call& call) {
  const std::string name = call.text("snapname");
  if (name == "current" || name == "vzdump") {
    return refuse(fmt::format("unable to use snapshot name '{}' (reserved name)", name));
  }
  return run(
      world, call, "vzsnapshot", {{"verb", "snapshot"}, {"description", call.text("description")}});
}

Answer delete_snapshot(World& world, const Call& call) {
  return run(world, call, "vzdelsnapshot", {{"verb", "delete_snapshot"}});
}

Answer roll_back(World& world, const Call& call) {
  return run(world, call, "vzrollback", {{"verb", "rollback"}, {"start", call.flag("start")}});
}

Answer snapshot_index(World&, const Call&) {
  return answer(Json::array({{{"cmd", "rollback"}}, {{"cmd", "config"}}}));
}

Answer read_snapshot(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  const auto found = container->snapshots.find(call.text("snapname"));
  if (found == container->snapshots.end()) return missing(call);
  return answer(snapshot_json(found->second));
}

Answer update_snapshot(World& world, const Call& call) {
  Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  if (Refusal refusal = check_lock(*container)) return *refusal;
  const auto found = container->snapshots.find(call.text("snapname"));
  if (found == container->snapshots.end()) return missing(call);
  if (call.has("description")) found->second["description"] = call.text("description");
  return answer();
}

}  // namespace

std::vector<Route> snapshot_routes() {
  constexpr std::string_view k_guest = "/vms/{vmid}";
  constexpr std::string_view k_all = "/nodes/{node}/lxc/{vmid}/snapshot";
  constexpr std::string_view k_one = "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}";
  constexpr std::string_view k_config = "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config";
  const std::vector<std::string_view> makes{"VM.Snapshot"};
  const std::vector<std::string_view> rolls_back{"VM.Snapshot", "VM.Snapshot.Rollback"};
  const std::vector<std::string_view> reads{"VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"};
  return {
      {"GET", k_all, k_of_guest, list_snapshots, k_guest, {"VM.Audit"}},
      {"POST", k_all, k_described, create_snapshot, k_guest, makes},
      {"GET", k_one, k_of_snapshot, snapshot_index},
      {"DELETE", k_one, k_delete, delete_snapshot, k_guest, makes},
      {"GET", k_config, k_of_snapshot, read_snapshot, k_guest, reads},
      {"PUT", k_config, k_described, update_snapshot, k_guest, makes},
      {"POST",
       "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback",
       k_rollback,
       roll_back,
       k_guest,
       rolls_back},
  };
}

}  // namespace aegis::simulator
