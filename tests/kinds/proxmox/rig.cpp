#include "kinds/proxmox/rig.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <utility>

#include "base/text.h"

namespace aegis::test {

Json container_spec(std::int64_t vmid, const Json& more) {
  Json spec{{"server", "fsn1"},
            {"vmid", vmid},
            {"template", k_image},
            {"rootfs", {{"storage", "local-zfs"}, {"size", "8GiB"}}}};
  spec.merge_patch(more);
  return spec;
}

Json machine_spec(std::int64_t vmid, const Json& more) {
  Json spec{{"server", "fsn1"},
            {"vmid", vmid},
            {"memory", "1GiB"},
            {"disks", {{"scsi0", {{"storage", "local-zfs"}, {"size", "8GiB"}}}}},
            {"network", {{"net0", {{"bridge", "vmbr1"}}}}}};
  spec.merge_patch(more);
  return spec;
}

simulator::SimulatorOptions with_files(const std::vector<std::string>& files) {
  simulator::SimulatorOptions options;
  options.files.insert(options.files.end(), files.begin(), files.end());
  return options;
}

bool has_note(const Diagnostics& notes, Severity severity, std::string_view text) {
  for (const Diagnostic& note : notes) {
    if (note.severity == severity && note.detail.find(text) != std::string::npos) return true;
  }
  return false;
}

GuestRig::GuestRig(simulator::SimulatorOptions options, const Kind& kind)
    : SimulatedHost(std::move(options)),
      KindRig({&kind, 1}, http(), clock()),
      kind_(kind.name),
      path_(kind.name == "machine" ? "/nodes/pve/qemu/" : "/nodes/pve/lxc/") {}

void GuestRig::inspect(const Observed& observed) {
  const auto is_orphan = [&](const auto& object) {
    return !desired().resources.contains(object.first);
  };
  const auto& objects = observed.world.objects;
  const bool moves = settings().contains("elsewhere") ||
                     std::any_of(objects.begin(), objects.end(), [](const auto& object) {
                       return object.second.attributes.contains("node");
                     });
  const auto& resources = desired().resources;
  const bool copies = std::any_of(resources.begin(), resources.end(), [&](const auto& resource) {
    const auto seen = objects.find(resource.first);
    return resource.first.kind == "container" && resource.second.spec.contains("clone") &&
           (seen == objects.end() || !seen->second.exists);
  });
  const bool has_orphans = std::any_of(objects.begin(), objects.end(), is_orphan);
  CHECK(observed.waves >= (has_orphans ? 2 : 1));
  CHECK(observed.waves <= (has_orphans || moves || copies ? 2 : 1));
}

std::string GuestRig::config(std::int64_t vmid, const std::string& key) {
  return as_text(aegis::get(get(fmt::format("{}{}/config", path_, vmid)), key));
}

bool GuestRig::is_running(std::int64_t vmid) {
  const Json status = get(fmt::format("{}{}/status/current", path_, vmid));
  return text_or(status, "status") == "running";
}

std::string operations_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) names.push_back(step.operation);
  return join(names, ", ");
}

const AttributeChange& difference(const Plan& plan, std::string_view path) {
  for (const Change& change : plan.changes) {
    for (const AttributeChange& attribute : change.attributes) {
      if (attribute.path == path) return attribute;
    }
  }
  throw std::logic_error(fmt::format("the plan has no difference at {}", path));
}

}  // namespace aegis::test
