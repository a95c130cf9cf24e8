#include "kinds/proxmox/machine_declare.h"

#include <array>

#include "kinds/proxmox/guest_declare.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 9> k_not_told{"cipassword",
                                                     "digest",
                                                     "lock",
                                                     "meta",
                                                     "parent",
                                                     "smbios1",
                                                     "snapstate",
                                                     "snaptime",
                                                     "vmgenid"};

Json spec(const ConfigMap& config, const Json& /*raw*/) {
  return shape_of_machine(spec_of_machine(config, Json()));
}

const GuestDeclaring& machines() {
  static const GuestDeclaring k_machines{.system = machine_system(),
                                         .kind = "machine",
                                         .prefix = "vm",
                                         .not_told = k_not_told,
                                         .spec = spec};
  return k_machines;
}

}  // namespace

std::vector<Query> survey_machines(const Batch& batch, const Replies& replies) {
  return survey_guests(machines(), batch, replies);
}

Result<std::vector<Declaration>> declare_machines(const Batch& batch, const Replies& replies) {
  return declare_guests(machines(), batch, replies);
}

}  // namespace aegis::proxmox
