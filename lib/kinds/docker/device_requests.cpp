#include "kinds/docker/device_requests.h"

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

Json wanted_request(const Json& request) {
  Json shape = Json::object();
  put(shape, "driver", get(request, "driver"));
  put(shape, "count", get(request, "count"));
  put(shape, "device_ids", sorted_set(get(request, "device_ids")));
  put(shape, "capabilities", sorted_set(get(request, "capabilities")));
  put(shape, "options", text_values(get(request, "options")));
  return shape;
}

// The engine takes any of several lists of capabilities; Compose asks with one.
Json live_request(const Json& request) {
  Json capabilities = Json::array();
  for (const Json& list : get(request, "Capabilities")) {
    for (const Json& capability : list) capabilities.push_back(capability);
  }
  Json shape = Json::object();
  put(shape, "driver", get(request, "Driver"));
  put(shape, "count", get(request, "Count"));
  put(shape, "device_ids", sorted_set(get(request, "DeviceIDs")));
  put(shape, "capabilities", sorted_set(capabilities));
  put(shape, "options", get(request, "Options"));
  return shape;
}

}  // namespace

void wanted_device_requests(Json& attributes, const Json& spec) {
  Json requests = Json::array();
  for (const Json& request : get(spec, "gpus")) requests.push_back(wanted_request(request));
  put(attributes, "gpus", sorted_set(requests));
}

void live_device_requests(Json& attributes, const Json& inspect) {
  Json requests = Json::array();
  for (const Json& request : get(get(inspect, "HostConfig"), "DeviceRequests")) {
    requests.push_back(live_request(request));
  }
  put(attributes, "gpus", sorted_set(requests));
}

void fill_device_requests(Json& body, const Json& spec) {
  for (const Json& request : get(spec, "gpus")) {
    Json asked = {{"Driver", text_or(request, "driver")}};
    put(asked, "Count", get(request, "count"));
    put(asked, "DeviceIDs", get(request, "device_ids"));
    const Json& capabilities = get(request, "capabilities");
    if (!capabilities.empty()) asked["Capabilities"] = Json::array({capabilities});
    put(asked, "Options", text_values(get(request, "options")));
    body["HostConfig"]["DeviceRequests"].push_back(std::move(asked));
  }
}

}  // namespace aegis::docker
