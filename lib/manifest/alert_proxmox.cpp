#include "manifest/alert_proxmox.h"

#include <fmt/format.h>

#include "monitoring/relay.h"

namespace aegis {
namespace {

constexpr const char* k_name = "aegisctl-relay";

// Proxmox fills in what stands in {{ }}; `escape` makes it fit into a string of JSON.
constexpr const char* k_body =
    R"({"title": "{{ escape title }}", "message": "{{ escape message }}", "severity": "{{ severity }}"})";

Json endpoint_spec(const Json& alerts) {
  Json spec{{"type", "webhook"},
            {"comment", "the channels of aegisctl's alerts"},
            {"url", fmt::format("http://{}/proxmox", monitoring::relay_address(alerts))},
            {"method", "post"},
            {"header", {{"Content-Type", "application/json"}}},
            {"body", k_body}};
  const Json& token = get(get(alerts, "relay"), "token");
  if (token.is_null()) return spec;
  spec["header"]["Authorization"] = "Bearer {{ secrets.token }}";
  spec["secret"]["token"] = token;
  return spec;
}

Json matcher_spec(const Json& proxmox) {
  return {{"comment", "what aegisctl's alerts tell people"},
          {"target", Json::array({k_name})},
          {"match-severity", proxmox.value("severities", Json{"warning", "error", "unknown"})}};
}

class Notifications {
 public:
  Notifications(const Json& alerts, const SourceSpan& where, Reading& reading)
      : alerts_(alerts), where_(where), reading_(reading) {}

  void add(const std::string& server, const SourceSpan& where) {
    if (!exists(server, where) || !can_reach(server, where)) return;
    put(server, "endpoint", endpoint_spec(alerts_));
    put(server, "matcher", matcher_spec(alerts_.at("proxmox")));
  }

 private:
  bool exists(const std::string& server, const SourceSpan& where) const {
    const auto& servers = reading_.manifests.connections.servers;
    if (servers.contains(server)) return true;
    std::vector<std::string> names;
    names.reserve(servers.size());
    for (const auto& [name, known] : servers) names.push_back(name);
    reading_.unknown("servers", server, names, where);
    return false;
  }

  // A loopback address is another machine's for everybody else.
  bool can_reach(const std::string& server, const SourceSpan& where) const {
    const std::string address = monitoring::relay_address(alerts_);
    const bool is_loopback = address.starts_with("127.") || address.starts_with("[::1]");
    if (!is_loopback || text_or(alerts_, "on") == "server/" + server) return true;
    reading_.error(where,
                   "a relay that Proxmox cannot reach",
                   fmt::format("The relay on {} listens at {}. Let it listen where {} reaches it: "
                               "relay: {{ listen: \"10.10.10.103:9097\", token: ... }}",
                               text_or(alerts_, "on"),
                               address,
                               server));
    return false;
  }

  void put(const std::string& server, const char* kind, Json spec) {
    Resource resource;
    resource.scope = "server/" + server;
    resource.address = {resource.scope, kind, k_name};
    resource.where = where_;
    resource.spec = std::move(spec);
    const Address address = resource.address;
    const auto [taken, is_new] =
        reading_.manifests.desired.resources.emplace(address, std::move(resource));
    if (is_new) return;
    reading_.error(where_,
                   "a name that is taken",
                   fmt::format("`{}` is made from `alerts.proxmox`; call yours otherwise.", k_name),
                   taken->second.where);
  }

  const Json& alerts_;
  const SourceSpan& where_;
  Reading& reading_;
};

}  // namespace

void add_proxmox_notifications(const YamlNode& section, const Json& alerts, Reading& reading) {
  Notifications notifications(alerts, section.where, reading);
  for (const YamlNode& server : section.find("servers")->items) {
    notifications.add(server.text, server.where);
  }
}

}  // namespace aegis
