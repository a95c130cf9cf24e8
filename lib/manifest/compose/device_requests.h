#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// Devices that a driver of the engine picks, such as graphics cards.

/// `gpus`: "all", or a list of {driver, count, device_ids, capabilities, options}, to that list.
/// Without count and device_ids it is all of them: a count of -1.
std::optional<Node> read_gpus(const Node& value, Diagnostics& diagnostics);

/// `deploy.resources.reservations.devices`: the same list; capabilities must be told.
std::optional<Node> read_reserved_devices(const Node& value, Diagnostics& diagnostics);

/// Gathers in `gpus` what the engine is asked for in one way: those of `gpus`, which are capable of
/// "gpu", those that `deploy` reserves, and the `devices` with a CDI name.
void fold_device_requests(Node& service);

}  // namespace aegis::compose
