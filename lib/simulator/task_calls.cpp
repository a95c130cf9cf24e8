#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "simulator/node_calls.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

constexpr std::int64_t k_page = 50;

bool sees(const World& world, const Caller& caller, const Task& task) {
  const Caller owner{task.user};
  const bool own = caller.is_token() ? task.user == caller.id : owner.user() == caller.id;
  return own || may(world, caller, "/nodes/" + world.node, {"Sys.Audit"});
}

std::string_view kind_of(const Task& task) {
  if (task.exit_status == "OK") return "ok";
  if (task.exit_status.starts_with("WARNINGS: ")) return "warning";
  return task.exit_status == "unexpected status" ? "unknown" : "error";
}

bool is_wanted(const Call& call, const Task& task) {
  const std::string source = call.has("source") ? call.text("source") : "archive";
  if (source == "active" && !task.running) return false;
  if (source == "archive" && task.running) return false;
  if (call.has("vmid") && task.id != call.text("vmid")) return false;
  if (call.has("typefilter") && task.type != call.text("typefilter")) return false;
  const bool of_user = task.user.find(call.text("userfilter")) != std::string::npos;
  if (call.has("userfilter") && !of_user) return false;
  const auto started =
      std::chrono::duration_cast<std::chrono::seconds>(task.started.time_since_epoch()).count();
  if (call.has("since") && started < call.number("since")) return false;
  if (call.has("until") && started > call.number("until")) return false;
  if (call.flag("errors") && (task.running || kind_of(task) != "error")) return false;
  if (!call.has("statusfilter")) return true;
  const std::vector<std::string> kinds = split_any(call.text("statusfilter"), ", ;");
  return std::find(kinds.begin(), kinds.end(), kind_of(task)) != kinds.end();
}

struct Found {
  Task* task = nullptr;
  Refusal refusal;
};

// The task that the path names, if the caller may see it.
Found find_task(World& world, const Call& call) {
  static const std::regex k_upid(
      "UPID:[A-Za-z0-9][A-Za-z0-9-]*:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\\s/]+:"
      "[^:\\s/]*:[^:\\s/]+:");
  const std::string upid = call.text("upid");
  if (!std::regex_match(upid, k_upid)) {
    return {nullptr, invalid("upid", "unable to parse worker upid")};
  }
  Task* task = world.tasks.find(upid);
  const bool is_here = task != nullptr && node_of(*task) == world.node;
  if (!is_here) return {nullptr, invalid("upid", "no such task")};
  const std::string node = "/nodes/" + world.node;
  if (!sees(world, call.caller, *task)) return {nullptr, forbidden(node + ", Sys.Audit")};
  return {task, {}};
}

}  // namespace

Answer list_tasks(World& world, const Call& call) {
  const std::int64_t start = call.number("start");
  const std::int64_t limit = call.number("limit", k_page);
  std::int64_t total = 0;
  Json items = Json::array();
  const std::vector<Task>& tasks = world.tasks.all();
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) {
    if (node_of(*task) != world.node) continue;
    if (!is_wanted(call, *task) || !sees(world, call.caller, *task)) continue;
    const bool in_page = total >= start && (limit == 0 || total < start + limit);
    if (in_page) items.push_back(list_item(*task));
    ++total;
  }
  Answer list = answer(std::move(items));
  list.extras = Json{{"total", total}};
  return list;
}

Answer task_index(World& world, const Call& call) {
  const Found found = find_task(world, call);
  if (found.refusal) return *found.refusal;
  return answer(Json::array({{{"name", "log"}}, {{"name", "status"}}}));
}

Answer task_status(World& world, const Call& call) {
  const Found found = find_task(world, call);
  if (found.refusal) return *found.refusal;
  return answer(status_of(*found.task));
}

Answer task_log(World& world, const Call& call) {
  const Found found = find_task(world, call);
  if (found.refusal) return *found.refusal;
  std::vector<std::string> lines = found.task->log;
  if (lines.empty()) lines.emplace_back("no content");
  const std::int64_t start = call.number("start");
  const std::int64_t limit = call.number("limit", k_page);
  Json items = Json::array();
  for (std::int64_t n = 0; n < static_cast<std::int64_t>(lines.size()); ++n) {
    const bool in_page = n >= start && (limit == 0 || n < start + limit);
    if (in_page) items.push_back({{"n", n + 1}, {"t", lines[static_cast<std::size_t>(n)]}});
  }
  Answer log = answer(std::move(items));
  log.extras = Json{{"total", lines.size()}};
  return log;
}

Answer stop_task(World& world, const Call& call) {
  const Found found = find_task(world, call);
  if (found.refusal) return *found.refusal;
  const std::string node = "/nodes/" + world.node;
  if (Caller{found.task->user}.user() != call.caller.user()) {
    if (Refusal refusal = require(world, call.caller, node, {"Sys.Modify"})) return *refusal;
  }
  if (!found.task->running) return answer();
  found.task->forced_error = "received interrupt";
  found.task->ends = world.now();
  settle(world);
  return answer();
}

}  // namespace aegis::simulator
