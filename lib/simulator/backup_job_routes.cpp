#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/backup_jobs.h"
#include "simulator/property_string.h"
#include "simulator/routes.h"
#include "simulator/section_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const Field k_id{.name = "id", .required = true, .max_length = 50, .pattern = "\\S+"};
const std::vector<Field> k_of_job{k_id};
const std::vector<Field> k_none{};

std::vector<Field> with(std::vector<Field> more) {
  more.push_back({.name = "comment", .max_length = 512});
  more.push_back({.name = "dow", .type = list, .needs = "starttime"});
  more.push_back({.name = "enabled", .type = boolean});
  more.push_back({.name = "node", .format = formats::node});
  more.push_back({.name = "repeat-missed", .type = boolean});
  more.push_back({.name = "schedule", .max_length = 128, .format = formats::calendar_event});
  more.push_back({.name = "starttime", .pattern = "\\d{1,2}:\\d{1,2}"});
  more.insert(more.end(), backup_options().begin(), backup_options().end());
  return more;
}

std::span<const Field> new_fields() {
  static const std::vector<Field> k_fields = with({{.name = "id", .format = formats::configid}});
  return k_fields;
}

std::span<const Field> update_fields_of_job() {
  static const std::vector<Field> k_fields =
      with({k_id, {.name = "delete", .type = list, .format = formats::configid}});
  return k_fields;
}

// These calls work below an exception handler that makes one text of a complaint.
Answer wrapped(const FieldErrors& errors) {
  std::string text = "400 Parameter verification failed.";
  for (const auto& [name, complaint] : errors) text += fmt::format("\n{}: {}", name, complaint);
  return refuse(text);
}

Refusal check_job_rights(const World& world, const Call& call) {
  if (Refusal refusal = check_backup_rights(world, call)) return refusal;
  const std::string pool = call.text("pool");
  if (!pool.empty()) {
    if (!world.pools.contains(pool))
      return forbidden(fmt::format("pool '{}' does not exist", pool));
    if (Refusal refusal = require(world, call.caller, "/pool/" + pool, {"VM.Backup"})) {
      return refusal;
    }
  }
  if (!call.has("storage")) return {};
  return require(world, call.caller, "/storage/" + call.text("storage"), {"Datastore.Allocate"});
}

void keep_value(const std::string& name, const std::string& value, Section& job) {
  // The old way to say when: it becomes a schedule.
  if (name == "starttime" || name == "dow") return;
  job.values[name] = value;
}

std::string schedule_of(const Call& call) {
  if (call.has("schedule")) return call.text("schedule");
  const std::string days = call.has("dow") ? call.text("dow") + " " : "";
  return fmt::format("{}{}", days, call.text("starttime"));
}

Json job_json(const std::string& id, const Section& job) {
  Json item = section_json(job, new_fields());
  item["id"] = id;
  item["type"] = "vzdump";
  if (!item.contains("enabled")) item["enabled"] = 1;
  for (const std::string_view name : {"prune-backups", "performance", "fleecing"}) {
    const auto value = job.values.find(name);
    if (value == job.values.end()) continue;
    Json& parsed = item[std::string(name)] = Json::object();
    const Field& field = *find_field(backup_options(), name);
    for (const auto& [key, text] : parse_property_string(field, value->second).values) {
      parsed[key] = text;
    }
  }
  const auto paths = job.values.find("exclude-path");
  if (paths != job.values.end()) item["exclude-path"] = split(paths->second, '\n');
  return item;
}

Answer list_jobs(World& world, const Call&) {
  Json items = Json::array();
  for (const auto& [id, job] : file_of(world, k_jobs_file).sections) {
    items.push_back(job_json(id, job));
  }
  return answer(std::move(items));
}

Answer read_job(World& world, const Call& call) {
  const Section* job = file_of(world, k_jobs_file).find(call.text("id"));
  if (job == nullptr) return invalid("id", fmt::format("No such job '{}'", call.text("id")));
  return answer(job_json(call.text("id"), *job));
}

Answer create_job(World& world, const Call& call) {
  if (Refusal refusal = check_job_rights(world, call)) return *refusal;
  if (!call.has("schedule") && !call.has("starttime")) {
    return invalid("schedule", "neither 'starttime' nor 'schedule' were set");
  }
  SectionFile& file = file_of(world, k_jobs_file);
  const std::string id = call.has("id") ? call.text("id") : world.random.uuid();
  if (file.find(id) != nullptr) return refuse(fmt::format("Job '{}' already exists", id));
  const FieldErrors errors = check_selection(call.parameters);
  if (!errors.empty()) return wrapped(errors);
  Section job{"vzdump", {}, {}};
  for (const auto& [name, value] : object_values(call, {"id"})) keep_value(name, value, job);
  job.values["schedule"] = schedule_of(call);
  job.values.emplace("enabled", "1");
  if (call.has("exclude")) job.values["all"] = "1";
  file.sections[id] = std::move(job);
  return answer();
}

bool can_be_deleted(const std::string& name) {
  return name == "comment" || name == "repeat-missed" || name == "node" ||
         find_field(backup_options(), name) != nullptr;
}

// A new selection takes the place of the one before.
void clear_selection(const Call& call, Section& job) {
  const auto forget = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) job.values.erase(name);
  };
  if (call.has("vmid")) forget({"all", "exclude", "pool"});
  if (call.flag("all")) forget({"vmid", "pool"});
  if (call.has("exclude")) forget({"vmid", "pool"});
  if (call.has("pool") && !call.has("vmid")) forget({"vmid", "all", "exclude"});
}

Answer update_job(World& world, const Call& call) {
  if (Refusal refusal = check_job_rights(world, call)) return *refusal;
  Section* present = file_of(world, k_jobs_file).find(call.text("id"));
  if (present == nullptr) return refuse("no such vzdump job");
  if (present->values.contains("dumpdir") && !call.caller.is_root()) {
    return invalid("dumpdir", "Only root may edit jobs with a 'dumpdir' option.");
  }
  Section job = *present;
  for (const std::string& name : split_any(call.text("delete"), ", ;")) {
    if (!can_be_deleted(name)) {
      return wrapped({{"delete", fmt::format("unknown option '{}'", name)}});
    }
    job.values.erase(name);
  }
  clear_selection(call, job);
  for (const auto& [name, value] : object_values(call, {"id"})) keep_value(name, value, job);
  if (call.has("exclude")) job.values["all"] = "1";
  if (call.has("schedule") || call.has("starttime")) job.values["schedule"] = schedule_of(call);
  const FieldErrors errors = check_selection(job.values);
  if (!errors.empty()) return wrapped(errors);
  *present = std::move(job);
  return answer();
}

Answer delete_job(World& world, const Call& call) {
  const std::string id = call.text("id");
  if (file_of(world, k_jobs_file).sections.erase(id) > 0) return answer();
  return wrapped({{"id", fmt::format("No such job '{}'", id)}});
}

Answer list_unprotected(World& world, const Call& call) {
  Json items = Json::array();
  for (const auto& [vmid, container] : world.containers) {
    if (is_in_job(world, vmid)) continue;
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    items.push_back({{"vmid", vmid}, {"name", container.value("hostname")}, {"type", "lxc"}});
  }
  for (const auto& [vmid, machine] : world.machines) {
    if (is_in_job(world, vmid)) continue;
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    items.push_back({{"vmid", vmid}, {"name", machine.value("name")}, {"type", "qemu"}});
  }
  return answer(std::move(items));
}

}  // namespace

std::vector<Route> backup_job_routes() {
  const std::vector<std::string_view> sees{"Sys.Audit"};
  const std::vector<std::string_view> changes{"Sys.Modify"};
  return {
      {"GET", "/cluster/backup", k_none, list_jobs, "/", sees},
      {"POST", "/cluster/backup", new_fields(), create_job, "/", changes},
      {"GET", "/cluster/backup/{id}", k_of_job, read_job, "/", sees},
      {"PUT", "/cluster/backup/{id}", update_fields_of_job(), update_job, "/", changes},
      {"DELETE", "/cluster/backup/{id}", k_of_job, delete_job, "/", changes},
      {"GET", "/cluster/backup-info/not-backed-up", k_none, list_unprotected},
  };
}

}  // namespace aegis::simulator
