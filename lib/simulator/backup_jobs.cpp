#include "simulator/backup_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "simulator/retention.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

constexpr std::array<std::string_view, 3> k_only_root{"dumpdir", "script", "tmpdir"};
constexpr std::array<std::string_view, 3> k_burdens_host{"bwlimit", "ionice", "performance"};
constexpr std::string_view k_separators = ", ;";

const std::vector<Field> k_performance{
    {.name = "max-workers", .type = integer, .minimum = 1, .maximum = 256},
    {.name = "pbs-entries-max", .type = integer, .minimum = 1}};
const std::vector<Field> k_fleecing{{.name = "enabled", .type = boolean},
                                    {.name = "storage", .format = formats::storage_id}};

const std::vector<Field> k_options{
    {.name = "all", .type = boolean},
    {.name = "bwlimit", .type = integer, .minimum = 0},
    {.name = "compress", .choices = {"0", "1", "gzip", "lzo", "zstd"}},
    {.name = "dumpdir"},
    {.name = "exclude", .type = list, .format = formats::vmid},
    {.name = "exclude-path", .type = array},
    {.name = "fleecing", .members = k_fleecing, .default_key = "enabled"},
    {.name = "ionice", .type = integer, .minimum = 0, .maximum = 8},
    {.name = "lockwait", .type = integer, .minimum = 0},
    {.name = "mailnotification", .choices = {"always", "failure"}},
    {.name = "mailto", .type = list},
    {.name = "maxfiles", .type = integer, .minimum = 1},
    {.name = "mode", .choices = {"snapshot", "suspend", "stop"}},
    {.name = "notes-template", .max_length = 1024, .needs = "storage"},
    {.name = "notification-mode", .choices = {"auto", "legacy-sendmail", "notification-system"}},
    {.name = "notification-policy", .choices = {"always", "failure", "never"}},
    {.name = "notification-target", .format = formats::configid},
    {.name = "pbs-change-detection-mode", .choices = {"legacy", "data", "metadata"}},
    {.name = "performance", .members = k_performance},
    {.name = "pigz", .type = integer},
    {.name = "pool"},
    {.name = "protected", .type = boolean, .needs = "storage"},
    {.name = "prune-backups", .members = retention_fields()},
    {.name = "quiet", .type = boolean},
    {.name = "remove", .type = boolean},
    {.name = "script"},
    {.name = "stdexcludes", .type = boolean},
    {.name = "stop", .type = boolean},
    {.name = "stopwait", .type = integer, .minimum = 0},
    {.name = "storage", .format = formats::storage_id},
    {.name = "tmpdir"},
    {.name = "vmid", .type = list, .format = formats::vmid},
    {.name = "zstd", .type = integer}};

std::vector<std::string> list_of(const Section& job, std::string_view name) {
  const auto found = job.values.find(name);
  return found == job.values.end() ? std::vector<std::string>{}
                                   : split_any(found->second, k_separators);
}

bool names(const std::vector<std::string>& list, const std::string& vmid) {
  return std::find(list.begin(), list.end(), vmid) != list.end();
}

bool takes(const World& world, const Section& job, int vmid) {
  const std::string id = fmt::format("{}", vmid);
  const auto pool = job.values.find("pool");
  if (pool != job.values.end()) return world.pool_of(vmid) == pool->second;
  if (job.values.contains("all")) return !names(list_of(job, "exclude"), id);
  return names(list_of(job, "vmid"), id);
}

// False when the list had nothing else in it.
bool drop_from(Section& job, std::string_view name, const std::string& vmid) {
  std::vector<std::string> list = list_of(job, name);
  if (std::erase(list, vmid) == 0) return true;
  job.values[std::string(name)] = join(list, ",");
  if (list.empty()) job.values.erase(std::string(name));
  return !list.empty();
}

}  // namespace

std::span<const Field> backup_options() {
  return k_options;
}

bool is_in_job(const World& world, int vmid) {
  const auto file = world.files.find(k_jobs_file);
  if (file == world.files.end()) return false;
  const auto& jobs = file->second.sections;
  return std::any_of(
      jobs.begin(), jobs.end(), [&](const auto& job) { return takes(world, job.second, vmid); });
}

void leave_jobs(World& world, int vmid) {
  const auto file = world.files.find(k_jobs_file);
  if (file == world.files.end()) return;
  const std::string id = fmt::format("{}", vmid);
  auto& jobs = file->second.sections;
  for (auto job = jobs.begin(); job != jobs.end();) {
    drop_from(job->second, "exclude", id);
    job = drop_from(job->second, "vmid", id) ? std::next(job) : jobs.erase(job);
  }
}

Refusal check_backup_rights(const World& world, const Call& call) {
  for (const std::string_view option : k_only_root) {
    if (call.has(option) && !call.caller.is_root()) {
      return invalid(option, "Only root may set this option.");
    }
  }
  for (const std::string_view option : k_burdens_host) {
    if (!call.has(option)) continue;
    if (Refusal refusal = require(world, call.caller, "/", {"Sys.Modify"})) return refusal;
  }
  if (!call.has("storage") || !(call.has("prune-backups") || call.has("maxfiles"))) return {};
  return require(world, call.caller, "/storage/" + call.text("storage"), {"Datastore.Allocate"});
}

FieldErrors check_selection(const Parameters& options) {
  const auto all = options.find("all");
  const bool takes_all =
      (all != options.end() && all->second == "1") || options.contains("exclude");
  const bool has_list = options.contains("vmid");
  const bool has_pool = options.contains("pool");
  if (has_list && takes_all) return {{"all", "option conflicts with option 'vmid'"}};
  if (has_list && has_pool) return {{"pool", "option conflicts with option 'vmid'"}};
  if (has_pool && takes_all) return {{"pool", "option conflicts with option 'all'"}};
  if (has_list || takes_all || has_pool) return {};
  return {{"vmid", "property is missing"}};
}

}  // namespace aegis::simulator
