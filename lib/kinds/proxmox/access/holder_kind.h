#pragma once

#include <vector>

#include "kinds/proxmox/access/holder.h"
#include "kinds/proxmox/objects/object_kind.h"

namespace aegis::proxmox {

/// The kind of an object type whose objects hold grants: a user, a group.
template <const ObjectType& type, Holder holder>
const Kind& holder_kind() {
  static const std::vector<AttributeRule> k_rules = [] {
    std::vector<AttributeRule> rules = object_rules(type);
    rules.push_back(grants_rule());
    return rules;
  }();
  static const Kind k_kind = [] {
    Kind kind = object_kind<type>();
    kind.rules = k_rules;
    kind.queries = [](const Batch& batch, const Replies& replies) {
      std::vector<Query> queries = object_queries(type, batch, replies);
      if (queries.empty()) return queries;
      for (Query& query : grant_queries(batch.scope)) queries.push_back(std::move(query));
      return queries;
    };
    kind.interpret =
        [](const Batch& batch, const Replies& replies, Vault&) -> Result<std::vector<Observation>> {
      auto observations = interpret_objects(type, batch, replies);
      if (!observations) return observations;
      const auto added = add_live_grants(holder, batch, replies, *observations);
      if (!added) return added.error();
      return observations;
    };
    kind.normalize = [](const Resource& resource, const Observation&) {
      Json wanted = normalize_object(type, resource);
      add_wanted_grants(resource, wanted);
      return wanted;
    };
    kind.lower = [](const Lowering& lowering) {
      const Change rest = without_grants(lowering.change);
      std::vector<Step> steps;
      const bool only_grants = rest.action == Action::update && rest.attributes.empty();
      if (!only_grants) {
        steps = lower_object(
            type, {rest, lowering.scope, lowering.desired, lowering.wanted, lowering.live});
      }
      add_grant_steps(holder, lowering, steps);
      return steps;
    };
    kind.perform = [](const Step& step, const Outputs&, Effects& effects) {
      return is_grant_step(step) ? perform_grant(holder, step, effects)
                                 : perform_object(type, step, effects);
    };
    kind.survey = [](const Batch& batch, const Replies& replies) {
      return survey_objects(type, holder_kind<type, holder>().queries, batch, replies);
    };
    kind.declare = [](const Batch& batch, const Replies& replies) {
      auto declarations =
          declare_objects(type, holder_kind<type, holder>().interpret, batch, replies);
      if (declarations) write_grants_as_specs(*declarations);
      return declarations;
    };
    return kind;
  }();
  return k_kind;
}

}  // namespace aegis::proxmox
