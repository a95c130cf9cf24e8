#include "monitoring/relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "monitoring/alertmanager.h"
#include "monitoring/fields.h"

namespace aegis::monitoring {
namespace {

constexpr const char* k_address = "127.0.0.1:9097";
constexpr const char* k_binary = "/usr/local/bin/aegisctl";

constexpr const char* k_service = R"([Unit]
Description=Brings alerts to people
Requires=aegisctl-relay.socket
Wants=network-online.target
After=network-online.target aegisctl-relay.socket

[Service]
ExecStart={} relay --config %d/relay.json --queue %S/aegisctl-relay
LoadCredential=relay.json:/etc/aegisctl-relay/relay.json
DynamicUser=yes
StateDirectory=aegisctl-relay
StateDirectoryMode=0700
UMask=0077
Restart=on-failure
RestartSec=5s
TimeoutStopSec=30s
CapabilityBoundingSet=
LockPersonality=yes
MemoryDenyWriteExecute=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources

[Install]
WantedBy=multi-user.target
)";

// Messages are taken while the service is started anew, and at an address that comes up late.
constexpr const char* k_socket = R"([Unit]
Description=Where alerts are handed over for people

[Socket]
ListenStream={}
FreeBind=yes

[Install]
WantedBy=sockets.target
)";

bool is_mail(const Json& channel) {
  return channel.contains("email");
}

}  // namespace

bool is_relayed(const Json& channel) {
  return channel.contains("whatsapp");
}

bool needs_relay(const Json& alerts) {
  if (alerts.contains("relay") || alerts.contains("proxmox")) return true;
  const Json& channels = get(alerts, "channels");
  return std::any_of(channels.begin(), channels.end(), is_relayed);
}

std::string relay_address(const Json& alerts) {
  return text_or(get(alerts, "relay"), "listen", k_address);
}

Json relay_config(const Json& alerts) {
  const Json& channels = get(alerts, "channels");
  Json config{{"channels", Json::object()}, {"routes", Json::object()}};
  copy_field(get(alerts, "relay"), "token", config, "token");
  std::set<std::string> used;
  for (const auto& [name, channel] : channels.items()) {
    if (is_relayed(channel)) used.insert(name);
  }
  for (const char* severity : k_severities) {
    if (!alerts.contains("proxmox")) break;
    for (const Json& name : channels_of(alerts, severity)) {
      // Alertmanager sends mail; Proxmox has an endpoint of its own for it.
      if (is_mail(channels.at(as_text(name)))) continue;
      config["routes"][severity].push_back(name);
      used.insert(as_text(name));
    }
  }
  for (const std::string& name : used) {
    Json channel = channels.at(name);
    channel.front().erase("resolved");
    config["channels"][name] = std::move(channel);
  }
  return config;
}

std::string relay_binary(const Json& alerts) {
  return text_or(get(alerts, "relay"), "binary", k_binary);
}

// As lib/relay reads them.
std::set<std::string> severities_of_proxmox(const Json& alerts) {
  std::set<std::string> severities;
  for (const Json& word :
       alerts.at("proxmox").value("severities", Json{"warning", "error", "unknown"})) {
    const bool is_warning = word == "warning" || word == "unknown";
    severities.insert(word == "error" ? "critical" : is_warning ? "warning" : "info");
  }
  return severities;
}

std::string relay_service_text(const Json& alerts) {
  return fmt::format(k_service, relay_binary(alerts));
}

std::string relay_socket_text(const Json& alerts) {
  return fmt::format(k_socket, relay_address(alerts));
}

}  // namespace aegis::monitoring
