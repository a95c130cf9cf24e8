#pragma once

#include "base/json.h"

namespace aegis::docker {

/// `gpus`: devices that a driver of the engine picks: [{driver, count, device_ids, capabilities,
/// options}], a count of -1 being all of them.

void wanted_device_requests(Json& attributes, const Json& spec);

void live_device_requests(Json& attributes, const Json& inspect);

/// Adds them to the HostConfig of a create request.
void fill_device_requests(Json& body, const Json& spec);

}  // namespace aegis::docker
