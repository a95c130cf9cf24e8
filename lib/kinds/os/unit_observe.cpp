#include "kinds/os/unit_observe.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/os/access.h"
#include "kinds/os/content.h"
#include "kinds/os/effects.h"
#include "kinds/os/reading.h"

namespace aegis::os {
namespace {

constexpr std::string_view k_kind = "unit";

bool is_file(const PathFacts* seen) {
  return seen != nullptr && seen->type == PathFacts::Type::file;
}

Asks further_asks(const Batch& batch, const Facts& facts) {
  Asks asks;
  for (const Resource* resource : batch.resources) {
    const std::string path = unit_path(resource->address.name);
    const PathFacts* seen = facts.at(path);
    const Inventory::Entry* entry = facts.inventory.find(resource->address);
    if (seen != nullptr && wants_live_text(resource->spec, *seen, entry)) {
      asks.contents.push_back(path);
    }
  }
  for (const std::string& name : undeclared(batch, k_kind, facts.inventory)) {
    asks.paths.push_back(unit_path(name));
    asks.units.push_back(name);
  }
  return asks;
}

// What does its work and ends is not cut off in it: it reads its file when it starts next.
bool does_its_work_and_ends(const Json& spec) {
  const std::string text = text_or(spec, "content");
  return text.find("\nType=oneshot\n") != std::string::npos &&
         text.find("\nRemainAfterExit=") == std::string::npos;
}

// A unit that runs, and is to go on, reads its own file again by a restart.
EffectNames effects_on(const Resource& resource, const Facts& facts) {
  const std::string& unit = resource.address.name;
  Json restarts = Json::array();
  const bool runs_on = text_or(resource.spec, "state") != "stopped";
  if (runs_on && !does_its_work_and_ends(resource.spec)) restarts.push_back(unit);
  return effects_of(unit_path(unit), {{"restarts", restarts}}, resource.depends_on, facts);
}

Observation begin(const Address& address, const Facts& facts) {
  const UnitFacts unit = facts.unit(address.name);
  const PathFacts* seen = facts.at(unit_path(address.name));
  const Inventory::Entry* entry = facts.inventory.find(address);
  Observation observation;
  observation.address = address;
  observation.context = {{"present", is_file(seen) ? seen->sha256 : "-"},
                         {"value", entry == nullptr ? "" : inventory_value(*entry)},
                         {"enabled", unit.is_enabled()},
                         {"started", unit.is_active()},
                         {"masked", unit.load == "masked"},
                         {"file", unit.file}};
  return observation;
}

// What `spec` has an opinion on, as it is.
Json live_switches(const Json& spec, const Json& context) {
  Json switches = Json::object();
  for (const char* name : {"enabled", "masked"}) {
    if (spec.contains(name)) switches[name] = context[name];
  }
  if (spec.contains("state")) {
    switches["state"] = get(context, "started") == true ? "started" : "stopped";
  }
  return switches;
}

Json wanted_switches(const Json& spec) {
  Json switches = Json::object();
  for (const char* name : {"enabled", "masked", "state"}) {
    if (spec.contains(name)) switches[name] = spec[name];
  }
  return switches;
}

void observe_own(const Resource& resource, const Facts& facts, Vault& vault, Observation& seen) {
  const std::string path = unit_path(resource.address.name);
  const EffectNames effects = effects_on(resource, facts);
  seen.context["effects"] = effects;
  const PathFacts* file = facts.at(path);
  if (file == nullptr) return;
  seen.exists = true;
  if (!is_file(file)) {
    seen.notes.push_back(wrong_type(resource, *file, "a file"));
    return;
  }
  seen.attributes = live_switches(resource.spec, seen.context);
  const auto text = facts.contents.find(path);
  seen.attributes["content"] = live_content(
      resource.spec, *file, text == facts.contents.end() ? nullptr : &text->second, vault);
  const Json pending = pending_effects(path, effects, facts);
  if (!pending.is_null()) seen.attributes["pending"] = pending;
}

// Its system is not up yet, or a package that may bring it is not installed yet.
bool may_come(const Json& spec, const Facts& facts) {
  const Json& packages = get(spec, "packages");
  return !facts.told || std::any_of(packages.begin(), packages.end(), [&](const Json& package) {
    const auto found = facts.packages.find(as_text(package));
    return found == facts.packages.end() || found->second.status != "installed";
  });
}

Observation observe_unit(const Resource& resource, const Facts& facts, Vault& vault) {
  Observation observation = begin(resource.address, facts);
  const Inventory::Entry* entry = facts.inventory.find(resource.address);
  if (resource.spec.contains("payload")) {
    observation.owned = entry != nullptr;
    observe_own(resource, facts, vault, observation);
    return observation;
  }
  // Switches of a unit of the system are settings: nobody owns them.
  observation.owned = true;
  const Json switches = live_switches(resource.spec, observation.context);
  const PathFacts* file = facts.at(unit_path(resource.address.name));
  const bool is_left = entry != nullptr && is_file(file);
  const bool is_there = is_left || facts.unit(resource.address.name).load != "not-found";
  // That something is not there, and so is not enabled, can be what is wanted.
  observation.exists =
      is_there || (switches == wanted_switches(resource.spec) && !may_come(resource.spec, facts));
  if (!observation.exists) {
    observation.context["unknown"] = true;
    return observation;
  }
  observation.attributes = switches;
  if (is_left) observation.attributes["content"] = shown_digest(file->sha256, file->size);
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const Facts& facts) {
  const PathFacts* file = facts.at(unit_path(address.name));
  if (!is_file(file)) return std::nullopt;
  Observation orphan = begin(address, facts);
  orphan.exists = orphan.owned = true;
  orphan.attributes = {{"enabled", orphan.context["enabled"]},
                       {"state", facts.unit(address.name).is_active() ? "started" : "stopped"}};
  return orphan;
}

constexpr View k_view{k_kind, further_asks, observe_unit, observe_orphan};

}  // namespace

std::string unit_path(const std::string& name) {
  return fmt::format("/etc/systemd/system/{}", name);
}

std::vector<Query> unit_queries(const Batch& batch, const Replies& replies) {
  return os_queries(batch, replies, further_asks);
}

Result<std::vector<Observation>> interpret_units(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault) {
  return observe_all(k_view, batch, replies, vault);
}

Json normalize_unit(const Resource& resource, const Observation&) {
  Json wanted = wanted_switches(resource.spec);
  if (resource.spec.contains("payload")) wanted["content"] = wanted_content(resource.spec);
  return wanted;
}

}  // namespace aegis::os
