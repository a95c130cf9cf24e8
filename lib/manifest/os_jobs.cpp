#include <fmt/format.h>

#include <string>
#include <vector>

#include "manifest/os_composed.h"
#include "manifest/timed_units.h"
#include "manifest/unit_text.h"

namespace aegis {
namespace {

void compose_job(const YamlNode::Member& entry,
                 const Json& spec,
                 Reading& reading,
                 std::vector<Resource>& resources) {
  check_schedule(*entry.value->find("schedule"), reading);
  const auto words = checked_command(*entry.value->find("command"), reading);
  const std::string unit = fmt::format("job-{}", entry.key);
  const std::string service = fmt::format(
      "ExecStart={}\nTimeoutStartSec={}\n", exec_words(words), text_or(spec, "timeout", "1h"));
  const std::string text = oneshot_text(fmt::format("Job {}", entry.key), "", service, spec);
  resources.push_back(composed_unit(unit + ".service", text, entry, reading));
  const bool catches_up = get(spec, "catch_up") != false;
  resources.push_back(composed_timer(unit, entry, spec, catches_up, reading));
}

}  // namespace

std::vector<Resource> compose_jobs(const YamlNode::Member& section,
                                   const Json& spec,
                                   Reading& reading) {
  std::vector<Resource> resources;
  for (const YamlNode::Member& entry : section.value->members) {
    compose_job(entry, get(spec, entry.key), reading, resources);
  }
  return resources;
}

}  // namespace aegis
