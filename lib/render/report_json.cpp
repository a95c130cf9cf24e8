#include "render/report_json.h"

#include <map>
#include <string>

namespace aegis {
namespace {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::unreachable:
      return "unreachable";
    case ErrorCode::unauthorized:
      return "unauthorized";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::timed_out:
      return "timed out";
    case ErrorCode::outcome_unknown:
      return "outcome unknown";
    case ErrorCode::rejected:
      return "rejected";
    case ErrorCode::interrupted:
      return "interrupted";
    case ErrorCode::io:
      return "io";
  }
  return {};
}

Json to_json(const StepResult& result, const Step* step) {
  Json json{{"id", result.id},
            {"status", to_string(result.status)},
            {"duration_ms", result.duration.count()}};
  if (step != nullptr) {
    json["address"] = to_string(step->address);
    json["operation"] = step->operation;
    json["title"] = step->title;
  }
  if (result.error) {
    json["error"] = result.error->message;
    json["error_code"] = name_of(result.error->code);
  }
  if (!result.detail.empty()) json["detail"] = result.detail;
  return json;
}

Json waiting_of(const Plan& plan) {
  Json waiting = Json::array();
  for (const Change& change : plan.changes) {
    if (!change.window || change.blocked.empty()) continue;
    waiting.push_back(
        {{"address", to_string(change.address)}, {"window", to_json(*change.window)}});
  }
  return waiting;
}

}  // namespace

Json to_json(const Report& report, const Plan& plan) {
  std::map<StepId, const Step*> by_id;
  for (const Step& step : plan.steps) by_id[step.id] = &step;
  std::map<std::string, int> counts;
  for (const StepStatus status : {StepStatus::done,
                                  StepStatus::failed,
                                  StepStatus::skipped,
                                  StepStatus::not_started,
                                  StepStatus::rolled_back}) {
    counts[std::string(to_string(status))] = 0;
  }
  Json steps = Json::array();
  for (const StepResult& result : report.results) {
    const auto step = by_id.find(result.id);
    steps.push_back(to_json(result, step == by_id.end() ? nullptr : step->second));
    ++counts[std::string(to_string(result.status))];
  }
  return {{"format_version", "1.0"},
          {"outcome", to_string(report.outcome)},
          {"duration_ms", report.duration.count()},
          {"counts", counts},
          {"waiting", waiting_of(plan)},
          {"steps", std::move(steps)}};
}

}  // namespace aegis
