#include "kinds/proxmox/guest_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

// How long a locked guest is waited for, and how long the end of a call whose answer was lost.
// Proxmox itself cuts calls off after 30 s and goes on working on them.
constexpr std::chrono::seconds k_patience{60};

bool is_unknown(const Error& error) {
  return error.code == ErrorCode::outcome_unknown;
}

// "UPID:node:pid:start:time:hastart:...": such a task ends when the high-availability manager has
// noted the wish, not when it is fulfilled.
bool is_only_noted(const Result<Json>& answer) {
  if (!answer || !answer->is_string()) return false;
  const auto pieces = split(answer->get_ref<const std::string&>(), ':');
  return pieces.size() > 5 && pieces[5].starts_with("ha");
}

// Containers and machines say it in different words.
bool is_changed_by_others(const Error& error) {
  return error.message.find("detected modified configuration") != std::string::npos ||
         error.message.find("file change by other user") != std::string::npos;
}

}  // namespace

GuestCalls::GuestCalls(const Step& step, Effects& effects, const GuestSystem& system)
    : api_(effects, text_or(step.input, "endpoint")),
      system_(system),
      node_(text_or(step.input, "node")),
      vmid_(as_integer(get(step.input, "vmid")).value_or(0)),
      deadline_(effects.clock.now() + step.timeout) {}

std::string GuestCalls::path(std::string_view rest) const {
  return system_.path(node_, vmid_, rest);
}

Result<LiveConfig> GuestCalls::read_config() const {
  const auto pending = api_.get(path("/pending"));
  if (!pending) return pending.error();
  return parse_pending(*pending);
}

Result<bool> GuestCalls::is_running() const {
  const auto status = api_.get(path("/status/current"));
  if (!status) return status.error();
  return text_or(*status, "status") == "running";
}

Result<Done> GuestCalls::wait_for_running_task(std::string_view type) const {
  const auto upid = find_running_task(api_, node_, type, vmid_);
  if (!upid) return upid.error();
  if (!*upid) return Done{};
  api_.effects().progress("waiting for a task that already runs");
  const auto end = wait_for_task(api_, **upid, deadline_);
  // How it ended is seen in what it left.
  const bool still_runs =
      !end && (end.error().code == ErrorCode::timed_out || is_unknown(end.error()));
  if (still_runs) return end.error();
  return Done{};
}

Result<Json> GuestCalls::finish(const Result<Json>& answer) const {
  if (!answer) return answer.error();
  const std::string upid = answer->is_string() ? answer->get<std::string>() : std::string();
  if (!upid.starts_with("UPID:")) return Json::object();
  const auto end = wait_for_task(api_, upid, deadline_);
  if (!end) return end.error();
  return end->empty() ? Json::object() : Json{{"warning", *end}};
}

Result<bool> GuestCalls::look_again(const Change& change, Deadline until) const {
  Pauses pauses(api_.effects().clock, std::min(deadline_, until));
  Result<bool> seen = false;
  do {
    if (!change.task_type.empty()) {
      if (const auto waited = wait_for_running_task(change.task_type); !waited) {
        seen = waited.error();
        continue;
      }
    }
    seen = change.is_done();
    if (seen && *seen) return seen;
  } while (pauses.wait());
  return seen;
}

std::optional<Result<Json>> GuestCalls::end_if_there(const Change& change) const {
  const auto done = change.is_done();
  if (!done) return explained(done.error());
  if (*done) return Json::object();
  return std::nullopt;
}

// A machine's digest is compared before its lock is looked at, and a lock changes the digest.
Error GuestCalls::seen_through(const Error& error) const {
  if (!is_changed_by_others(error)) return error;
  const auto config = read_config();
  if (!config) return error;
  const auto lock = config->requested.find("lock");
  if (lock == config->requested.end()) return error;
  return {ErrorCode::conflict, fmt::format("it is locked ({})", lock->second)};
}

std::optional<Result<Json>> GuestCalls::recover(const Change& change,
                                                const Error& failure,
                                                Pauses& pauses,
                                                bool& was_lost) const {
  Clock& clock = api_.effects().clock;
  const Error error = seen_through(failure);
  if (is_unknown(error)) {
    const auto done = look_again(change, clock.now() + k_patience);
    if (done && *done) return Json::object();
    if (!done || was_lost) return explained(error);
    was_lost = true;
    return std::nullopt;
  }
  if (is_busy(error)) {
    api_.effects().progress("waiting: " + error.message);
    if (pauses.wait()) return std::nullopt;
    return explained(error);
  }
  // "already running", "already exists", a digest that moved because this was done before.
  const auto done = change.is_done();
  if (done && *done) return Json::object();
  return explained(error);
}

Result<Json> GuestCalls::make(const Change& change) const {
  Clock& clock = api_.effects().clock;
  Pauses pauses(clock, std::min(deadline_, clock.now() + k_patience));
  bool look = change.look_first;
  bool was_lost = false;
  while (true) {
    if (look) {
      if (const auto end = end_if_there(change)) return *end;
    }
    look = true;
    const auto answer = change.send();
    const auto result = finish(answer);
    if (result) return is_only_noted(answer) ? await_manager(change) : result;
    if (const auto end = recover(change, result.error(), pauses, was_lost)) return *end;
  }
}

Result<Json> GuestCalls::await_manager(const Change& change) const {
  api_.effects().progress("waiting for the high-availability manager");
  const auto done = look_again(change, deadline_);
  if (done && *done) return Json::object();
  if (!done) return explained(done.error());
  return explained({ErrorCode::timed_out,
                    "the high-availability manager took the request and has not carried it out"});
}

Error GuestCalls::explained(const Error& error) const {
  Error with_advice = error.in_context(fmt::format("{} {}", system_.noun, vmid_));
  const std::string lock = lock_in(error);
  if (!lock.empty()) {
    with_advice.code = ErrorCode::conflict;
    with_advice.message += fmt::format(
        ". It is locked for \"{}\" and stayed so for {} s. If nothing of the kind runs, `{} "
        "unlock {}` on the host frees it.",
        lock,
        k_patience.count(),
        system_.tool,
        vmid_);
  } else if (is_changed_by_others(error)) {
    with_advice.message += ". Somebody changed it since it was planned: plan again.";
  }
  return with_advice;
}

bool is_ours(const ConfigMap& config) {
  const auto description = config.find("description");
  const bool unfinished =
      description != config.end() && description->second.starts_with(k_unfinished_clone);
  return unfinished || carries_owner_tag(config);
}

bool carries_owner_tag(const ConfigMap& config) {
  const auto tags = config.find("tags");
  return tags != config.end() && has_owner_tag(tags->second);
}

}  // namespace aegis::proxmox
