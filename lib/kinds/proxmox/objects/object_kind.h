#pragma once

#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/objects/object_change.h"
#include "kinds/proxmox/objects/object_observe.h"
#include "kinds/proxmox/objects/object_perform.h"
#include "kinds/proxmox/objects/object_survey.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// The kind that `type` describes. A new type of object is one source file with its table of fields
/// and `return object_kind<k_type>();`.
template <const ObjectType& type>
const Kind& object_kind() {
  static const std::vector<AttributeRule> k_rules = object_rules(type);
  static const Kind k_kind{
      .name = type.kind,
      .scope_type = "server",
      .schema = type.schema,
      .rules = k_rules,
      .queries = [](const Batch& batch,
                    const Replies& replies) { return object_queries(type, batch, replies); },
      .interpret = [](const Batch& batch,
                      const Replies& replies,
                      Vault&) { return interpret_objects(type, batch, replies); },
      .normalize = [](const Resource& resource,
                      const Observation&) { return normalize_object(type, resource); },
      .refine = nullptr,
      .lower = [](const Lowering& lowering) { return lower_object(type, lowering); },
      .perform = [](const Step& step,
                    const Outputs&,
                    Effects& effects) { return perform_object(type, step, effects); },
      .survey =
          [](const Batch& batch, const Replies& replies) {
            return survey_objects(type, object_kind<type>().queries, batch, replies);
          },
      .declare =
          [](const Batch& batch, const Replies& replies) {
            return declare_objects(type, object_kind<type>().interpret, batch, replies);
          }};
  return k_kind;
}

}  // namespace aegis::proxmox
