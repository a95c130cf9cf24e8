#include "simulator/ha.h"

#include <fmt/format.h>

#include <cstdlib>

namespace aegis::simulator {
namespace {

const Section* resource(const World& world, std::string_view sid) {
  const auto file = world.files.find(k_ha_resources_file);
  return file == world.files.end() ? nullptr : file->second.find(sid);
}

// "ct:103": virtual machines are not started by the simulated manager.
Container* container_of(World& world, const std::string& sid) {
  return sid.starts_with("ct:") ? world.find_container(std::atoi(sid.c_str() + 3)) : nullptr;
}

}  // namespace

std::string ha_state_of(const World& world, std::string_view sid) {
  const Section* found = resource(world, sid);
  if (found == nullptr) return {};
  const auto state = found->values.find("state");
  const std::string wanted = state == found->values.end() ? "started" : state->second;
  return wanted == "ignored" ? "" : wanted;
}

void want_ha_state(World& world, const std::string& sid, const std::string& state) {
  Section* found = world.files[std::string(k_ha_resources_file)].find(sid);
  if (found == nullptr) return;
  found->values["state"] = state;
  const Container* container = container_of(world, sid);
  if (container == nullptr || state == "ignored") return;
  const bool wants_running = state == "started";
  if (container->running == wants_running) return;
  start_task(world,
             Caller{"root@pam"},
             wants_running ? "vzstart" : "vzshutdown",
             fmt::format("{}", container->vmid),
             {{"verb", wants_running ? "start" : "stop"}, {"vmid", container->vmid}});
}

Json ha_json(const World& world, const std::string& sid) {
  const Section* found = resource(world, sid);
  if (found == nullptr) return {{"managed", 0}};
  Json json{{"managed", 1}, {"state", ha_state_of(world, sid)}};
  const auto group = found->values.find("group");
  if (group != found->values.end()) json["group"] = group->second;
  return json;
}

}  // namespace aegis::simulator
