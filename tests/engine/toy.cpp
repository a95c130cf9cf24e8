#include "toy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aegis::toy {
namespace {

/// The step travels as the request's text, the outputs' ids and progress as a kind would use them.
Result<Json> perform(const Step& step, const Outputs& outputs, Effects& effects) {
  Json seen = Json::array();
  for (const auto& [id, output] : outputs) seen.push_back(id);
  const Json body = {{"id", step.id},
                     {"operation", step.operation},
                     {"name", step.address.name},
                     {"input", step.input},
                     {"seen", seen},
                     {"timeout", step.timeout.count()}};
  effects.progress(fmt::format("{} {} is going on", step.operation, step.address.name));
  HttpRequest request;
  request.method = "POST";
  request.body = dump_json(body);
  const auto response = effects.http.send(request);
  if (!response) return response.error();
  return parse_json(response->body);
}

}  // namespace

const Kind& toy_kind() {
  static const Kind k_toy = [] {
    Kind kind{};
    kind.name = "toy";
    kind.scope_type = "server";
    kind.perform = perform;
    return kind;
  }();
  return k_toy;
}

Result<HttpResponse> ToyWorld::send(const HttpRequest& request) {
  const Json body = parse_json(request.body).value();
  Step step;
  step.id = static_cast<int>(as_integer(get(body, "id")).value_or(0));
  step.operation = text_or(body, "operation");
  step.address = {"", "toy", text_or(body, "name")};
  step.input = body;
  {
    const std::lock_guard guard(mutex_);
    calls_.push_back(step.operation + " " + step.address.name);
    most_ = std::max(most_, ++going_on_);
  }
  const auto result = answer(step);
  {
    const std::lock_guard guard(mutex_);
    --going_on_;
  }
  if (!result) return result.error();
  return HttpResponse{200, {}, {}, dump_json(*result)};
}

std::vector<Result<HttpResponse>> ToyWorld::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

std::vector<std::string> ToyWorld::calls() const {
  const std::lock_guard guard(mutex_);
  return calls_;
}

int ToyWorld::most_at_once() const {
  const std::lock_guard guard(mutex_);
  return most_;
}

Result<Done> MemoryJournal::append(const JournalEntry& entry) {
  const std::lock_guard guard(mutex_);
  if (room == 0) return Error{ErrorCode::io, "No space left on device"};
  if (room > 0) --room;
  entries_.push_back(entry);
  return Done{};
}

Result<std::vector<JournalEntry>> MemoryJournal::read_unfinished() {
  const std::lock_guard guard(mutex_);
  return entries_;
}

std::vector<std::string> MemoryJournal::lines() const {
  const std::lock_guard guard(mutex_);
  constexpr std::array<std::string_view, 4> k_events{
      "run_started", "started", "ended", "run_ended"};
  std::vector<std::string> lines;
  for (const JournalEntry& entry : entries_) {
    std::string line(k_events.at(static_cast<std::size_t>(entry.event)));
    if (entry.step != 0) line += fmt::format(" {}", entry.step);
    if (!entry.status.empty()) line += " " + entry.status;
    lines.push_back(line);
  }
  return lines;
}

void Diary::step_started(const Step& step) {
  lines.push_back("started " + step.title);
  on_start(step);
}

void Diary::step_progress(const Step& step, std::string_view line) {
  lines.push_back(fmt::format("{}: {}", step.id, line));
}

void Diary::step_finished(const Step& step, const StepResult& result) {
  lines.push_back(fmt::format("{}: {}", step.title, to_string(result.status)));
}

Step step(StepId id, std::string name, std::vector<StepId> after) {
  Step made;
  made.id = id;
  made.address = {"", "toy", std::move(name)};
  made.operation = "do";
  made.title = "do " + made.address.name;
  made.after = std::move(after);
  return made;
}

Step group_step(StepId id, std::string name, std::vector<StepId> after) {
  Step made = step(id, std::move(name), std::move(after));
  made.group = "g";
  made.undo = "undo";
  return made;
}

Report Rig::apply_steps(std::vector<Step> steps) {
  Plan plan;
  plan.steps = std::move(steps);
  const std::vector<Kind> kinds{toy_kind()};
  const Effects effects{world, shell, clock, vault};
  return apply(plan, kinds, effects, journal, diary, stop.get_token(), {parallelism});
}

std::string statuses(const Report& report) {
  std::string text;
  for (const StepResult& result : report.results) {
    if (!text.empty()) text += ", ";
    text += to_string(result.status);
  }
  return text;
}

}  // namespace aegis::toy
