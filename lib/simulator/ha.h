#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// Files of the high availability manager in `World::files`.
inline constexpr std::string_view k_ha_groups_file = "ha/groups.cfg";
inline constexpr std::string_view k_ha_resources_file = "ha/resources.cfg";

/// The manager's name of a guest: "ct:103", or "vm:200" of a virtual machine.
std::string ha_id(const World& world, int vmid);

/// The guest that such a name means, or null.
const Guest* ha_guest(World& world, std::string_view sid);

/// The state that the manager keeps the guest in ("started"), or "" for a guest that it leaves
/// alone.
std::string ha_state_of(const World& world, std::string_view sid);

/// Notes `state` as wanted and starts or stops the guest accordingly, as the manager does within
/// its ten seconds: a task of root@pam that `caller` does not wait for.
void want_ha_state(World& world, const std::string& sid, const std::string& state);

/// A managed guest is switched by the manager: the task ends when it has been told.
Answer ask_ha_manager(World& world, const Call& call, std::string type, std::string_view state);

/// The "ha" member of a guest's status.
Json ha_json(const World& world, const std::string& sid);

}  // namespace aegis::simulator
