#include "kinds/docker/ports.h"

#include <fmt/format.h>

#include <string>

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

std::string with_protocol(const std::string& port) {
  return port.find('/') == std::string::npos ? port + "/tcp" : port;
}

std::string target_of(const Json& port) {
  return fmt::format("{}/{}", as_text(get(port, "target")), text_or(port, "protocol", "tcp"));
}

// Binding to all addresses is written in three ways that mean the same.
std::string everywhere_as_empty(const std::string& address) {
  return address == "0.0.0.0" || address == "::" ? "" : address;
}

std::string port_text(const std::string& address,
                      const std::string& published,
                      const std::string& target) {
  const std::string host = everywhere_as_empty(address);
  const std::string port = published == "0" ? "" : published;
  if (!host.empty()) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return fmt::format("{}:{}:{}", is_v6 ? "[" + host + "]" : host, port, target);
  }
  return port.empty() ? target : fmt::format("{}:{}", port, target);
}

Json exposed_by(const Json& spec, const Json& image) {
  Json exposed = Json::array();
  for (const auto& [port, nothing] : get(image, "ExposedPorts").items()) exposed.push_back(port);
  for (const Json& port : get(spec, "expose")) exposed.push_back(with_protocol(as_text(port)));
  for (const Json& port : get(spec, "ports")) exposed.push_back(target_of(port));
  return exposed;
}

}  // namespace

void wanted_ports(Json& attributes, const Json& spec, const Json& image) {
  Json ports = Json::array();
  for (const Json& port : get(spec, "ports")) {
    ports.push_back(
        port_text(text_or(port, "host_ip"), as_text(get(port, "published")), target_of(port)));
  }
  put(attributes, "ports", sorted_set(ports));
  put(attributes, "expose", sorted_set(exposed_by(spec, image)));
}

void live_ports(Json& attributes, const Json& inspect) {
  Json ports = Json::array();
  for (const auto& [target, bindings] : get(get(inspect, "HostConfig"), "PortBindings").items()) {
    for (const Json& binding : bindings) {
      ports.push_back(port_text(text_or(binding, "HostIp"), text_or(binding, "HostPort"), target));
    }
  }
  put(attributes, "ports", sorted_set(ports));
  put(attributes, "expose", sorted_set(exposed_by(Json(), get(inspect, "Config"))));
}

void fill_ports(Json& body, const Json& spec) {
  Json exposed = Json::object();
  for (const Json& port : exposed_by(spec, Json())) {
    exposed[port.get<std::string>()] = Json::object();
  }
  put(body, "ExposedPorts", std::move(exposed));
  Json bindings = Json::object();
  for (const Json& port : get(spec, "ports")) {
    bindings[target_of(port)].push_back(
        {{"HostIp", text_or(port, "host_ip")}, {"HostPort", as_text(get(port, "published"))}});
  }
  put(body["HostConfig"], "PortBindings", std::move(bindings));
}

}  // namespace aegis::docker
