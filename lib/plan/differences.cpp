#include "plan/differences.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis {

DriftStatus differences_of(const Plan& plan) {
  DriftStatus drift;
  for (const Change& change : plan.changes) {
    std::vector<std::string> paths;
    for (const AttributeChange& attribute : change.attributes) paths.push_back(attribute.path);
    const bool is_update = change.action == Action::update && !paths.empty();
    drift.changes.push_back(fmt::format(
        "{}: {}", to_string(change.address), is_update ? join(paths, ", ") : change.cause));
  }
  return drift;
}

}  // namespace aegis
