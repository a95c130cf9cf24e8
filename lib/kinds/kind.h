#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"
#include "base/result.h"
#include "effects/effects.h"
#include "kinds/query.h"
#include "model/declaration.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/world.h"

namespace aegis {

/// How two values of an attribute are compared.
enum class Compare { exact, as_set, ignore_case };

/// What is known about one attribute. The rules are the documentation of what a change disturbs:
/// `explain` prints them, the diff and the planner decide by them.
struct AttributeRule {
  std::string_view path = {};  ///< "memory", "network.*.ip": "*" stands for one piece; a rule for
                               ///< "features" covers all below it that has no rule of its own
  Disruption disruption = Disruption::none;  ///< of a change while the object runs
  Compare compare = Compare::exact;
  bool immutable = false;   ///< can only change by replacing the object
  bool write_only = false;  ///< never read back: not compared
  bool whole = false;       ///< an object that is compared and shown as one value
  Door door = Door::api;
  std::string_view note = {};  ///< why, where the fact is not obvious
};

/// The declared resources of one kind in one scope; there may be none.
struct Batch {
  const Scope& scope;
  std::vector<const Resource*> resources;

  /// True when the manifest has something of the server's section, or the section alone: what it
  /// does not have is neither read nor touched.
  [[nodiscard]] bool manages(std::string_view section) const {
    return !resources.empty() || scope.has_section(section);
  }
};

/// What `lower` turns into steps. `wanted` is the normalized desired state (null for remove),
/// `live` is what was observed.
struct Lowering {
  const Change& change;
  const Scope& scope;
  const Resource* desired;
  const Json& wanted;
  const Observation& live;
};

using Outputs = std::map<StepId, Json>;

/// A kind of resource: plain functions, no state. Pure functions say so; only `perform` acts.
struct Kind {
  std::string_view name;        ///< "container"
  std::string_view scope_type;  ///< Scope::type() of the scopes whose batches it gets
  std::string_view schema;  ///< its schema file without ".schema.json"; empty: has none of its own
  std::span<const AttributeRule> rules;

  /// Pure. What to read next for `batch`, given the replies so far (of all kinds). Asked again
  /// until nothing new comes: each round is one network wave. Repeating a query is free.
  std::vector<Query> (*queries)(const Batch& batch, const Replies& replies);

  /// Pure. One Observation for every resource of `batch` (exists = false when absent), and one for
  /// every owned object of this kind in the scope that no resource names (an orphan, addressed by
  /// its live name). Fails when the replies do not tell: unreachable, refused, or not visible to
  /// these credentials. `vault` seals live values whose desired counterparts are secrets.
  Result<std::vector<Observation>> (*interpret)(const Batch& batch,
                                                const Replies& replies,
                                                Vault& vault);

  /// Pure. The attributes that `resource` asks for: units and defaults filled in, in the shape of
  /// Observation::attributes. `live` gives context that the desired state depends on (a Docker
  /// image's own configuration); its attributes must not be copied.
  Json (*normalize)(const Resource& resource, const Observation& live);

  /// Pure, may be null. Corrects what the rules say about one difference when it depends on the
  /// circumstances: a stopped guest is not disturbed, a disk cannot shrink (set `blocked`).
  void (*refine)(AttributeChange& attribute,
                 const Json& wanted,
                 const Observation& live,
                 std::string& blocked);

  /// Pure, may be null. Why the live object must not be removed or replaced (`ending`) as it is (a
  /// protection that is set on it), and what to do about it; empty when it may.
  std::string (*keeps)(Action ending, const Observation& live) = nullptr;

  /// Pure. The steps that make `change` so. Ids and `after` count from 1 within the result; the
  /// planner renumbers them and ties them to other resources' steps.
  std::vector<Step> (*lower)(const Lowering& lowering);

  /// Pure, may be null. What changes of `resource`, whose object `live` stays as it is, because of
  /// `need`, a change to something of this kind that it depends on: a container whose network it
  /// shares is made anew.
  std::vector<AttributeChange> (*follow)(const Resource& resource,
                                         const Observation& live,
                                         const Lowering& need) = nullptr;

  /// Does one step, or the undo of one. Returns its output (the ids it made). Waits until the
  /// operation has really ended, for at most `step.timeout`. Safe to repeat after an interruption:
  /// when the end state is already there it succeeds.
  Result<Json> (*perform)(const Step& step, const Outputs& outputs, Effects& effects);

  /// Pure; both null for a kind that is not imported. What to read next to know every object of the
  /// kind in the scope, ours or not, as with `queries`; and those objects that no resource of
  /// `batch` names, as manifests would declare them, by name. Fails as `interpret` does.
  std::vector<Query> (*survey)(const Batch& batch, const Replies& replies) = nullptr;
  Result<std::vector<Declaration>> (*declare)(const Batch& batch, const Replies& replies) = nullptr;

  /// What it depends on takes it along when that is replaced: a container its firewall.
  bool lives_in_needs = false;

  /// When it is replaced, the objects in its scope that need it go too and are made again, without
  /// what needs those: a volume's containers, which no volume can be removed under.
  bool takes_users = false;
};

}  // namespace aegis
