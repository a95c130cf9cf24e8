#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "simulator/guest.h"

namespace aegis::simulator {

/// A KVM virtual machine.
struct Machine : Guest {
  /// The cloud-init values that its cloud-init drive was last written with.
  ConfigMap generated;
};

/// The configuration file's text, as `cat /etc/pve/qemu-server/ID.conf` shows it.
std::string conf_text(const Machine& machine);

/// SHA-1 of the file's text.
std::string digest_of(const Machine& machine);

/// Answers of GET config: what was asked for, or with `current` only what is in force. Passwords
/// are shown as stars.
Json config_json(const Machine& machine, bool current);

/// Answer of GET pending.
Json pending_json(const Machine& machine);

/// Answer of GET cloudinit: each value as it is in the drive, and as it would be.
Json cloudinit_json(const Machine& machine);

/// The item of GET /nodes/{node}/qemu. `now` gives the uptime.
Json list_item(const Machine& machine, TimePoint now);

/// The item of GET /cluster/resources.
Json resource_item(const Machine& machine, TimePoint now, std::string_view node);

/// Notes what the cloud-init drive is written with now.
void generate_cloudinit(Machine& machine);

Json to_json(const Machine& machine);
Machine machine_from_json(const Json& json);

}  // namespace aegis::simulator
