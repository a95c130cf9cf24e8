#include <fmt/format.h>

#include "simulator/qemu_calls.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_restore.h"
#include "simulator/qemu_rights.h"
#include "simulator/qemu_values.h"

namespace aegis::simulator {
namespace {

// A drive without a storage gets the one of the call.
std::string with_storage(const std::string& key,
                         const std::string& value,
                         const std::string& storage) {
  Drive drive = parse_drive(key, value);
  const auto wanted = drive.allocation();
  if (!wanted || !wanted->storage.empty() || storage.empty()) return value;
  drive.values["file"] = fmt::format("{}:{}", storage, drive.file());
  return drive.print();
}

MachineWish read_wish(const Call& call) {
  MachineWish wish;
  wish.vmid = call.vmid();
  for (const auto& [key, value] : call.parameters) {
    if (machine_field(key) == nullptr || key == "lock") continue;
    wish.set[key] = is_drive_key(key) ? with_storage(key, value, call.text("storage")) : value;
  }
  return wish;
}

Refusal check_pool(const World& world, const Call& call, const MachineWish& wish) {
  const std::string pool = call.text("pool");
  if (!pool.empty() && !world.pools.contains(pool)) {
    return forbidden(fmt::format("pool '{}' does not exist", pool));
  }
  const bool by_pool = !pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"});
  if (by_pool) return {};
  if (Refusal refusal =
          require(world, call.caller, fmt::format("/vms/{}", wish.vmid), {"VM.Allocate"})) {
    return refusal;
  }
  return check_machine_rights(world, call.caller, wish);
}

}  // namespace

Answer create_machine(World& world, const Call& call) {
  if (call.has("archive")) return restore_machine(world, call);
  const MachineWish wish = read_wish(call);
  const int vmid = wish.vmid;
  if (Refusal refusal = check_machine_values(wish.set)) return *refusal;
  if (Refusal refusal = check_pool(world, call, wish)) return *refusal;
  if (Refusal refusal = check_machine_resources(world, call.caller, wish)) return *refusal;
  if (world.find_guest(vmid) != nullptr) {
    return refuse(fmt::format("unable to create VM {0} - {1} {0} already exists on node '{2}'",
                              vmid,
                              world.find_machine(vmid) != nullptr ? "VM" : "CT",
                              world.node));
  }
  Machine stub;
  stub.vmid = vmid;
  stub.config = {{"lock", "create"}};
  world.machines[vmid] = stub;
  return answer(start_task(world,
                           call.caller,
                           "qmcreate",
                           fmt::format("{}", vmid),
                           {{"verb", "qemu-create"},
                            {"vmid", vmid},
                            {"pool", call.text("pool")},
                            {"start", call.flag("start")},
                            {"config", wish.set}}));
}

}  // namespace aegis::simulator
