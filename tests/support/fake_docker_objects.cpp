#include <string>

#include "base/text.h"
#include "support/fake_docker.h"
#include "support/fake_docker_answers.h"

namespace aegis::test {

Json* FakeDocker::find_network(const std::string& reference) {
  for (auto& [id, network] : networks_) {
    if (id == reference || text_or(network, "Name") == reference) return &network;
  }
  return nullptr;
}

HttpResponse FakeDocker::on_networks(const Call& call) {
  if (call.method == "GET" && call.path.size() == 1) {
    Json list = Json::array();
    for (const auto& [id, network] : networks_) list.push_back(network);
    return told(200, list);
  }
  if (call.path.size() == 2 && call.path[1] == "create") return create_network(call);
  Json* network = call.path.size() > 1 ? find_network(call.path[1]) : nullptr;
  if (network == nullptr) return refused(404, "network " + call.path.back() + " not found");
  if (call.method == "GET") return told(200, *network);
  if (call.method == "POST" && call.path.back() == "connect") return connect(call, *network);
  if (call.method == "POST" && call.path.back() == "disconnect") return disconnect(call, *network);
  if (call.method != "DELETE") return refused(501, "not part of the fake");
  const std::string id = text_or(*network, "Id");
  for (const auto& [container_id, container] : containers_) {
    const bool running = text_or(get(container, "State"), "Status") == "running";
    const Json& attached = get(get(container, "NetworkSettings"), "Networks");
    if (running && attached.contains(text_or(*network, "Name"))) {
      return refused(403, "error while removing network: network has active endpoints");
    }
  }
  if (is_used(id)) return refused(400, "rpc error: network is in use by a service");
  networks_.erase(id);
  return silent(204);
}

HttpResponse FakeDocker::create_network(const Call& call) {
  const std::string name = text_or(call.body, "Name");
  if (find_network(name) != nullptr && get(call.body, "CheckDuplicate") == true) {
    return refused(409, "network with name " + name + " already exists");
  }
  const std::string id = new_id();
  Json network = call.body;
  network.erase("CheckDuplicate");
  network["Id"] = id;
  network["Scope"] = get(network, "Driver") == "overlay" ? "swarm" : "local";
  for (const char* flag : {"Internal", "Attachable", "EnableIPv6"}) {
    if (get(network, flag).is_null()) network[flag] = false;
  }
  if (get(network, "Options").is_null()) network["Options"] = Json::object();
  // The engine fills in what was left to it.
  Json& ipam = network["IPAM"];
  if (ipam.is_null()) ipam = {{"Driver", "default"}, {"Config", Json::array()}};
  if (ipam["Config"].empty()) {
    ipam["Config"].push_back({{"Subnet", "172.18.0.0/16"}, {"Gateway", "172.18.0.1"}});
  }
  for (Json& pool : ipam["Config"]) {
    if (get(pool, "Gateway").is_null()) pool["Gateway"] = "filled in";
  }
  networks_[id] = network;
  return told(201, {{"Id", id}, {"Warning", ""}});
}

// An endpoint that is not joined yet.
Json FakeDocker::attached(const Json& asked, const std::string& container_id) const {
  Json endpoint = asked.is_object() ? asked : Json::object();
  const std::string short_id = container_id.substr(0, 12);
  if (api_minor_ < k_plain_aliases) {
    endpoint["Aliases"].push_back(short_id);
  } else {
    endpoint["DNSNames"] = get(endpoint, "Aliases");
    endpoint["DNSNames"].push_back(short_id);
  }
  endpoint["NetworkID"] = "";
  // One that was not asked for is made up.
  if (get(endpoint, "MacAddress").is_null()) {
    endpoint["MacAddress"] = "02:42:ac:12:" + short_id.substr(0, 2) + ":" + short_id.substr(2, 2);
  }
  return endpoint;
}

HttpResponse FakeDocker::connect(const Call& call, const Json& network) {
  Json* container = find_container(text_or(call.body, "Container"));
  if (container == nullptr) return refused(404, "No such container");
  const std::string name = text_or(network, "Name");
  Json& attached = (*container)["NetworkSettings"]["Networks"];
  const bool running = text_or(get(*container, "State"), "Status") == "running";
  if (running && attached.contains(name)) {
    return refused(403, "endpoint already exists in network " + name);
  }
  Json endpoint = this->attached(get(call.body, "EndpointConfig"), text_or(*container, "Id"));
  endpoint["NetworkID"] = running ? text_or(network, "Id") : "";
  attached[name] = endpoint;
  return silent(200);
}

HttpResponse FakeDocker::disconnect(const Call& call, const Json& network) {
  Json* container = find_container(text_or(call.body, "Container"));
  if (container == nullptr) return refused(404, "No such container");
  Json& attached = (*container)["NetworkSettings"]["Networks"];
  if (attached.erase(text_or(network, "Name")) == 0) {
    return refused(500, "container is not connected to the network");
  }
  return silent(200);
}

HttpResponse FakeDocker::on_volumes(const Call& call) {
  if (call.method == "GET" && call.path.size() == 1) {
    Json list = Json::array();
    for (const auto& [name, volume] : volumes_) list.push_back(volume);
    return told(200, {{"Volumes", list}, {"Warnings", nullptr}});
  }
  if (call.method == "POST") return create_volume(call);
  const std::string name = call.path.back();
  if (!volumes_.contains(name)) return refused(404, "get " + name + ": no such volume");
  if (call.method == "GET") return told(200, volumes_[name]);
  return delete_volume(name);
}

HttpResponse FakeDocker::create_volume(const Call& call) {
  const std::string name = text_or(call.body, "Name");
  if (!volumes_.contains(name)) {
    volumes_[name] = {{"Name", name},
                      {"Driver", text_or(call.body, "Driver", "local")},
                      {"Labels", get(call.body, "Labels")},
                      {"Options", get(call.body, "DriverOpts")}};
  }
  return told(201, volumes_[name]);
}

HttpResponse FakeDocker::delete_volume(const std::string& name) {
  for (const auto& [id, container] : containers_) {
    for (const Json& mounted : get(container, "Mounts")) {
      if (get(mounted, "Name") == name) return refused(409, "volume is in use");
    }
  }
  volumes_.erase(name);
  return silent(204);
}

}  // namespace aegis::test
