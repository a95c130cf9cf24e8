#include "kinds/os/package.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "kinds/os/package_perform.h"
#include "kinds/os/reading.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "package";
constexpr std::chrono::minutes k_timeout{20};  // another run of apt is waited for, too

constexpr std::array k_rules{
    AttributeRule{.path = "state", .note = "the package's services may start or restart"},
    AttributeRule{.path = "version", .note = "the package's services may restart"},
};

os::Asks further_asks(const Batch& batch, const os::Facts& facts) {
  os::Asks asks;
  asks.packages = os::undeclared(batch, k_name, facts.inventory);
  return asks;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  return os::os_queries(batch, replies, further_asks);
}

// "absent", "present", "held"; dpkg's own word for one that is neither here nor there.
std::string state_of(const os::PackageFacts* package) {
  if (package == nullptr || package->status == "not-installed" ||
      package->status == "config-files") {
    return "absent";
  }
  if (package->status != "installed") return package->status;
  return package->want == "hold" ? "held" : "present";
}

Json wanted_of(const Json& spec) {
  Json wanted = {{"state", text_or(spec, "state", "present")}};
  if (spec.contains("version")) wanted["version"] = spec["version"];
  return wanted;
}

const os::PackageFacts* find(const os::Facts& facts, const std::string& name) {
  const auto found = facts.packages.find(name);
  return found == facts.packages.end() ? nullptr : &found->second;
}

Observation observe_package(const Resource& resource, const os::Facts& facts, Vault&) {
  Observation observation;
  observation.address = resource.address;
  const os::PackageFacts* seen = find(facts, resource.address.name);
  const std::string state = state_of(seen);
  const Json wanted = wanted_of(resource.spec);
  // That something is absent is a state that can be there. A system that is not up yet may bring
  // it.
  observation.exists = state != "absent" || (facts.told && get(wanted, "state") == "absent");
  if (!observation.exists) return observation;
  observation.attributes = {{"state", state}};
  if (seen != nullptr && wanted.contains("version")) {
    observation.attributes["version"] = seen->version;
  }
  observation.owned =
      facts.inventory.find(resource.address) != nullptr || observation.attributes == wanted;
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const os::Facts& facts) {
  const std::string state = state_of(find(facts, address.name));
  if (state == "absent") return std::nullopt;
  Observation orphan;
  orphan.address = address;
  orphan.exists = orphan.owned = true;
  orphan.attributes = {{"state", state}};
  return orphan;
}

constexpr os::View k_view{k_name, further_asks, observe_package, observe_orphan};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return os::observe_all(k_view, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return wanted_of(resource.spec);
}

std::vector<Step> lower(const Lowering& lowering) {
  const Address& address = lowering.change.address;
  const std::string shell = text_or(lowering.scope.settings, "shell");
  const std::string state = text_or(lowering.wanted, "state", "absent");
  Step step;
  step.id = 1;
  step.address = address;
  step.operation = state == "absent" ? "remove" : "install";
  step.title = fmt::format("{} package {}", step.operation, address.name);
  // apt takes one at a time anyway.
  step.lane = fmt::format("{}/apt", shell);
  step.timeout = k_timeout;
  step.input = {{"shell", shell},
                {"package", address.name},
                {"version", text_or(lowering.wanted, "version")},
                {"hold", state == "held"}};
  return {std::move(step)};
}

}  // namespace

const Kind& package_kind() {
  static const Kind k_kind{.name = k_name,
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = os::perform_package};
  return k_kind;
}

}  // namespace aegis
