#include "kinds/os/file_observe.h"

#include "kinds/os/access.h"
#include "kinds/os/content.h"
#include "kinds/os/effects.h"
#include "kinds/os/reading.h"

namespace aegis::os {
namespace {

constexpr std::string_view k_kind = "file";
constexpr std::string_view k_mode = "0644";
constexpr std::string_view k_nothing = "-";

Asks further_asks(const Batch& batch, const Facts& facts) {
  Asks asks;
  for (const Resource* resource : batch.resources) {
    const std::string path = path_of(resource->address);
    const PathFacts* seen = facts.at(path);
    const Inventory::Entry* entry = facts.inventory.find(resource->address);
    if (seen != nullptr && wants_live_text(resource->spec, *seen, entry)) {
      asks.contents.push_back(path);
    }
  }
  for (const std::string& name : undeclared(batch, k_kind, facts.inventory)) {
    asks.paths.push_back("/" + name);
    const Inventory::Entry& entry = *facts.inventory.find({"", std::string(k_kind), name});
    asks.effects = asks.effects || !entry.effects.empty();
    for (std::string& unit : units_of(entry.effects)) asks.units.push_back(std::move(unit));
  }
  return asks;
}

Observation begin(const Address& address, const Facts& facts) {
  Observation observation;
  observation.address = address;
  const Inventory::Entry* entry = facts.inventory.find(address);
  observation.owned = entry != nullptr;
  observation.context = {{"present", k_nothing},
                         {"value", entry == nullptr ? "" : inventory_value(*entry)}};
  return observation;
}

Observation observe_file(const Resource& resource, const Facts& facts, Vault& vault) {
  Observation observation = begin(resource.address, facts);
  const std::string path = path_of(resource.address);
  const EffectNames effects = effects_of(path, resource.spec, resource.depends_on, facts);
  observation.context["effects"] = effects;
  observation.notes = unguarded_starts(resource, effects, facts);
  const PathFacts* seen = facts.at(path);
  if (seen == nullptr) return observation;
  observation.exists = true;
  if (seen->type != PathFacts::Type::file) {
    observation.notes.push_back(wrong_type(resource, *seen, "a file"));
    return observation;
  }
  observation.context["present"] = seen->sha256;
  // A run may have been cut between the package and its file.
  observation.owned = observation.owned || facts.packaged.contains(path);
  observation.attributes = live_access(*seen, resource.spec);
  const auto text = facts.contents.find(path);
  observation.attributes["content"] = live_content(
      resource.spec, *seen, text == facts.contents.end() ? nullptr : &text->second, vault);
  const Json pending = pending_effects(path, effects, facts);
  if (!pending.is_null()) observation.attributes["pending"] = pending;
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const Facts& facts) {
  const std::string path = path_of(address);
  const PathFacts* seen = facts.at(path);
  if (seen != nullptr && seen->type != PathFacts::Type::file) return std::nullopt;
  Observation orphan = begin(address, facts);
  const EffectNames& remembered = facts.inventory.find(address)->effects;
  if (seen == nullptr && remembered.empty()) return std::nullopt;
  EffectNames effects = effects_of_removal(path, remembered, facts);
  const Json pending = pending_effects(path, effects, facts);
  // A removal that was cut before its effects, or before it was forgotten.
  if (seen == nullptr && pending.is_null()) effects.clear();
  orphan.exists = true;
  orphan.context["effects"] = effects;
  if (seen != nullptr) {
    orphan.context["present"] = seen->sha256;
    orphan.attributes = live_access(*seen, Json());
  }
  if (!pending.is_null()) orphan.attributes["pending"] = pending;
  return orphan;
}

constexpr View k_view{k_kind, further_asks, observe_file, observe_orphan};

}  // namespace

std::vector<Query> file_queries(const Batch& batch, const Replies& replies) {
  return os_queries(batch, replies, further_asks);
}

Result<std::vector<Observation>> interpret_files(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault) {
  return observe_all(k_view, batch, replies, vault);
}

Json normalize_file(const Resource& resource, const Observation&) {
  Json wanted = wanted_access(resource.spec, k_mode);
  wanted["content"] = wanted_content(resource.spec);
  return wanted;
}

}  // namespace aegis::os
