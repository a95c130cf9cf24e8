#include "render/report_json.h"

namespace aegis {

Json to_json(const Report& report, const Plan& plan) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < report.results.size() && i < plan.steps.size(); ++i) {
    const StepResult& result = report.results[i];
    Json step{{"id", result.id},
              {"address", to_string(plan.steps[i].address)},
              {"title", plan.steps[i].title},
              {"status", to_string(result.status)},
              {"duration_ms", result.duration.count()}};
    if (result.error) step["error"] = result.error->message;
    if (!result.detail.empty()) step["detail"] = result.detail;
    steps.push_back(std::move(step));
  }
  return {{"format_version", "1.0"},
          {"outcome", to_string(report.outcome)},
          {"duration_ms", report.duration.count()},
          {"steps", std::move(steps)}};
}

}  // namespace aegis
