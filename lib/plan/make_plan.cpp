#include "plan/make_plan.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "plan/draft.h"
#include "plan/selection.h"
#include "plan/step_graph.h"

namespace aegis {
namespace {

class Planner {
 public:
  Planner(const Desired& desired,
          const World& world,
          std::span<const Kind> kinds,
          const PlanOptions& options)
      : desired_(desired), world_(world), kinds_(kinds), options_(options) {}

  Plan make() {
    Plan plan;
    for (const auto& [address, observation] : world_.objects) {
      plan.notes.insert(plan.notes.end(), observation.notes.begin(), observation.notes.end());
    }
    const auto cycles = find_cycles(desired_);
    plan.notes.insert(plan.notes.end(), cycles.begin(), cycles.end());
    const std::set<Address> selected = select(desired_, world_, options_, plan.notes);
    if (has_errors(plan.notes)) return plan;
    for (const Address& address : selected) draft(address);
    block_by_dependencies(drafts_, desired_, world_);
    plan.steps = order_steps(lower_all());
    for (auto& [address, draft] : drafts_) plan.changes.push_back(std::move(draft.change));
    return plan;
  }

 private:
  [[nodiscard]] std::size_t place_of_kind(std::string_view name) const {
    const auto found = std::find_if(
        kinds_.begin(), kinds_.end(), [&](const Kind& kind) { return kind.name == name; });
    return static_cast<std::size_t>(std::distance(kinds_.begin(), found));
  }

  void draft(const Address& address) {
    const std::size_t place = place_of_kind(address.kind);
    if (place == kinds_.size()) return;
    const Kind& kind = kinds_[place];
    const auto live = world_.objects.find(address);
    const auto resource = desired_.resources.find(address);
    if (resource == desired_.resources.end()) {
      drafts_.emplace(
          address, make_orphan_draft(live->second, scope_of(live->second.scope), kind, options_));
      return;
    }
    auto made = make_draft(resource->second,
                           live == world_.objects.end() ? nullptr : &live->second,
                           scope_of(resource->second.scope),
                           kind,
                           options_);
    if (made) drafts_.emplace(address, std::move(*made));
  }

  [[nodiscard]] const Scope& scope_of(const std::string& name) const {
    return desired_.scopes.at(name);
  }

  std::vector<LoweredChange> lower_all() {
    std::map<Address, std::size_t> places;
    std::vector<LoweredChange> lowered;
    for (auto& [address, draft] : drafts_) {
      if (!draft.change.blocked.empty()) continue;
      places[address] = lowered.size();
      LoweredChange& entry = lowered.emplace_back();
      entry.steps =
          draft.kind->lower({draft.change, *draft.scope, draft.desired, draft.wanted, draft.live});
      for (const Step& step : entry.steps) {
        draft.change.destroys_data = draft.change.destroys_data || step.destroys_data;
      }
      if (draft.change.action == Action::remove && !draft.change.destroys_data) {
        draft.change.disruption = Disruption::recreate;
      }
    }
    for (const auto& [address, place] : places) tie(address, lowered[place], places);
    return lowered;
  }

  // Makers follow what they need; removals go the other way round, after everything that stays.
  void tie(const Address& address,
           LoweredChange& entry,
           const std::map<Address, std::size_t>& places) const {
    const Draft& draft = drafts_.at(address);
    if (draft.change.action != Action::remove) {
      std::set<Address> seen;
      follow_needs(draft.desired->depends_on, places, seen, entry.after);
      return;
    }
    for (const auto& [other, place] : places) {
      if (other != address && removed_after(draft, drafts_.at(other))) entry.after.push_back(place);
    }
  }

  // What is unchanged in between is looked through.
  void follow_needs(const std::vector<Address>& needs,
                    const std::map<Address, std::size_t>& places,
                    std::set<Address>& seen,
                    std::vector<std::size_t>& after) const {
    for (const Address& need : needs) {
      if (!seen.insert(need).second) continue;
      const auto place = places.find(need);
      if (place != places.end()) {
        if (drafts_.at(need).change.action != Action::remove) after.push_back(place->second);
        continue;
      }
      const auto resource = desired_.resources.find(need);
      if (resource != desired_.resources.end())
        follow_needs(resource->second.depends_on, places, seen, after);
    }
  }

  [[nodiscard]] bool removed_after(const Draft& draft, const Draft& other) const {
    if (needs(other, draft.change.address)) return true;
    if (draft.scope != other.scope) return false;
    if (other.change.action != Action::remove) return draft.desired == nullptr;
    const bool related = draft.desired == nullptr || other.desired == nullptr;
    return related && place_of_kind(draft.kind->name) < place_of_kind(other.kind->name);
  }

  static bool needs(const Draft& draft, const Address& address) {
    if (draft.desired == nullptr) return false;
    const auto& needs = draft.desired->depends_on;
    return std::find(needs.begin(), needs.end(), address) != needs.end();
  }

  const Desired& desired_;
  const World& world_;
  std::span<const Kind> kinds_;
  const PlanOptions& options_;
  Drafts drafts_;
};

}  // namespace

Plan make_plan(const Desired& desired,
               const World& world,
               std::span<const Kind> kinds,
               const PlanOptions& options) {
  return Planner(desired, world, kinds, options).make();
}

}  // namespace aegis
