#include <fmt/format.h>

#include "base/text.h"
#include "simulator/access_calls.h"

namespace aegis::simulator {
namespace {

Answer missing_group(std::string_view prefix, const std::string& name) {
  return refuse(fmt::format("{}group '{}' does not exist", prefix, name));
}

}  // namespace

Answer list_groups(World& world, const Call& call) {
  Json groups = Json::array();
  for (const auto& [name, group] : world.access.groups) {
    const std::string path = "/access/groups/" + name;
    if (!may(world, call.caller, path, {"User.Modify", "Sys.Audit", "Group.Allocate"})) continue;
    const std::vector<std::string> users(group.users.begin(), group.users.end());
    Json item{{"groupid", name}, {"users", join(users, ",")}};
    if (!group.comment.empty()) item["comment"] = group.comment;
    groups.push_back(std::move(item));
  }
  return answer(std::move(groups));
}

Answer create_group(World& world, const Call& call) {
  const std::string name = call.text("groupid");
  if (world.access.groups.contains(name)) {
    return refuse(fmt::format("create group failed: group '{}' already exists", name));
  }
  world.access.groups[name].comment = call.text("comment");
  return answer();
}

Answer read_group(World& world, const Call& call) {
  const auto group = world.access.groups.find(call.text("groupid"));
  if (group == world.access.groups.end()) return missing_group("", call.text("groupid"));
  Json item{{"members", group->second.users}};
  if (!group->second.comment.empty()) item["comment"] = group->second.comment;
  return answer(std::move(item));
}

Answer update_group(World& world, const Call& call) {
  const auto group = world.access.groups.find(call.text("groupid"));
  if (group == world.access.groups.end()) {
    return missing_group("update group failed: ", call.text("groupid"));
  }
  if (call.has("comment")) group->second.comment = call.text("comment");
  return answer();
}

Answer delete_group(World& world, const Call& call) {
  const std::string name = call.text("groupid");
  if (world.access.groups.erase(name) == 0) return missing_group("delete group failed: ", name);
  world.access.drop_grants("@" + name);
  return answer();
}

}  // namespace aegis::simulator
