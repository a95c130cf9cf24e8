#include "plan/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "plan/cause.h"
#include "plan/diff.h"
#include "plan/guards.h"

namespace aegis {
namespace {

// Only --replace and --adopt together take over and replace in one go.
bool replaces_unmarked(const Address& address, const PlanOptions& options) {
  return covered(options.adopts, address) && named(options.replaces, address);
}

bool forces_replace(const Change& change) {
  return std::any_of(change.attributes.begin(), change.attributes.end(), [](const auto& attribute) {
    return attribute.forces_replace;
  });
}

void object(Change& change, const std::string& objection) {
  if (objection.empty()) return;
  if (!change.blocked.empty()) change.blocked += ' ';
  change.blocked += objection;
}

std::string live_objection(const Observation& live) {
  for (const Diagnostic& note : live.notes) {
    if (note.severity == Severity::error) return fmt::format("{}: {}", note.summary, note.detail);
  }
  return {};
}

// The change's own view: the worst of what its attributes and its steps disturb.
void rate(Change& change, const std::vector<Step>& steps) {
  change.destroys_data = false;
  change.disruption = change.action == Action::replace ? Disruption::recreate : Disruption::none;
  for (const AttributeChange& attribute : change.attributes) {
    change.disruption = std::max(change.disruption, attribute.disruption);
  }
  for (const Step& step : steps) {
    change.disruption = std::max(change.disruption, step.disruption);
    change.destroys_data = change.destroys_data || step.destroys_data;
  }
  if (change.disruption == Disruption::data_loss) change.destroys_data = true;
  if (change.destroys_data) change.disruption = Disruption::data_loss;
}

}  // namespace

Drafter::Drafter(const Desired& desired,
                 const World& world,
                 std::span<const Kind> kinds,
                 const PlanOptions& options,
                 const Order& order,
                 const Selection& selection,
                 Diagnostics& notes)
    : desired_(desired),
      world_(world),
      options_(options),
      order_(order),
      selection_(selection),
      notes_(notes),
      fates_(order.resources.size()) {
  for (std::size_t rank = 0; rank < kinds.size(); ++rank) {
    const Kind& kind = kinds[rank];
    kinds_.emplace(kind.name, KindEntry{&kind, rank, RuleTable(kind.rules)});
  }
}

std::vector<Draft> Drafter::draft_all() {
  std::vector<Draft> drafts;
  const auto keep = [&](std::optional<Draft> draft) {
    if (draft) drafts.push_back(std::move(*draft));
  };
  for (std::size_t i = 0; i < order_.resources.size(); ++i) {
    if (selection_.selected[i] && !selection_.destroyed[i]) keep(draft_declared(i));
  }
  for (std::size_t i = order_.resources.size(); i-- > 0;) {
    if (selection_.selected[i] && selection_.destroyed[i]) keep(draft_destroyed(i));
  }
  const std::size_t first_orphan = drafts.size();
  for (const Observation* orphan : selection_.orphans) keep(draft_orphan(*orphan));
  std::stable_sort(drafts.begin() + static_cast<std::ptrdiff_t>(first_orphan),
                   drafts.end(),
                   [](const Draft& a, const Draft& b) { return a.kind_rank > b.kind_rank; });
  return drafts;
}

std::optional<Draft> Drafter::draft_declared(std::size_t position) {
  const Resource& resource = *order_.resources[position];
  const Observation* seen = live_of(resource.address);
  if (seen != nullptr) take_notes(*seen);
  Fate& fate = fates_[position];
  inherit_window(position);
  auto draft = begin(resource.address, resource.scope);
  if (!draft) {
    fate.stays_absent = seen == nullptr || !seen->exists;
    return std::nullopt;
  }
  draft->position = position;
  draft->change.where = resource.where;

  std::string gone_because;
  go_with_a_need(position, gone_because);
  const bool made_again = fate.gone || fate.taken;
  const Observation& live = seen == nullptr || made_again ? absent(resource) : *seen;
  const Json wanted = draft->kind->normalize(resource, live);
  compare(*draft, wanted, live, made_again);
  follow_needs(*draft, live);
  Change& change = draft->change;
  const bool unchanged = change.action == Action::update && change.attributes.empty() &&
                         !covered(options_.replaces, change.address);
  if (unchanged) return std::nullopt;
  if (made_again) change.cause = gone_because;
  object(change, dependency_objection(position));
  if (seen != nullptr) object(change, live_objection(*seen));
  settle(*draft, wanted, live);

  fate.stays_absent = change.action == Action::create && !change.blocked.empty();
  fate.replaced = change.action == Action::replace && change.blocked.empty();
  if (draft->kind->follow != nullptr && change.blocked.empty()) {
    fate.made = Made{change, wanted, &live};
  }
  if (change.action == Action::update && change.attributes.empty()) return std::nullopt;
  return draft;
}

std::optional<Draft> Drafter::draft_destroyed(std::size_t position) {
  const Resource& resource = *order_.resources[position];
  const Observation* live = live_of(resource.address);
  Fate& fate = fates_[position];
  const auto& users = order_.needed_by[position];
  const auto stuck = std::find_if(
      users.begin(), users.end(), [&](std::size_t user) { return fates_[user].removal_blocked; });
  if (live == nullptr || !live->exists) {
    // What is not there itself may still stand between its users and its needs.
    fate.removal_blocked = stuck != users.end();
    return std::nullopt;
  }
  take_notes(*live);
  auto draft = begin(resource.address, resource.scope);
  if (!draft) return std::nullopt;
  draft->position = position;
  draft->change.where = resource.where;
  draft->change.action = Action::remove;
  draft->change.cause = covered(options_.destroys, resource.address)
                            ? "to be destroyed"
                            : "needs something that is to be destroyed";
  if (stuck != users.end()) {
    object(draft->change,
           fmt::format("{} needs it and is not removed.",
                       to_string(order_.resources[*stuck]->address)));
  }
  settle(*draft, Json(), *live);
  fate.removal_blocked = !draft->change.blocked.empty();
  return draft;
}

std::optional<Draft> Drafter::draft_orphan(const Observation& live) {
  const bool asked = covered(options_.destroys, live.address);
  if (!live.owned && !asked) return std::nullopt;
  take_notes(live);
  auto draft = begin(live.address, live.scope);
  if (!draft) return std::nullopt;
  draft->change.action = Action::remove;
  draft->change.cause = asked ? "to be destroyed" : "no longer in the manifests";
  settle(*draft, Json(), live);
  return draft;
}

// A draft with its kind and scope, or a complaint: both are the loader's and the engine's promise.
std::optional<Draft> Drafter::begin(const Address& address, const std::string& scope_name) {
  const auto kind = kinds_.find(address.kind);
  if (kind == kinds_.end()) {
    complain("Unknown kind of resource",
             fmt::format("{} is left out: this version knows no kind \"{}\".",
                         to_string(address),
                         address.kind));
    return std::nullopt;
  }
  const auto scope = desired_.scopes.find(scope_name);
  if (scope == desired_.scopes.end()) {
    complain("Unknown place of a resource",
             fmt::format("{} is left out: the manifests declare no {}.",
                         to_string(address),
                         scope_name.empty() ? "place for it" : scope_name));
    return std::nullopt;
  }
  Draft draft;
  draft.change.address = address;
  draft.kind = kind->second.kind;
  draft.kind_rank = kind->second.rank;
  draft.scope = scope->first;
  return draft;
}

void Drafter::compare(Draft& draft, const Json& wanted, const Observation& live, bool gone) {
  const RuleTable& rules = kinds_.find(draft.kind->name)->second.rules;
  Change& change = draft.change;
  const bool creates = !live.exists || gone;
  change.attributes =
      creates ? attributes_of_new(wanted, rules) : diff(wanted, live.attributes, rules);
  if (draft.kind->refine != nullptr) {
    for (AttributeChange& attribute : change.attributes) {
      std::string objection;
      draft.kind->refine(attribute, wanted, live, objection);
      object(change, objection);
    }
  }
  if (creates) {
    change.action = Action::create;
    change.cause = "not found";
    for (AttributeChange& attribute : change.attributes) {
      attribute.disruption = Disruption::none;
      attribute.forces_replace = false;
    }
  } else if (!live.owned) {
    change.action = Action::adopt;
    change.cause = "exists without our marker";
  } else {
    change.action = Action::update;
    change.cause = cause_of_difference(change.attributes);
  }
}

// Attributes that are equal, and yet cannot stay as they are.
void Drafter::follow_needs(Draft& draft, const Observation& live) {
  Change& change = draft.change;
  if (draft.kind->follow == nullptr || change.action == Action::create) return;
  const Resource& resource = *order_.resources[*draft.position];
  for (const std::size_t need : order_.needs[*draft.position]) {
    const auto& made = fates_[need].made;
    if (!made || made->change.address.kind != change.address.kind) continue;
    const Resource* other = order_.resources[need];
    const Scope& scope = desired_.scopes.find(other->scope)->second;
    const Lowering lowering{made->change, scope, other, made->wanted, *made->live};
    for (AttributeChange& attribute : draft.kind->follow(resource, live, lowering)) {
      change.attributes.push_back(std::move(attribute));
    }
  }
  if (change.action == Action::update) change.cause = cause_of_difference(change.attributes);
}

void Drafter::settle(Draft& draft, const Json& wanted, const Observation& live) {
  Change& change = draft.change;
  const bool on_existing =
      change.action == Action::update ||
      (change.action == Action::adopt && replaces_unmarked(change.address, options_));
  if (on_existing && (forces_replace(change) || covered(options_.replaces, change.address))) {
    settle_replacement(draft, wanted, live);
  } else {
    lower(draft, wanted, live);
  }
  object(change, left_out_objection(draft));
  object(change, keep_objection(change, *draft.kind, live));
  object(change, owner_objection(change, live.owned, draft.position.has_value(), options_));
  object(change, root_objection(change, desired_.scopes.find(draft.scope)->second));
  if (change.blocked.empty()) wait_for_window(draft);
  if (!change.blocked.empty()) draft.steps.clear();
}

void Drafter::settle_replacement(Draft& draft, const Json& wanted, const Observation& live) {
  Change& change = draft.change;
  const bool forced = forces_replace(change);
  const Action otherwise = std::exchange(change.action, Action::replace);
  if (change.cause.empty() || !forced) change.cause = "asked for with --replace";
  lower(draft, wanted, live);
  const std::string objection = data_objection(change, options_);
  if (objection.empty() || forced) {
    object(change, objection);
    return;
  }
  // A pattern wide enough to hit what holds data by accident does not destroy it.
  notes_.push_back({Severity::warning,
                    "Not replaced",
                    fmt::format("{}: {}", to_string(change.address), objection),
                    change.where,
                    std::nullopt});
  change.action = otherwise;
  change.cause = cause_of_difference(change.attributes);
  lower(draft, wanted, live);
}

void Drafter::lower(Draft& draft, const Json& wanted, const Observation& live) {
  Change& change = draft.change;
  draft.steps.clear();
  const bool nothing_to_do = change.action == Action::update && change.attributes.empty();
  // An objection so far is about values that no step could be made of.
  if (change.blocked.empty() && !nothing_to_do) {
    const Scope& scope = desired_.scopes.find(draft.scope)->second;
    const Resource* resource = draft.position ? order_.resources[*draft.position] : nullptr;
    draft.steps = draft.kind->lower(Lowering{change, scope, resource, wanted, live});
  }
  rate(change, draft.steps);
}

// What lives in something (a service in a container) goes with it. It depends on it and is managed
// through another scope; its own neighbours go the same way.
void Drafter::go_with_a_need(std::size_t position, std::string& cause) {
  const auto kind_of = [&](std::size_t i) {
    const auto kind = kinds_.find(order_.resources[i]->address.kind);
    return kind == kinds_.end() ? nullptr : kind->second.kind;
  };
  const Kind* own = kind_of(position);
  if (own == nullptr) return;
  Fate& fate = fates_[position];
  for (const std::size_t need : order_.needs[position]) {
    const Kind* needed = kind_of(need);
    if (needed == nullptr) continue;
    const bool replaced = fates_[need].replaced;
    const bool holds_us = own->lives_in_needs || needed->scope_type != own->scope_type;
    fate.gone = fate.gone || fates_[need].gone || (replaced && holds_us);
    fate.taken = fate.taken || (replaced && needed->takes_users);
    if ((fate.gone || fate.taken) && cause.empty()) {
      cause = fmt::format("{} is {}",
                          to_string(order_.resources[need]->address),
                          replaced ? "replaced" : "made again");
    }
  }
}

// Those that a replacement takes along have to be made again in the same run.
std::string Drafter::left_out_objection(const Draft& draft) const {
  if (draft.change.action != Action::replace || !draft.kind->takes_users) return {};
  for (const std::size_t user : order_.needed_by[*draft.position]) {
    const Address& address = order_.resources[user]->address;
    const Observation* live = live_of(address);
    if (selection_.selected[user] || live == nullptr || !live->exists) continue;
    return fmt::format(
        "{} uses it and would go with it, but is left out of this plan. Plan it too.",
        to_string(address));
  }
  return {};
}

std::string Drafter::dependency_objection(std::size_t position) const {
  for (const std::size_t need : order_.needs[position]) {
    if (fates_[need].stays_absent) {
      return fmt::format("It needs {}, which does not exist and will not be made.",
                         to_string(order_.resources[need]->address));
    }
  }
  return {};
}

const Observation* Drafter::live_of(const Address& address) const {
  const auto found = world_.objects.find(address);
  return found == world_.objects.end() ? nullptr : &found->second;
}

const Observation& Drafter::absent(const Resource& resource) {
  Observation& nothing = absent_.emplace_back();
  nothing.address = resource.address;
  nothing.scope = resource.scope;
  return nothing;
}

void Drafter::take_notes(const Observation& live) {
  notes_.insert(notes_.end(), live.notes.begin(), live.notes.end());
}

void Drafter::complain(std::string summary, std::string detail) {
  notes_.push_back(
      {Severity::error, std::move(summary), std::move(detail), std::nullopt, std::nullopt});
}

}  // namespace aegis
