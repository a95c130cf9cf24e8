#include "kinds/proxmox/task.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_longest_pause{2000};
// A host that is busy or changes its network may be silent for a while; the task goes on.
constexpr int k_most_silences = 10;
constexpr std::string_view k_error = "ERROR:";

// The node in "UPID:NODE:...": a cluster's member may run the task.
std::string node_of(std::string_view upid) {
  const auto pieces = split(upid, ':');
  return pieces.size() > 1 ? pieces[1] : std::string();
}

std::string task_path(std::string_view upid, std::string_view rest) {
  return api_path(fmt::format(
      "/nodes/{}/tasks/{}/{}", percent_encode(node_of(upid)), percent_encode(upid), rest));
}

bool is_silence(const Error& error) {
  return error.code == ErrorCode::unreachable || error.code == ErrorCode::outcome_unknown ||
         error.code == ErrorCode::timed_out;
}

// Tells what the task wrote since line `seen`. A log that cannot be read costs only the progress.
void report_progress(const ApiClient& api, std::string_view upid, std::int64_t& seen) {
  const auto lines = api.get(task_path(upid, fmt::format("log?start={}&limit=500", seen)));
  if (!lines || !lines->is_array() || lines->empty()) return;
  const auto number = as_integer(get(lines->back(), "n"));
  if (!number || *number <= seen) return;
  seen = *number;
  const std::string line = text_or(lines->back(), "t");
  if (!line.empty() && line != "no content") api.effects().progress(line);
}

// A backup's exit status only counts: what went wrong is in its log.
std::string reasons_in_log(const ApiClient& api, std::string_view upid) {
  const auto lines = api.get(task_path(upid, "log?start=0&limit=0"));
  if (!lines || !lines->is_array()) return {};
  std::vector<std::string> reasons;
  for (const Json& line : *lines) {
    const std::string text = text_or(line, "t");
    if (text.starts_with(k_error)) reasons.emplace_back(trim(text.substr(k_error.size())));
  }
  return join(reasons, "; ");
}

std::string exit_status_of(const ApiClient& api, std::string_view upid, const Json& status) {
  if (text_or(status, "exitstatus") == "job errors") {
    std::string reasons = reasons_in_log(api, upid);
    if (!reasons.empty()) return reasons;
  }
  return text_or(status, "exitstatus");
}

Result<std::string> outcome_of(std::string_view exit_status) {
  if (exit_status == "OK") return std::string();
  if (exit_status.starts_with("WARNINGS: ")) return std::string(exit_status);
  const bool busy = exit_status.find("is locked (") != std::string_view::npos ||
                    exit_status.find("got timeout") != std::string_view::npos;
  const bool killed = exit_status == "unexpected status";
  return Error{
      busy ? ErrorCode::conflict : ErrorCode::rejected,
      fmt::format("the task failed: {}",
                  killed ? "it ended without a result, as a killed one does" : exit_status)};
}

}  // namespace

bool Pauses::wait() {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - clock_.now());
  if (left <= milliseconds(0)) return false;
  clock_.sleep_for(std::min(next_, left));
  next_ = std::min(next_ * 2, k_longest_pause);
  return true;
}

Result<std::string> wait_for_task(const ApiClient& api, std::string_view upid, Deadline deadline) {
  Pauses pauses(api.effects().clock, deadline);
  int silences = 0;
  std::int64_t seen = 0;
  while (true) {
    const auto status = api.get(task_path(upid, "status"));
    if (status) {
      silences = 0;
      if (text_or(*status, "status") == "stopped")
        return outcome_of(exit_status_of(api, upid, *status));
      report_progress(api, upid, seen);
    } else if (!is_silence(status.error())) {
      return status.error().in_context("reading the task");
    } else if (++silences >= k_most_silences) {
      return Error{ErrorCode::outcome_unknown,
                   fmt::format("the task was started, and the host no longer answers: {}",
                               status.error().message)};
    }
    if (!pauses.wait()) {
      return Error{ErrorCode::timed_out,
                   fmt::format("the task still runs on the host ({}); it was not waited for any "
                               "longer",
                               upid)};
    }
  }
}

Result<std::optional<std::string>> find_running_task(const ApiClient& api,
                                                     std::string_view node,
                                                     std::string_view type,
                                                     std::int64_t vmid) {
  Form query{{"source", "active"}, {"vmid", fmt::format("{}", vmid)}};
  if (!type.empty()) query.emplace_back("typefilter", type);
  const auto tasks = api.get(
      api_path(fmt::format("/nodes/{}/tasks?{}", percent_encode(node), encode_form(query))));
  if (!tasks) return tasks.error();
  for (const Json& task : *tasks) {
    const std::string upid = text_or(task, "upid");
    if (!upid.empty()) return std::optional(upid);
  }
  return std::optional<std::string>();
}

}  // namespace aegis::proxmox
