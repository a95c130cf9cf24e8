#include "plan/describe.h"

#include <fmt/format.h>

#include <map>

namespace aegis {

std::string describe(const Plan& plan) {
  std::map<Address, std::string> causes;
  for (const Change& change : plan.changes) causes[change.address] = change.cause;
  std::string text;
  for (const Step& step : plan.steps) {
    text += fmt::format("[{}] -> #{} {} {}, {}{}\n",
                        fmt::join(step.after, ","),
                        step.id,
                        to_string(step.address),
                        step.operation,
                        causes[step.address],
                        step.destroys_data ? ", destroys data" : "");
  }
  return text;
}

}  // namespace aegis
