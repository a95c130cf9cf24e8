#include "kinds/docker/network_shape.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr Names k_pool[] = {{"subnet", "Subnet"}, {"gateway", "Gateway"}, {"ip_range", "IPRange"}};
constexpr std::string_view k_attachable = "attachable";
constexpr std::string_view k_ipv4 = "enable_ipv4";  // true unless it is said
constexpr Names k_flags[] = {
    {"internal", "Internal"}, {k_attachable, "Attachable"}, {"enable_ipv6", "EnableIPv6"}};

// "default" and "bridge" are what the engine takes when nothing is said.
Json unless(const std::string& value, std::string_view usual) {
  return value == usual ? Json() : Json(value);
}

Json wanted_ipam(const Json& spec) {
  const Json& ipam = get(spec, "ipam");
  Json shape = Json::object();
  put(shape, "driver", unless(text_or(ipam, "driver", "default"), "default"));
  Json pools = Json::array();
  for (const Json& pool : get(ipam, "config")) {
    Json kept = Json::object();
    for (const auto& [key, engine_key] : k_pool) put(kept, key, get(pool, key));
    put(kept, "aux_addresses", get(pool, "aux_addresses"));
    pools.push_back(std::move(kept));
  }
  put(shape, "config", std::move(pools));
  put(shape, "options", text_values(get(ipam, "options")));
  return shape;
}

// The gateway of a declared subnet is filled in by the engine: only declared members count.
Json live_ipam(const Json& item, const Json& wanted, const Declared& declared) {
  const Json& ipam = get(item, "IPAM");
  Json shape = Json::object();
  put(shape, "driver", unless(text_or(ipam, "Driver", "default"), "default"));
  put(shape, "options", get(ipam, "Options"));
  if (!declared.has({"ipam", "config"})) return shape;
  const Json& wanted_pools = get(get(wanted, "ipam"), "config");
  Json pools = Json::array();
  for (const Json& pool : get(ipam, "Config")) {
    static const Json k_null;
    const bool has_twin = wanted_pools.is_array() && pools.size() < wanted_pools.size();
    const Json& twin = has_twin ? wanted_pools[pools.size()] : k_null;
    Json kept = Json::object();
    for (const auto& [key, engine_key] : k_pool) {
      if (twin.is_null() || !get(twin, key).is_null()) put(kept, key, get(pool, engine_key));
    }
    put(kept, "aux_addresses", get(pool, "AuxiliaryAddresses"));
    pools.push_back(std::move(kept));
  }
  put(shape, "config", std::move(pools));
  return shape;
}

std::string declared_label(const Json& wanted) {
  std::vector<std::string> paths;
  if (!get(get(wanted, "ipam"), "config").is_null()) paths.emplace_back("ipam.config");
  for (const auto& [key, value] : get(wanted, "driver_opts").items()) {
    paths.push_back("driver_opts." + key);
  }
  if (wanted.contains(k_attachable)) paths.emplace_back(k_attachable);
  return join(paths, ",");
}

}  // namespace

Json wanted_network(const Json& spec) {
  Json shape = {{"name", text_or(spec, "name")}, {"driver", text_or(spec, "driver", "bridge")}};
  put(shape, "driver_opts", text_values(get(spec, "driver_opts")));
  put(shape, "ipam", wanted_ipam(spec));
  for (const auto& [key, engine_key] : k_flags) put(shape, key, get(spec, key));
  if (get(spec, k_ipv4) == false) shape[std::string(k_ipv4)] = false;
  put(shape, "labels", text_values(get(spec, "labels")));
  return shape;
}

Json live_network(const Json& item, const Json& spec) {
  const Json& labels = get(item, "Labels");
  const Json wanted = spec.is_null() ? Json() : wanted_network(spec);
  const Declared declared(wanted, text_or(labels, k_declared_label));
  Json shape = {{"name", text_or(item, "Name")}, {"driver", text_or(item, "Driver", "bridge")}};
  Json options = Json::object();
  for (const auto& [key, value] : get(item, "Options").items()) {
    if (declared.has({"driver_opts", key})) options[key] = value;
  }
  put(shape, "driver_opts", std::move(options));
  put(shape, "ipam", live_ipam(item, wanted, declared));
  for (const auto& [key, engine_key] : k_flags) {
    // Only cluster-wide networks heed it; older Compose versions set it on all.
    const bool counts = key != k_attachable || text_or(item, "Scope") == "swarm";
    if (counts || declared.has({key})) put(shape, key, get(item, engine_key));
  }
  if (get(item, "EnableIPv4") == false) shape[std::string(k_ipv4)] = false;
  put(shape, "labels", declared_labels(labels));
  return shape;
}

Json network_request(const Stack& stack, const Resource& network) {
  const Json& spec = network.spec;
  const Json wanted = wanted_network(spec);
  // Without CheckDuplicate older engines make a second network of the same name.
  Json body = {
      {"Name", text_or(spec, "name")},
      {"CheckDuplicate", true},
      {"Driver", text_or(wanted, "driver")},
      {"Labels", object_labels(stack, k_network_label, network, wanted, declared_label(wanted))}};
  put(body, "Options", get(wanted, "driver_opts"));
  for (const auto& [key, engine_key] : k_flags) put(body, engine_key, get(spec, key));
  if (wanted.contains(k_ipv4)) body["EnableIPv4"] = false;
  const Json& ipam = get(wanted, "ipam");
  if (ipam.is_null()) return body;
  Json pools = Json::array();
  for (const Json& pool : get(ipam, "config")) {
    Json& made = pools.emplace_back(Json::object());
    for (const auto& [key, engine_key] : k_pool) put(made, engine_key, get(pool, key));
    put(made, "AuxiliaryAddresses", get(pool, "aux_addresses"));
  }
  body["IPAM"] = {{"Driver", text_or(ipam, "driver", "default")}, {"Config", std::move(pools)}};
  put(body["IPAM"], "Options", get(ipam, "options"));
  return body;
}

}  // namespace aegis::docker
