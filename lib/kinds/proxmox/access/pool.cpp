#include "kinds/proxmox/access/pool.h"

#include <fmt/format.h>

#include <array>

#include "kinds/proxmox/access/pool_members.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/lock.h"
#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;

constexpr std::array k_fields{Field{.name = "comment", .stays = true}};

std::string guarded_path(std::string_view name) {
  return fmt::format("/pool/{}", name);
}

// Our lock.
bool is_builtin(const Json& pool) {
  return text_or(pool, "poolid") == proxmox::k_lock_pool;
}

constexpr proxmox::ObjectType k_type{.kind = "pool",
                                     .schema = "access",
                                     .section = "access.pools",
                                     .noun = "pool",
                                     .list = "/pools",
                                     .id_key = "poolid",
                                     .fields = k_fields,
                                     .found_in_list = true,
                                     .marked = true,
                                     .digest = false,
                                     .removal = "its guests and storages stay",
                                     .privileges = "Pool.Audit",
                                     .guarded_path = guarded_path,
                                     .is_builtin = is_builtin};

const Resource* declared(const Batch& batch, const Address& address) {
  for (const Resource* resource : batch.resources) {
    if (resource->address == address) return resource;
  }
  return nullptr;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  std::vector<Query> queries = proxmox::object_queries(k_type, batch, replies);
  if (queries.empty()) return queries;
  std::vector<std::string> there;
  const auto observations = proxmox::interpret_objects(k_type, batch, replies);
  if (observations) {
    for (const Observation& observation : *observations) {
      if (observation.exists) there.push_back(observation.address.name);
    }
  }
  for (Query& query : proxmox::member_queries(batch.scope, there)) {
    queries.push_back(std::move(query));
  }
  return queries;
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  auto observations = proxmox::interpret_objects(k_type, batch, replies);
  if (!observations) return observations;
  for (Observation& observation : *observations) {
    const auto added = proxmox::add_live_members(
        declared(batch, observation.address), batch.scope, replies, observation);
    if (!added) return added.error();
  }
  return observations;
}

Json normalize(const Resource& resource, const Observation&) {
  Json wanted = proxmox::normalize_object(k_type, resource);
  proxmox::add_wanted_members(resource, wanted);
  return wanted;
}

std::vector<Step> lower(const Lowering& lowering) {
  const Change rest = proxmox::without_members(lowering.change);
  std::vector<Step> steps;
  const bool only_members = rest.action == Action::update && rest.attributes.empty();
  if (!only_members) {
    steps = proxmox::lower_object(
        k_type, {rest, lowering.scope, lowering.desired, lowering.wanted, lowering.live});
  }
  proxmox::add_member_steps(lowering, steps);
  return steps;
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  return proxmox::is_member_step(step) ? proxmox::perform_members(step, effects)
                                       : proxmox::perform_object(k_type, step, effects);
}

}  // namespace

const Kind& pool_kind() {
  static const std::vector<AttributeRule> k_rules = [] {
    std::vector<AttributeRule> rules = proxmox::object_rules(k_type);
    for (const AttributeRule& rule : proxmox::member_rules()) rules.push_back(rule);
    return rules;
  }();
  static const Kind k_kind = [] {
    Kind kind = proxmox::object_kind<k_type>();
    kind.rules = k_rules;
    kind.queries = queries;
    kind.interpret = interpret;
    kind.normalize = normalize;
    kind.lower = lower;
    kind.perform = perform;
    kind.survey = [](const Batch& batch, const Replies& replies) {
      return proxmox::survey_objects(k_type, queries, batch, replies);
    };
    kind.declare = [](const Batch& batch, const Replies& replies) {
      return proxmox::declare_objects(k_type, interpret, batch, replies);
    };
    return kind;
  }();
  return k_kind;
}

}  // namespace aegis
