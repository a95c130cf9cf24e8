#include <fmt/format.h>

#include <cstdlib>

#include "simulator/ha.h"
#include "simulator/routes.h"
#include "simulator/section_calls.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const std::vector<SectionType> k_group_types{
    {"group", {{.name = "nodes", .required = true}, {"restricted"}, {"nofailback"}, {"comment"}}}};
const std::vector<SectionOption> k_resource_options{
    {"state"}, {"group"}, {"max_restart"}, {"max_relocate"}, {"comment"}};
const std::vector<SectionType> k_resource_types{{"ct", k_resource_options},
                                                {"vm", k_resource_options}};

const Field k_group{.name = "group", .required = true, .format = formats::configid};
const Field k_sid{.name = "sid", .required = true, .pattern = "((ct|vm):)?[1-9][0-9]{2,8}"};
const Field k_comment{.name = "comment", .max_length = 4096};
const Field k_delete{
    .name = "delete", .type = list, .max_length = 4096, .format = formats::configid};
const Field k_digest{.name = "digest", .max_length = 64};
const Field k_type{.name = "type", .choices = {"ct", "vm"}};
constexpr std::string_view k_nodes_pattern = "[a-zA-Z0-9-]+(:[0-9]+)?(,[a-zA-Z0-9-]+(:[0-9]+)?)*";
const Field k_nodes{.name = "nodes", .pattern = k_nodes_pattern};
const Field k_needed_nodes{.name = "nodes", .required = true, .pattern = k_nodes_pattern};
const Field k_restricted{.name = "restricted", .type = boolean};
const Field k_nofailback{.name = "nofailback", .type = boolean};

const std::vector<Field> k_group_fields{
    k_group, k_comment, k_nodes, k_restricted, k_nofailback, k_delete, k_digest};
const std::vector<Field> k_new_group{k_group,
                                     k_comment,
                                     k_needed_nodes,
                                     k_restricted,
                                     k_nofailback,
                                     {.name = "type", .choices = {"group"}}};
const std::vector<Field> k_resource_settings{
    k_sid,
    k_comment,
    {.name = "group", .format = formats::configid},
    {.name = "max_relocate", .type = integer, .minimum = 0},
    {.name = "max_restart", .type = integer, .minimum = 0},
    {.name = "state", .choices = {"started", "stopped", "enabled", "disabled", "ignored"}}};
const std::vector<Field> k_of_group{k_group};
const std::vector<Field> k_of_resource{k_sid};
const std::vector<Field> k_resources{k_type};
const std::vector<Field> k_none{};

std::vector<Field> with(std::vector<Field> more) {
  more.insert(more.end(), k_resource_settings.begin(), k_resource_settings.end());
  return more;
}

// "ct:103" of "103": the guest tells which it is.
std::string whole_sid(const World& world, const Call& call) {
  const std::string sid = call.text("sid");
  return sid.find(':') == std::string::npos ? ha_id(world, std::atoi(sid.c_str())) : sid;
}

std::string missing_group(const std::string& group) {
  return fmt::format("no such ha group '{}'", group);
}

std::string missing_resource(const std::string& sid) {
  return fmt::format("no such resource '{}'", sid);
}

Json resource_json(const SectionFile& file, const std::string& sid) {
  Json item = object_json(file, sid, "sid", k_resource_settings);
  if (!item.contains("state")) item["state"] = "started";
  return item;
}

Answer list_groups(World& world, const Call&) {
  Json items = Json::array();
  const SectionFile& file = file_of(world, k_ha_groups_file);
  for (const auto& [id, section] : file.sections) {
    items.push_back(object_json(file, id, "group", k_group_fields));
  }
  return answer(std::move(items));
}

Answer read_group(World& world, const Call& call) {
  const SectionFile& file = file_of(world, k_ha_groups_file);
  const std::string id = call.text("group");
  if (file.find(id) == nullptr) return refuse(missing_group(id));
  return answer(object_json(file, id, "group", k_group_fields));
}

Answer create_group(World& world, const Call& call) {
  SectionFile& file = file_of(world, k_ha_groups_file);
  const std::string id = call.text("group");
  if (file.find(id) != nullptr) {
    return refuse(fmt::format("ha group ID '{}' already defined", id));
  }
  Section section{"group", {}, {}};
  set_values(k_group_types.front(), object_values(call, {"group", "type"}), section);
  file.sections[id] = std::move(section);
  return answer();
}

Answer update_group(World& world, const Call& call) {
  const std::string id = call.text("group");
  const Refusal refusal = change_object(call,
                                        k_group_types,
                                        object_values(call, {"group"}),
                                        id,
                                        missing_group(id),
                                        file_of(world, k_ha_groups_file));
  return refusal ? *refusal : answer();
}

Answer delete_group(World& world, const Call& call) {
  const std::string id = call.text("group");
  for (const auto& [sid, resource] : file_of(world, k_ha_resources_file).sections) {
    const auto group = resource.values.find("group");
    if (group != resource.values.end() && group->second == id) {
      return refuse(fmt::format("ha group is used by service '{}'", sid));
    }
  }
  file_of(world, k_ha_groups_file).sections.erase(id);
  return answer();
}

Answer list_resources_of_ha(World& world, const Call& call) {
  Json items = Json::array();
  const SectionFile& file = file_of(world, k_ha_resources_file);
  for (const auto& [sid, section] : file.sections) {
    if (call.has("type") && call.text("type") != section.type) continue;
    items.push_back(resource_json(file, sid));
  }
  return answer(std::move(items));
}

Answer read_resource(World& world, const Call& call) {
  const SectionFile& file = file_of(world, k_ha_resources_file);
  const std::string sid = whole_sid(world, call);
  if (file.find(sid) == nullptr) return refuse(missing_resource(sid));
  return answer(resource_json(file, sid));
}

Refusal check_group(World& world, const SectionValues& values) {
  const auto group = values.find("group");
  if (group == values.end() || file_of(world, k_ha_groups_file).find(group->second) != nullptr) {
    return {};
  }
  return refuse(fmt::format("HA group '{}' does not exist", group->second));
}

// "enabled" is the old word for "started".
SectionValues resource_values(const Call& call) {
  SectionValues values = object_values(call, {"sid", "type"});
  const auto state = values.find("state");
  if (state != values.end() && state->second == "enabled") state->second = "started";
  return values;
}

// The manager follows what is wanted of it.
void follow(World& world, const std::string& sid) {
  const std::string state = ha_state_of(world, sid);
  if (!state.empty()) want_ha_state(world, sid, state);
}

Answer create_resource(World& world, const Call& call) {
  const std::string sid = whole_sid(world, call);
  const std::string type = sid.substr(0, sid.find(':'));
  if (call.has("type") && call.text("type") != type) {
    return invalid("type", "specified resource type does not match the service ID");
  }
  SectionFile& file = file_of(world, k_ha_resources_file);
  if (file.find(sid) != nullptr) {
    return refuse(fmt::format("resource ID '{}' already defined", sid));
  }
  if (ha_guest(world, sid) == nullptr) {
    return refuse(fmt::format("resource '{}' does not exist in cluster", sid));
  }
  const SectionValues values = resource_values(call);
  if (Refusal refusal = check_group(world, values)) return *refusal;
  Section section{type, {}, {}};
  set_values(*find_type(k_resource_types, type), values, section);
  file.sections[sid] = std::move(section);
  follow(world, sid);
  return answer();
}

Answer update_resource(World& world, const Call& call) {
  const std::string sid = whole_sid(world, call);
  const SectionValues values = resource_values(call);
  if (Refusal refusal = check_group(world, values)) return *refusal;
  SectionFile& file = file_of(world, k_ha_resources_file);
  if (Refusal refusal =
          change_object(call, k_resource_types, values, sid, missing_resource(sid), file)) {
    return *refusal;
  }
  follow(world, sid);
  return answer();
}

Answer delete_resource(World& world, const Call& call) {
  const std::string sid = whole_sid(world, call);
  if (file_of(world, k_ha_resources_file).sections.erase(sid) > 0) return answer();
  return refuse(fmt::format("cannot delete service '{}', not HA managed!", sid));
}

}  // namespace

std::vector<Route> ha_routes() {
  static const std::vector<Field> k_new = with({k_type});
  static const std::vector<Field> k_update = with({k_delete, k_digest});
  const std::vector<std::string_view> sees{"Sys.Audit"};
  const std::vector<std::string_view> changes{"Sys.Console"};
  constexpr std::string_view k_group_path = "/cluster/ha/groups/{group}";
  constexpr std::string_view k_resource_path = "/cluster/ha/resources/{sid}";
  return {
      {"GET", "/cluster/ha/groups", k_none, list_groups, "/", sees},
      {"POST", "/cluster/ha/groups", k_new_group, create_group, "/", changes},
      {"GET", k_group_path, k_of_group, read_group, "/", sees},
      {"PUT", k_group_path, k_group_fields, update_group, "/", changes},
      {"DELETE", k_group_path, k_of_group, delete_group, "/", changes},
      {"GET", "/cluster/ha/resources", k_resources, list_resources_of_ha, "/", sees},
      {"POST", "/cluster/ha/resources", k_new, create_resource, "/", changes},
      {"GET", k_resource_path, k_of_resource, read_resource, "/", sees},
      {"PUT", k_resource_path, k_update, update_resource, "/", changes},
      {"DELETE", k_resource_path, k_of_resource, delete_resource, "/", changes},
  };
}

}  // namespace aegis::simulator
