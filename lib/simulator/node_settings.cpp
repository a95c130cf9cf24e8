#include "simulator/node_settings.h"

#include <fmt/format.h>

#include "base/text.h"
#include "simulator/property_string.h"

namespace aegis::simulator {
namespace {

Json debian_line(std::string_view suite) {
  return {{"Types", {"deb"}},
          {"URIs", {"http://ftp.debian.org/debian"}},
          {"Suites", {suite}},
          {"Components", {"main", "contrib"}},
          {"Enabled", 1},
          {"FileType", "list"}};
}

Json enterprise_line(std::string_view uri, std::string_view component) {
  return {{"Types", {"deb"}},
          {"URIs", {uri}},
          {"Suites", {"bookworm"}},
          {"Components", {component}},
          {"Enabled", 1},
          {"FileType", "list"}};
}

// "type=secure,network=10.0.0.0/24" as an object of texts.
Json taken_apart(std::string_view text, std::string_view default_key) {
  Json values = Json::object();
  for (const std::string& piece : split(text, ',')) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string::npos) {
      values[std::string(default_key)] = piece;
    } else {
      values[piece.substr(0, equals)] = piece.substr(equals + 1);
    }
  }
  return values;
}

}  // namespace

NodeSettings fresh_settings(std::string_view node) {
  NodeSettings settings;
  settings.hosts = fmt::format("127.0.0.1 localhost\n192.0.2.10 {0}.local {0}\n", node);
  settings.repositories = {
      {"/etc/apt/sources.list", {debian_line("bookworm"), debian_line("bookworm-updates")}},
      {"/etc/apt/sources.list.d/ceph.list",
       {enterprise_line("https://enterprise.proxmox.com/debian/ceph-quincy", "enterprise")}},
      {"/etc/apt/sources.list.d/pve-enterprise.list",
       {enterprise_line("https://enterprise.proxmox.com/debian/pve", "pve-enterprise")}}};
  return settings;
}

Json shown_options(const NodeSettings& settings) {
  Json options = settings.datacenter;
  for (const auto& [name, default_key] :
       {std::pair<std::string, std::string_view>{"migration", "type"},
        {"ha", "shutdown_policy"},
        {"crs", "ha"},
        {"next-id", "lower"},
        {"tag-style", "shape"},
        {"user-tag-access", "user-allow"}}) {
    if (options.contains(name)) options[name] = taken_apart(as_text(options[name]), default_key);
  }
  if (options.contains("registered-tags")) {
    options["registered-tags"] = split_any(as_text(options["registered-tags"]), ";");
  }
  if (!options.contains("mac_prefix")) options["mac_prefix"] = "BC:24:11";
  return options;
}

Json to_json(const NodeSettings& settings) {
  return {{"dns", settings.dns},
          {"hosts", settings.hosts},
          {"timezone", settings.timezone},
          {"datacenter", settings.datacenter},
          {"repositories", settings.repositories}};
}

NodeSettings node_settings_from_json(const Json& json) {
  NodeSettings settings;
  settings.dns = get(json, "dns");
  settings.hosts = text_or(json, "hosts");
  settings.timezone = text_or(json, "timezone");
  settings.datacenter = get(json, "datacenter");
  settings.repositories = get(json, "repositories");
  return settings;
}

}  // namespace aegis::simulator
