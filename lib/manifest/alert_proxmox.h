#pragma once

#include "base/json.h"
#include "manifest/section_reader.h"

namespace aegis {

/// Adds what sends the messages of Proxmox to the relay (`alerts.proxmox`, at `section`; `alerts`
/// with seals): on each server an endpoint and a matcher, as if they stood in its `notifications`.
/// Reports servers that are not there, a relay that they cannot reach, and names that are taken.
void add_proxmox_notifications(const YamlNode& section, const Json& alerts, Reading& reading);

}  // namespace aegis
