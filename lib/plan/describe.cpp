#include "plan/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace aegis {

std::string describe(const Plan& plan) {
  std::map<Address, std::string_view> causes;
  for (const Change& change : plan.changes) causes[change.address] = change.cause;
  std::vector<std::string> waits;
  std::size_t widest = 0;
  for (const Step& step : plan.steps) {
    waits.push_back(fmt::format("[{}]", fmt::join(step.after, ",")));
    widest = std::max(widest, waits.back().size());
  }
  std::string text;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    text += fmt::format("{:<{}} -> #{} {} {}, {}{}\n",
                        waits[i],
                        widest,
                        step.id,
                        to_string(step.address),
                        step.operation,
                        causes[step.address],
                        step.destroys_data ? ", destroys data" : "");
  }
  for (const Change& change : plan.changes) {
    if (change.blocked.empty()) continue;
    text += fmt::format("blocked: {} {}, {}\n",
                        to_string(change.address),
                        to_string(change.action),
                        change.blocked);
  }
  return text;
}

}  // namespace aegis
