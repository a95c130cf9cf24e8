#include "plan/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/diff.h"
#include "plan/selection.h"

namespace aegis {
namespace {

constexpr std::size_t k_most_named = 3;

std::string name_attributes(const std::vector<AttributeChange>& attributes) {
  std::vector<std::string> names;
  for (const AttributeChange& attribute : attributes) names.push_back(attribute.path);
  if (names.size() <= k_most_named) return list_words(names);
  const std::size_t rest = names.size() - k_most_named;
  names.resize(k_most_named);
  names.push_back(fmt::format("{} more", rest));
  return list_words(names);
}

void block(Change& change, const std::string& why) {
  if (!change.blocked.empty()) change.blocked += " ";
  change.blocked += why;
}

void weigh(Change& change) {
  for (const AttributeChange& attribute : change.attributes) {
    change.disruption = std::max(change.disruption, attribute.disruption);
  }
}

void refine_attributes(Draft& draft) {
  if (draft.kind->refine == nullptr) return;
  for (AttributeChange& attribute : draft.change.attributes) {
    std::string blocked;
    draft.kind->refine(attribute, draft.wanted, draft.live, blocked);
    if (!blocked.empty()) block(draft.change, blocked);
  }
}

void guard_root_door(Draft& draft) {
  const bool can_act_as_root = as_bool(get(draft.scope->settings, "root")).value_or(true);
  if (can_act_as_root) return;
  std::vector<std::string> refused;
  for (const AttributeChange& attribute : draft.change.attributes) {
    if (attribute.door == Door::root) refused.push_back(attribute.path);
  }
  if (refused.empty()) return;
  block(draft.change,
        fmt::format(
            "Proxmox lets only root@pam set {}, and an API token never counts as that. Give the "
            "server `ssh:`, or root@pam's password.",
            list_words(refused)));
}

void become_replacement(Draft& draft, const PlanOptions& options) {
  Change& change = draft.change;
  change.action = Action::replace;
  change.destroys_data = true;
  change.disruption = Disruption::data_loss;
  if (is_covered(options.replaces, change.address)) return;
  std::vector<std::string> forcing;
  for (const AttributeChange& attribute : change.attributes) {
    if (attribute.forces_replace) forcing.push_back(attribute.path);
  }
  block(change,
        fmt::format("{} cannot change on what exists: it would have to be destroyed, with all data "
                    "in it, and "
                    "made anew. If that is what you want, pass --replace {}.",
                    list_words(forcing),
                    to_string(change.address)));
}

void become_removal(Draft& draft) {
  draft.change.action = Action::remove;
  draft.change.cause = "named to be destroyed";
  draft.change.disruption = Disruption::data_loss;
  draft.change.attributes.clear();
  draft.wanted = nullptr;
}

void decide(Draft& draft, const PlanOptions& options) {
  Change& change = draft.change;
  if (!draft.live.exists) {
    change.action = Action::create;
    change.cause = "not found";
    for (AttributeChange& attribute : change.attributes) attribute.disruption = Disruption::none;
    return;
  }
  const bool must_replace = std::any_of(
      change.attributes.begin(), change.attributes.end(), [](const AttributeChange& attribute) {
        return attribute.forces_replace;
      });
  weigh(change);
  change.cause = change.attributes.empty()
                     ? ""
                     : fmt::format("{} changed", name_attributes(change.attributes));
  if (!draft.live.owned) {
    change.action = Action::adopt;
    change.cause = "exists, but does not carry our mark";
    if (must_replace) block(change, "It differs in what cannot change on what exists.");
    if (!is_covered(options.adopts, change.address)) {
      block(change,
            fmt::format("Pass --adopt {} to take it over with these differences.",
                        to_string(change.address)));
    }
    return;
  }
  if (must_replace || is_covered(options.replaces, change.address)) {
    if (!must_replace) change.cause = "named to be replaced";
    become_replacement(draft, options);
  }
}

Observation absent(const Resource& resource) {
  Observation observation;
  observation.address = resource.address;
  observation.scope = resource.scope;
  return observation;
}

}  // namespace

std::optional<Draft> make_draft(const Resource& resource,
                                const Observation* live,
                                const Scope& scope,
                                const Kind& kind,
                                const PlanOptions& options) {
  Draft draft{&kind, &scope, &resource, live != nullptr ? *live : absent(resource), {}, {}};
  draft.change.address = resource.address;
  draft.change.where = resource.where;
  if (!options.destroys.empty()) {
    if (!draft.live.exists) return std::nullopt;
    become_removal(draft);
    if (!draft.live.owned)
      block(draft.change, "It does not carry our mark; what is not ours is never removed.");
    return draft;
  }
  draft.wanted = kind.normalize(resource, draft.live);
  draft.change.attributes = diff(draft.wanted, draft.live.attributes, kind.rules);
  refine_attributes(draft);
  decide(draft, options);
  const bool replaced =
      draft.change.action == Action::replace || draft.change.action == Action::adopt;
  if (draft.live.exists && draft.change.attributes.empty() && !replaced) return std::nullopt;
  guard_root_door(draft);
  return draft;
}

Draft make_orphan_draft(const Observation& live,
                        const Scope& scope,
                        const Kind& kind,
                        const PlanOptions& options) {
  Draft draft{&kind, &scope, nullptr, live, nullptr, {}};
  draft.change.address = live.address;
  draft.change.action = Action::remove;
  draft.change.cause =
      options.destroys.empty() ? "no longer in the manifests" : "named to be destroyed";
  draft.change.disruption = Disruption::data_loss;
  if (!options.prune && options.destroys.empty())
    block(draft.change, "It stays unless --prune is given.");
  return draft;
}

void block_by_dependencies(Drafts& drafts, const Desired& desired, const World& world) {
  const auto is_missing = [&](const Address& address) {
    const auto draft = drafts.find(address);
    if (draft != drafts.end()) {
      return draft->second.change.action == Action::create && !draft->second.change.blocked.empty();
    }
    const auto live = world.objects.find(address);
    return desired.resources.contains(address) &&
           (live == world.objects.end() || !live->second.exists);
  };
  // Blocking one may block what needs it: repeat until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [address, draft] : drafts) {
      Change& change = draft.change;
      if (draft.desired == nullptr || change.action == Action::remove || !change.blocked.empty())
        continue;
      for (const Address& need : draft.desired->depends_on) {
        if (!is_missing(need)) continue;
        block(
            change,
            fmt::format("It needs {}, which is not there and will not be made.", to_string(need)));
        changed = true;
        break;
      }
    }
  }
}

}  // namespace aegis
