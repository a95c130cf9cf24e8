#include "simulator/ha.h"

#include <fmt/format.h>

#include <cstdlib>

#include "simulator/cluster.h"

namespace aegis::simulator {
namespace {

const Section* resource(const World& world, std::string_view sid) {
  const auto file = world.files.find(k_ha_resources_file);
  return file == world.files.end() ? nullptr : file->second.find(sid);
}

constexpr std::string_view k_container = "ct:";
constexpr std::string_view k_machine = "vm:";

}  // namespace

std::string ha_id(const World& world, int vmid) {
  return fmt::format("{}{}", world.machines.contains(vmid) ? k_machine : k_container, vmid);
}

const Guest* ha_guest(World& world, std::string_view sid) {
  const std::size_t colon = sid.find(':');
  if (colon == std::string_view::npos) return nullptr;
  const int vmid = std::atoi(std::string(sid.substr(colon + 1)).c_str());
  const bool fits = sid.starts_with(world.machines.contains(vmid) ? k_machine : k_container);
  return fits ? world.find_guest(vmid) : nullptr;
}

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
  const Guest* guest = ha_guest(world, sid);
  if (guest == nullptr || state == "ignored") return;
  const bool wants_running = state == "started";
  if (guest->running == wants_running) return;
  const bool is_machine = sid.starts_with(k_machine);
  const OnNode visit(world, node_of(world, *guest));
  start_task(
      world,
      Caller{"root@pam"},
      fmt::format("{}{}", is_machine ? "qm" : "vz", wants_running ? "start" : "shutdown"),
      fmt::format("{}", guest->vmid),
      {{"verb", fmt::format("{}{}", is_machine ? "qemu-" : "", wants_running ? "start" : "stop")},
       {"vmid", guest->vmid}});
}

Answer ask_ha_manager(World& world, const Call& call, std::string type, std::string_view state) {
  return answer(
      start_task(world,
                 call.caller,
                 std::move(type),
                 fmt::format("{}", call.vmid()),
                 {{"verb", "want"}, {"sid", ha_id(world, call.vmid())}, {"state", state}}));
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
