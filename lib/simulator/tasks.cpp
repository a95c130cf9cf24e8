#include "simulator/tasks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::simulator {
namespace {

std::int64_t seconds_of(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::int64_t milliseconds_of(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

TimePoint time_at(const Json& json, std::string_view key) {
  return TimePoint(std::chrono::milliseconds(as_integer(get(json, key)).value_or(0)));
}

Json common_members(const Task& task) {
  const Caller owner{task.user};
  Json item{{"upid", task.upid},
            {"node", node_of(task)},
            {"pid", task.pid},
            {"pstart", task.pid * 100},
            {"starttime", seconds_of(task.started)},
            {"type", task.type},
            {"id", task.id},
            {"user", owner.user()}};
  if (owner.is_token()) item["tokenid"] = task.user.substr(owner.user().size() + 1);
  return item;
}

}  // namespace

Task& Tasks::add(std::string_view node, Task task) {
  task.pid = ++last_pid_;
  task.upid = fmt::format("UPID:{}:{:08X}:{:08X}:{:08X}:{}:{}:{}:",
                          node,
                          task.pid,
                          task.pid * 100,
                          seconds_of(task.started),
                          task.type,
                          task.id,
                          task.user);
  by_upid_[task.upid] = tasks_.size();
  running_.push_back(tasks_.size());
  return tasks_.emplace_back(std::move(task));
}

Task* Tasks::find(std::string_view upid) {
  const auto found = by_upid_.find(upid);
  return found == by_upid_.end() ? nullptr : &tasks_[found->second];
}

std::optional<Task> Tasks::take_due(TimePoint now) {
  const auto first = std::min_element(
      running_.begin(), running_.end(), [this](std::size_t left, std::size_t right) {
        return tasks_[left].ends < tasks_[right].ends;
      });
  if (first == running_.end() || tasks_[*first].ends > now) return std::nullopt;
  const std::size_t index = *first;
  running_.erase(first);
  return tasks_[index];
}

Task* Tasks::last_of(std::string_view id) {
  Task* last = nullptr;
  for (const std::size_t index : running_) {
    Task& task = tasks_[index];
    if (task.type == "vzdump") continue;
    if (task.id == id && (last == nullptr || task.ends >= last->ends)) last = &task;
  }
  return last;
}

void Tasks::finish(const Task& task, std::string exit_status) {
  Task& ended = *find(task.upid);
  ended.running = false;
  ended.exit_status = std::move(exit_status);
  ended.log = task.log;
  const bool worked = ended.exit_status == "OK" || ended.exit_status.starts_with("WARNINGS: ");
  ended.log.push_back(fmt::format("TASK {}{}", worked ? "" : "ERROR: ", ended.exit_status));
}

std::string node_of(const Task& task) {
  return split(task.upid, ':').at(1);
}

Json list_item(const Task& task) {
  Json item = common_members(task);
  if (task.running) {
    item["status"] = "RUNNING";
    item["saved"] = "0";
  } else {
    item["status"] = task.exit_status;
    item["endtime"] = seconds_of(task.ends);
  }
  return item;
}

Json status_of(const Task& task) {
  Json item = common_members(task);
  item["status"] = task.running ? "running" : "stopped";
  if (!task.running) item["exitstatus"] = task.exit_status;
  return item;
}

Json to_json(const Tasks& tasks) {
  Json list = Json::array();
  for (const Task& task : tasks.tasks_) {
    list.push_back({{"upid", task.upid},
                    {"type", task.type},
                    {"id", task.id},
                    {"user", task.user},
                    {"pid", task.pid},
                    {"started", milliseconds_of(task.started)},
                    {"ends", milliseconds_of(task.ends)},
                    {"work", task.work},
                    {"running", task.running},
                    {"exit_status", task.exit_status},
                    {"log", task.log},
                    {"forced_error", task.forced_error},
                    {"forced_warnings", task.forced_warnings}});
  }
  return {{"last_pid", tasks.last_pid_}, {"list", list}};
}

Tasks tasks_from_json(const Json& json) {
  Tasks tasks;
  tasks.last_pid_ = as_integer(get(json, "last_pid")).value_or(tasks.last_pid_);
  for (const Json& item : get(json, "list")) {
    Task task;
    task.upid = text_or(item, "upid");
    task.type = text_or(item, "type");
    task.id = text_or(item, "id");
    task.user = text_or(item, "user");
    task.pid = as_integer(get(item, "pid")).value_or(0);
    task.started = time_at(item, "started");
    task.ends = time_at(item, "ends");
    task.work = get(item, "work");
    task.running = as_bool(get(item, "running")).value_or(false);
    task.exit_status = text_or(item, "exit_status");
    for (const Json& line : get(item, "log")) task.log.push_back(as_text(line));
    task.forced_error = text_or(item, "forced_error");
    task.forced_warnings = static_cast<int>(as_integer(get(item, "forced_warnings")).value_or(0));
    tasks.by_upid_[task.upid] = tasks.tasks_.size();
    if (task.running) tasks.running_.push_back(tasks.tasks_.size());
    tasks.tasks_.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace aegis::simulator
