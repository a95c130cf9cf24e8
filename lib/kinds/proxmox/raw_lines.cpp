#include "kinds/proxmox/raw_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {
namespace {

Json one_line(std::string key, const Json& value) {
  Json line = Json::object();
  line[std::move(key)] = std::string(trim(as_text(value)));
  return line;
}

}  // namespace

Json shape_of_raw_lines(const Json& lines) {
  if (!lines.is_array()) return lines;
  Json shaped = Json::array();
  for (const Json& line : lines) {
    if (line.is_array() && line.size() == 2) {
      shaped.push_back(one_line(as_text(line[0]), line[1]));
    } else if (line.is_object() && !line.empty()) {
      shaped.push_back(one_line(line.begin().key(), line.begin().value()));
    }
  }
  return shaped;
}

bool declares_raw_lines(const Resource& resource) {
  return get(resource.spec, k_raw_lines).is_array();
}

Query raw_lines_query(std::string_view endpoint, std::string_view node, std::int64_t vmid) {
  return {
      Query::Type::http_get, std::string(endpoint), container_system().path(node, vmid, "/config")};
}

void add_raw_lines(const Lowering& lowering, StepChain& chain) {
  const Change& change = lowering.change;
  const bool changes = std::any_of(
      change.attributes.begin(), change.attributes.end(), [](const AttributeChange& attribute) {
        return attribute.path == k_raw_lines;
      });
  const bool is_new = change.action == Action::create || change.action == Action::replace;
  // A copy has those of its original, also where none are wanted.
  const bool may_have_some = is_new && is_clone(lowering.wanted) &&
                             get(lowering.wanted, k_raw_lines).is_array() &&
                             get(lowering.scope.settings, "shell") != Json(false);
  if (!changes && !may_have_some) return;
  Json input{{"shell", get(lowering.scope.settings, "shell")},
             {"before", get(lowering.live.attributes, k_raw_lines)},
             {"after", get(lowering.wanted, k_raw_lines)}};
  if (is_new) input["before"] = is_clone(lowering.wanted) ? Json("any") : Json::array();
  Step& step = chain.add_guarded("write_raw_lines",
                                 fmt::format("write raw lxc lines of container {}", chain.vmid()),
                                 std::move(input));
  step.timeout = std::chrono::minutes(2);
  step.undo = "write_raw_lines_back";
}

}  // namespace aegis::proxmox
