#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "simulator/cluster.h"
#include "simulator/replication.h"
#include "simulator/routes.h"
#include "simulator/section_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const std::vector<SectionType> k_types{{"local",
                                        {{.name = "target", .required = true, .fixed = true},
                                         {.name = "guest", .required = true, .fixed = true},
                                         {.name = "jobnum", .required = true, .fixed = true},
                                         {"source"},
                                         {"schedule"},
                                         {"rate"},
                                         {"comment"},
                                         {"disable"},
                                         {"remove_job"}}}};

const Field k_id{.name = "id", .required = true, .pattern = "[1-9][0-9]{2,8}-\\d{1,9}"};
const std::vector<Field> k_changeable{
    k_id,
    {.name = "comment", .max_length = 4096},
    {.name = "disable", .type = boolean},
    {.name = "rate", .type = number, .minimum = 1},
    {.name = "remove_job", .choices = {"local", "full"}},
    {.name = "schedule", .max_length = 128, .format = formats::calendar_event},
    {.name = "source", .format = formats::node}};
const std::vector<Field> k_shown{{.name = "guest", .type = integer},
                                 {.name = "jobnum", .type = integer},
                                 {.name = "disable", .type = boolean}};
const std::vector<Field> k_of_job{k_id};
const std::vector<Field> k_none{};

std::vector<Field> with(std::vector<Field> more) {
  more.insert(more.end(), k_changeable.begin(), k_changeable.end());
  return more;
}

bool sees(const World& world, const Caller& caller, const std::string& id) {
  return may(world, caller, fmt::format("/vms/{}", id.substr(0, id.find('-'))), {"VM.Audit"});
}

Answer missing(const std::string& id) {
  return refuse(fmt::format("no such replication job '{}'", id));
}

// Guests are replicated from the storages that can send a snapshot.
bool can_replicate(const World& world, int vmid) {
  return std::all_of(
      world.storages.volumes.begin(), world.storages.volumes.end(), [&](const auto& entry) {
        if (entry.second.vmid != vmid || entry.second.content == "backup") return true;
        const Storage* storage = world.storages.find(storage_of(entry.first));
        return storage != nullptr && storage->type == "zfspool";
      });
}

Refusal check_target(const World& world, const SectionFile& file, int vmid, const Call& call) {
  const std::string target = call.text("target");
  if (target == world.node) {
    return refuse(fmt::format("unable to replicate guest '{}' to its own node", vmid));
  }
  if (Refusal refusal = check_cluster_node(world, target)) return refusal;
  const std::string guest = fmt::format("{}", vmid);
  for (const auto& [id, job] : file.sections) {
    if (job.values.at("guest") == guest && job.values.at("target") == target) {
      return refuse(fmt::format(
          "replication job for guest '{}' to target '{}' already exists", guest, target));
    }
  }
  return {};
}

Answer list_jobs(World& world, const Call& call) {
  Json items = Json::array();
  const SectionFile& file = file_of(world, k_replication_file);
  for (const auto& [id, job] : file.sections) {
    if (sees(world, call.caller, id)) items.push_back(object_json(file, id, "id", k_shown));
  }
  return answer(std::move(items));
}

Answer read_job(World& world, const Call& call) {
  const std::string id = call.text("id");
  if (!sees(world, call.caller, id)) {
    return forbidden(fmt::format("/vms/{}, VM.Audit", id.substr(0, id.find('-'))));
  }
  const SectionFile& file = file_of(world, k_replication_file);
  if (file.find(id) == nullptr) return missing(id);
  return answer(object_json(file, id, "id", k_shown));
}

Answer create_job(World& world, const Call& call) {
  const std::string id = call.text("id");
  const std::size_t dash = id.find('-');
  const int vmid = std::atoi(id.substr(0, dash).c_str());
  SectionFile& file = file_of(world, k_replication_file);
  if (world.find_guest(vmid) == nullptr)
    return refuse(fmt::format("guest '{}' does not exist", vmid));
  if (file.find(id) != nullptr) {
    return refuse(fmt::format("replication job '{}' already exists", id));
  }
  if (Refusal refusal = check_target(world, file, vmid, call)) return *refusal;
  if (!can_replicate(world, vmid)) {
    return refuse("missing replicate feature on volume of the guest");
  }
  SectionValues values = object_values(call, {"id", "type"});
  values["guest"] = id.substr(0, dash);
  values["jobnum"] = id.substr(dash + 1);
  values.emplace("source", world.node);
  Section section{"local", {}, {}};
  set_values(k_types.front(), values, section);
  file.sections[id] = std::move(section);
  return answer();
}

Answer update_job(World& world, const Call& call) {
  const std::string id = call.text("id");
  const SectionValues values = object_values(call, {"id"});
  const std::string none = missing(id).message;
  const Refusal refusal =
      change_object(call, k_types, values, id, none, file_of(world, k_replication_file));
  return refusal ? *refusal : answer();
}

// The scheduler removes what is on the target and then the job; here that takes no time.
Answer delete_job(World& world, const Call& call) {
  const std::string id = call.text("id");
  if (file_of(world, k_replication_file).sections.erase(id) == 0) return missing(id);
  return answer();
}

}  // namespace

std::string replication_job_of(const World& world, int vmid) {
  const auto file = world.files.find(k_replication_file);
  if (file == world.files.end()) return {};
  const std::string prefix = fmt::format("{}-", vmid);
  for (const auto& [id, job] : file->second.sections) {
    if (id.starts_with(prefix)) return id;
  }
  return {};
}

std::vector<Route> replication_routes() {
  static const std::vector<Field> k_new =
      with({{.name = "type", .required = true, .choices = {"local"}},
            {.name = "target", .required = true, .format = formats::node}});
  static const std::vector<Field> k_update =
      with({{.name = "delete", .type = list, .max_length = 4096, .format = formats::configid},
            {.name = "digest", .max_length = 64}});
  static const std::vector<Field> k_delete{
      k_id, {.name = "force", .type = boolean}, {.name = "keep", .type = boolean}};
  const std::vector<std::string_view> changes{"Datastore.Allocate"};
  return {
      {"GET", "/cluster/replication", k_none, list_jobs},
      {"POST", "/cluster/replication", k_new, create_job, "/storage", changes},
      {"GET", "/cluster/replication/{id}", k_of_job, read_job},
      {"PUT", "/cluster/replication/{id}", k_update, update_job, "/storage", changes},
      {"DELETE", "/cluster/replication/{id}", k_delete, delete_job, "/storage", changes},
  };
}

}  // namespace aegis::simulator
