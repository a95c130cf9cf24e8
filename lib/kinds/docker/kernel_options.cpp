#include "kinds/docker/kernel_options.h"

#include <string>
#include <utility>

namespace aegis::docker {
namespace {

// A list of things with a path each, and what the number beside it is called.
struct DeviceList {
  const char* key;
  const char* engine_key;
  const char* number;
  const char* engine_number;
};

constexpr DeviceList k_lists[] = {{"weight_device", "BlkioWeightDevice", "weight", "Weight"},
                                  {"device_read_bps", "BlkioDeviceReadBps", "rate", "Rate"},
                                  {"device_read_iops", "BlkioDeviceReadIOps", "rate", "Rate"},
                                  {"device_write_bps", "BlkioDeviceWriteBps", "rate", "Rate"},
                                  {"device_write_iops", "BlkioDeviceWriteIOps", "rate", "Rate"}};

// 0 is a setting here: never swap.
void put_swappiness(Json& attributes, const Json& value) {
  const auto number = as_integer(value);
  if (number && *number >= 0) attributes["mem_swappiness"] = *number;
}

Json by_path(const Json& list, const char* path, const char* number) {
  Json devices = Json::object();
  for (const Json& device : list) put(devices, text_or(device, path), get(device, number));
  return devices;
}

// With what was left out when the container was made.
Json completed(const Json& live, const Declared& declared, const char* key) {
  Json devices = live;
  for (const auto& [path, number] : declared.wanted({"blkio_config", key}).items()) {
    const bool left_out = !devices.contains(path) && declared.recorded({"blkio_config", key, path});
    if (left_out) devices[path] = number;
  }
  return devices;
}

}  // namespace

void wanted_kernel_options(Json& attributes, const Json& spec) {
  put(attributes, "oom_kill_disable", get(spec, "oom_kill_disable"));
  put_swappiness(attributes, get(spec, "mem_swappiness"));
  const Json& blkio = get(spec, "blkio_config");
  Json shape = Json::object();
  put(shape, "weight", get(blkio, "weight"));
  for (const DeviceList& list : k_lists) {
    put(shape, list.key, by_path(get(blkio, list.key), "path", list.number));
  }
  put(attributes, "blkio_config", std::move(shape));
}

void live_kernel_options(Json& attributes, const Json& inspect, const Declared& declared) {
  const Json& host = get(inspect, "HostConfig");
  put(attributes, "oom_kill_disable", get(host, "OomKillDisable"));
  put_swappiness(attributes, get(host, "MemorySwappiness"));
  for (const char* key : {"oom_kill_disable", "mem_swappiness"}) {
    if (attributes.contains(key) || !declared.recorded({key})) continue;
    if (!declared.wanted({key}).is_null()) attributes[key] = declared.wanted({key});
  }
  Json shape = Json::object();
  put(shape, "weight", get(host, "BlkioWeight"));
  if (!shape.contains("weight") && declared.recorded({"blkio_config", "weight"})) {
    put(shape, "weight", declared.wanted({"blkio_config", "weight"}));
  }
  for (const DeviceList& list : k_lists) {
    const Json devices = by_path(get(host, list.engine_key), "Path", list.engine_number);
    put(shape, list.key, completed(devices, declared, list.key));
  }
  put(attributes, "blkio_config", std::move(shape));
}

void fill_kernel_options(Json& body, const Json& spec) {
  Json& host = body["HostConfig"];
  put(host, "OomKillDisable", get(spec, "oom_kill_disable"));
  const auto swappiness = as_integer(get(spec, "mem_swappiness"));
  if (swappiness) host["MemorySwappiness"] = *swappiness;
  const Json& blkio = get(spec, "blkio_config");
  put(host, "BlkioWeight", get(blkio, "weight"));
  for (const DeviceList& list : k_lists) {
    for (const Json& device : get(blkio, list.key)) {
      host[list.engine_key].push_back(
          {{"Path", text_or(device, "path")}, {list.engine_number, get(device, list.number)}});
    }
  }
}

}  // namespace aegis::docker
